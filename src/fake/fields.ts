import type { ObjectRule, Rule } from './issues.js';

/** The fields of a request body, a set for each family of the API's models. */

type Properties = ObjectRule['properties'];

const text: Rule = { type: 'string' };
const flag: Rule = { type: 'boolean' };
const integer: Rule = { type: 'integer' };
const number: Rule = { type: 'number' };
/** A file: a link to it, or the whole of it as a data URI. */
const file: Rule = { type: 'string', format: 'uri' };
const link: Rule = { type: 'string', format: 'uri', urlOnly: true };

function within(minimum: number, maximum: number): Rule {
  return { type: 'integer', minimum, maximum };
}

function oneOf(...words: string[]): Rule {
  return { type: 'string', enum: words };
}

function seconds(...lengths: number[]): Rule {
  return { type: 'integer', enum: lengths };
}

const side: Rule = { type: 'integer', minimum: 512, maximum: 1440, multipleOf: 32 };
const presets = ['square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'];
const fiveRatios = oneOf('16:9', '9:16', '1:1', '4:3', '3:4');
const shortText: Rule = { type: 'string', maxLength: 500 };

const image: Properties = {
  model: text,
  prompt: { type: 'string', maxLength: 2000 },
  negative_prompt: shortText,
  image_size: {
    anyOf: [
      { type: 'object', properties: { width: side, height: side }, required: ['width', 'height'] },
      oneOf(...presets),
    ],
  },
  enhance_prompt: flag,
  watermark: flag,
  seed: within(0, 2_147_483_647),
};
export const textToImage: Properties = { ...image, num_images: within(1, 4) };
export const imageToImage: Properties = {
  ...image,
  image_urls: { type: 'array', items: file, minItems: 1, maxItems: 3 },
};

const video: Properties = {
  model: text,
  prompt: text,
  negative_prompt: text,
  seed: integer,
  enhance_prompt: flag,
};
const upTo22: Properties = { ...video, watermark: flag };
const upTo22AtRatio: Properties = { ...upTo22, aspect_ratio: fiveRatios };
export const textToVideo21: Properties = { ...upTo22AtRatio, resolution: oneOf('720P') };
export const textToVideo21Turbo: Properties = { ...upTo22AtRatio, resolution: oneOf('480P', '720P') };
export const textToVideo22: Properties = { ...upTo22AtRatio, resolution: oneOf('480P', '1080P') };
export const imageToVideo22: Properties = { ...upTo22, resolution: oneOf('480P', '1080P'), image_url: file };
export const textToVideo25: Properties = {
  ...video,
  resolution: oneOf('480p', '720p', '1080p'),
  aspect_ratio: oneOf('16:9', '9:16', '1:1'),
  duration: seconds(5, 10),
};
export const imageToVideo25: Properties = { ...textToVideo25, image_url: file };
const from26: Properties = { ...video, resolution: oneOf('720p', '1080p'), duration: seconds(5, 10, 15) };
const shots: Properties = { ...from26, shot_type: oneOf('single', 'multi') };
const sound: Properties = { ...shots, audio_url: link, generate_audio: flag };
export const textToVideo26: Properties = { ...sound, aspect_ratio: fiveRatios };
export const imageToVideo26: Properties = { ...sound, image_url: file };
export const referenceToVideo26: Properties = {
  ...shots,
  aspect_ratio: fiveRatios,
  video_urls: { type: 'array', items: link, minItems: 1, maxItems: 3 },
};
const from27: Properties = { ...from26, negative_prompt: shortText, watermark: flag };
export const imageToVideo27: Properties = {
  ...from27,
  image_url: file,
  audio_url: link,
  enable_prompt_expansion: flag,
};
const upToFive: Rule = { type: 'array', items: link, maxItems: 5 };
export const referenceToVideo27: Properties = {
  ...from27,
  aspect_ratio: fiveRatios,
  first_frame_image: link,
  image_urls: upToFive,
  video_urls: upToFive,
};

export const legacy: Properties = {
  model: text,
  prompt: text,
  negative_prompt: text,
  seed: integer,
  aspect_ratio: oneOf('9:16', '16:9'),
  inference_steps: integer,
  guidance_scale: number,
  shift: number,
  sampler: oneOf('unipc', 'dpm+'),
  enable_safety_checker: flag,
  enable_prompt_expansion: flag,
};

const fromVideo: Properties = {
  model: text,
  video_url: file,
  resolution: oneOf('480p', '580p', '720p'),
  num_inference_steps: integer,
  shift: number,
  enable_safety_checker: flag,
  video_quality: oneOf('low', 'medium', 'high', 'maximum'),
  video_write_mode: oneOf('fast', 'balanced', 'small'),
};
export const animate: Properties = { ...fromVideo, image_url: file };
export const vace: Properties = {
  ...fromVideo,
  prompt: text,
  negative_prompt: text,
  match_input_num_frames: flag,
  num_frames: within(17, 241),
  match_input_frames_per_second: flag,
  frames_per_second: within(5, 30),
  aspect_ratio: oneOf('auto', '16:9', '1:1', '9:16'),
  guidance_scale: number,
  enable_prompt_expansion: flag,
  preprocess: flag,
  acceleration: oneOf('none', 'regular'),
  num_interpolated_frames: integer,
  temporal_downsample_factor: integer,
  enable_auto_downsample: flag,
  auto_downsample_min_fps: number,
  interpolator_model: oneOf('rife', 'film'),
  sync_mode: flag,
};
export const inpainting: Properties = {
  ...vace,
  image_list: { type: 'array', items: link },
  mask_video_url: link,
};
export const outpainting: Properties = {
  ...vace,
  expand_left: flag,
  expand_right: flag,
  expand_top: flag,
  expand_bottom: flag,
  expand_ratio: number,
};
export const reframe: Properties = { ...vace, zoom_factor: number, trim_borders: flag };
