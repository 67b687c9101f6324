import * as z from 'zod/mini';
import { about } from '../../input/field.js';
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
  /** How much the work is sped up. @defaultValue `'regular'` */
  acceleration?: 'none' | 'regular' | undefined;
  /** Frames to put between every two. */
  num_interpolated_frames?: number | undefined;
  /** Works on every nth frame of the video. */
  temporal_downsample_factor?: number | undefined;
  /** Lets the API choose that factor. */
  enable_auto_downsample?: boolean | undefined;
  /** Frames a second that automatic downsampling keeps at least. @defaultValue `15` */
  auto_downsample_min_fps?: number | undefined;
  /** The model that makes the frames in between. @defaultValue `'film'` */
  interpolator_model?: 'rife' | 'film' | undefined;
  /** The API's schema has it, and does not say what it does. */
  sync_mode?: boolean | undefined;
}

export const vaceFunFields = () => ({
  prompt: z.string().check(z.minLength(1)),
  video_url: urlOrDataUriOf('video'),
  ...sourceVideoFields(),
  negative_prompt: z.optional(z.string()),
  match_input_num_frames: z.optional(z.boolean()),
  num_frames: z.optional(z.int().check(z.minimum(17), z.maximum(241))).register(about, { default: 81 }),
  match_input_frames_per_second: z.optional(z.boolean()),
  frames_per_second: z.optional(z.int().check(z.minimum(5), z.maximum(30))).register(about, { default: 16 }),
  aspect_ratio: z.optional(z.enum(['auto', '16:9', '1:1', '9:16'])).register(about, { default: 'auto' }),
  num_inference_steps: z.optional(z.int()).register(about, { default: 30 }),
  guidance_scale: z.optional(z.number()).register(about, { default: 5 }),
  enable_prompt_expansion: z.optional(z.boolean()),
  preprocess: z.optional(z.boolean()),
  acceleration: z.optional(z.enum(['none', 'regular'])).register(about, { default: 'regular' }),
  num_interpolated_frames: z.optional(z.int()),
  temporal_downsample_factor: z.optional(z.int()),
  enable_auto_downsample: z.optional(z.boolean()),
  auto_downsample_min_fps: z.optional(z.number()).register(about, { default: 15 }),
  interpolator_model: z.optional(z.enum(['rife', 'film'])).register(about, { default: 'film' }),
  sync_mode: z.optional(z.boolean()),
});
