import { boolean, integer, number, oneOf, optional, string } from '../../input/field.js';
import { type SourceVideoFields, sourceVideoFields } from './animate-fields.js';
import { urlOrDataUriOf } from './media-fields.js';

/** What the five VACE Fun models, which work on a video, have in common. */
export interface VaceFunFields extends SourceVideoFields {
  /** The scene, subject or action: at least 1 character. The API names no upper limit. */
  prompt: string;
  /** The video to work on: an http(s) URL, or a local one as a data URI (`toDataUri`). */
  video_url: string;
  /** What to avoid. The API names no limit, and has a long list of its own where it is left out. */
  negative_prompt?: string | undefined;
  /** Takes the number of frames from the video; `num_frames` does not count then. */
  match_input_num_frames?: boolean | undefined;
  /** Frames to make, 17 to 241. @defaultValue `81` */
  num_frames?: number | undefined;
  /** Takes the frame rate from the video; `frames_per_second` does not count then. */
  match_input_frames_per_second?: boolean | undefined;
  /** 5 to 30. @defaultValue `16` */
  frames_per_second?: number | undefined;
  /** Width to height; `'auto'` follows the video. @defaultValue `'auto'` */
  aspect_ratio?: 'auto' | '16:9' | '1:1' | '9:16' | undefined;
  /** Sampling steps: more take longer and give more detail. @defaultValue `30` */
  num_inference_steps?: number | undefined;
  /** How closely to follow the prompt. @defaultValue `5` */
  guidance_scale?: number | undefined;
  /** Lets a language model expand the prompt first (other models call it `enhance_prompt`). */
  enable_prompt_expansion?: boolean | undefined;
  /** Whether the API first turns the video into what the model works from. */
  preprocess?: boolean | undefined;
  /** @defaultValue `'regular'` */
  acceleration?: 'none' | 'regular' | undefined;
  /** Frames to put between every two. */
  num_interpolated_frames?: number | undefined;
  /** Works on every nth frame of the video. */
  temporal_downsample_factor?: number | undefined;
  /** Lets the API choose that factor. */
  enable_auto_downsample?: boolean | undefined;
  /** Frames a second that automatic downsampling keeps at least. @defaultValue `15` */
  auto_downsample_min_fps?: number | undefined;
  /** @defaultValue `'film'` */
  interpolator_model?: 'rife' | 'film' | undefined;
  /** The API's schema has it, and does not say what it does. */
  sync_mode?: boolean | undefined;
}

export const vaceFunFields = () => ({
  prompt: string({ minLength: 1 }),
  video_url: urlOrDataUriOf('video'),
  ...sourceVideoFields(),
  negative_prompt: optional(string()),
  match_input_num_frames: optional(boolean()),
  num_frames: optional(integer({ minimum: 17, maximum: 241 }), 81),
  match_input_frames_per_second: optional(boolean()),
  frames_per_second: optional(integer({ minimum: 5, maximum: 30 }), 16),
  aspect_ratio: optional(oneOf('auto', '16:9', '1:1', '9:16'), 'auto'),
  num_inference_steps: optional(integer(), 30),
  guidance_scale: optional(number(), 5),
  enable_prompt_expansion: optional(boolean()),
  preprocess: optional(boolean()),
  acceleration: optional(oneOf('none', 'regular'), 'regular'),
  num_interpolated_frames: optional(integer()),
  temporal_downsample_factor: optional(integer()),
  enable_auto_downsample: optional(boolean()),
  auto_downsample_min_fps: optional(number(), 15),
  interpolator_model: optional(oneOf('rife', 'film'), 'film'),
  sync_mode: optional(boolean()),
});
