import type { ObjectRule, Rule } from './issues.js';

/** The fields that each family of models allows in a request body. */

type Properties = ObjectRule['properties'];

const maxImageSeed = 2_147_483_647;

const textRule: Rule = { type: 'string' };
const flagRule: Rule = { type: 'boolean' };
const integerRule: Rule = { type: 'integer' };
const numberRule: Rule = { type: 'number' };
/** A link to a file, or a data URI that contains the file. */
const linkOrDataUriRule: Rule = { type: 'string', format: 'uri' };
/** A link to a file. A data URI is refused. */
const linkRule: Rule = { type: 'string', format: 'uri', urlOnly: true };

function integerWithin(minimum: number, maximum: number): Rule {
  return { type: 'integer', minimum, maximum };
}

function wordOneOf(...words: string[]): Rule {
  return { type: 'string', enum: words };
}

function secondsOneOf(...lengths: number[]): Rule {
  return { type: 'integer', enum: lengths };
}

const sidePixelsRule: Rule = { type: 'integer', minimum: 512, maximum: 1440, multipleOf: 32 };
const sizePresets = [
  'square_hd',
  'square',
  'portrait_4_3',
  'portrait_16_9',
  'landscape_4_3',
  'landscape_16_9',
];
const fiveRatiosRule = wordOneOf('16:9', '9:16', '1:1', '4:3', '3:4');
const shortTextRule: Rule = { type: 'string', maxLength: 500 };

const imageFields: Properties = {
  model: textRule,
  prompt: { type: 'string', maxLength: 2000 },
  negative_prompt: shortTextRule,
  image_size: {
    anyOf: [
      {
        type: 'object',
        properties: { width: sidePixelsRule, height: sidePixelsRule },
        required: ['width', 'height'],
      },
      wordOneOf(...sizePresets),
    ],
  },
  enhance_prompt: flagRule,
  watermark: flagRule,
  seed: integerWithin(0, maxImageSeed),
};
export const textToImage: Properties = { ...imageFields, num_images: integerWithin(1, 4) };
export const imageToImage: Properties = {
  ...imageFields,
  image_urls: { type: 'array', items: linkOrDataUriRule, minItems: 1, maxItems: 3 },
};

const videoFields: Properties = {
  model: textRule,
  prompt: textRule,
  negative_prompt: textRule,
  seed: integerRule,
  enhance_prompt: flagRule,
};
const upTo22Fields: Properties = { ...videoFields, watermark: flagRule };
const upTo22WithRatioFields: Properties = { ...upTo22Fields, aspect_ratio: fiveRatiosRule };
export const textToVideo21: Properties = { ...upTo22WithRatioFields, resolution: wordOneOf('720P') };
export const textToVideo21Turbo: Properties = {
  ...upTo22WithRatioFields,
  resolution: wordOneOf('480P', '720P'),
};
export const textToVideo22: Properties = { ...upTo22WithRatioFields, resolution: wordOneOf('480P', '1080P') };
export const imageToVideo22: Properties = {
  ...upTo22Fields,
  resolution: wordOneOf('480P', '1080P'),
  image_url: linkOrDataUriRule,
};
export const textToVideo25: Properties = {
  ...videoFields,
  resolution: wordOneOf('480p', '720p', '1080p'),
  aspect_ratio: wordOneOf('16:9', '9:16', '1:1'),
  duration: secondsOneOf(5, 10),
};
export const imageToVideo25: Properties = { ...textToVideo25, image_url: linkOrDataUriRule };
const from26Fields: Properties = {
  ...videoFields,
  resolution: wordOneOf('720p', '1080p'),
  duration: secondsOneOf(5, 10, 15),
};
const shotFields: Properties = { ...from26Fields, shot_type: wordOneOf('single', 'multi') };
const soundFields: Properties = { ...shotFields, audio_url: linkRule, generate_audio: flagRule };
export const textToVideo26: Properties = { ...soundFields, aspect_ratio: fiveRatiosRule };
export const imageToVideo26: Properties = { ...soundFields, image_url: linkOrDataUriRule };
export const referenceToVideo26: Properties = {
  ...shotFields,
  aspect_ratio: fiveRatiosRule,
  video_urls: { type: 'array', items: linkRule, minItems: 1, maxItems: 3 },
};
const from27Fields: Properties = { ...from26Fields, negative_prompt: shortTextRule, watermark: flagRule };
export const imageToVideo27: Properties = {
  ...from27Fields,
  image_url: linkOrDataUriRule,
  audio_url: linkRule,
  enable_prompt_expansion: flagRule,
};
const upToFiveLinksRule: Rule = { type: 'array', items: linkRule, maxItems: 5 };
export const referenceToVideo27: Properties = {
  ...from27Fields,
  aspect_ratio: fiveRatiosRule,
  first_frame_image: linkRule,
  image_urls: upToFiveLinksRule,
  video_urls: upToFiveLinksRule,
};

export const legacy: Properties = {
  model: textRule,
  prompt: textRule,
  negative_prompt: textRule,
  seed: integerRule,
  aspect_ratio: wordOneOf('9:16', '16:9'),
  inference_steps: integerRule,
  guidance_scale: numberRule,
  shift: numberRule,
  sampler: wordOneOf('unipc', 'dpm+'),
  enable_safety_checker: flagRule,
  enable_prompt_expansion: flagRule,
};

const videoInputFields: Properties = {
  model: textRule,
  video_url: linkOrDataUriRule,
  resolution: wordOneOf('480p', '580p', '720p'),
  num_inference_steps: integerRule,
  shift: numberRule,
  enable_safety_checker: flagRule,
  video_quality: wordOneOf('low', 'medium', 'high', 'maximum'),
  video_write_mode: wordOneOf('fast', 'balanced', 'small'),
};
export const animate: Properties = { ...videoInputFields, image_url: linkOrDataUriRule };
export const vace: Properties = {
  ...videoInputFields,
  prompt: textRule,
  negative_prompt: textRule,
  match_input_num_frames: flagRule,
  num_frames: integerWithin(17, 241),
  match_input_frames_per_second: flagRule,
  frames_per_second: integerWithin(5, 30),
  aspect_ratio: wordOneOf('auto', '16:9', '1:1', '9:16'),
  guidance_scale: numberRule,
  enable_prompt_expansion: flagRule,
  preprocess: flagRule,
  acceleration: wordOneOf('none', 'regular'),
  num_interpolated_frames: integerRule,
  temporal_downsample_factor: integerRule,
  enable_auto_downsample: flagRule,
  auto_downsample_min_fps: numberRule,
  interpolator_model: wordOneOf('rife', 'film'),
  sync_mode: flagRule,
};
export const inpainting: Properties = {
  ...vace,
  image_list: { type: 'array', items: linkRule },
  mask_video_url: linkRule,
};
export const outpainting: Properties = {
  ...vace,
  expand_left: flagRule,
  expand_right: flagRule,
  expand_top: flagRule,
  expand_bottom: flagRule,
  expand_ratio: numberRule,
};
export const reframe: Properties = { ...vace, zoom_factor: numberRule, trim_borders: flagRule };
