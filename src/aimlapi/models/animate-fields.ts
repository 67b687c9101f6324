import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import { urlOrDataUriOf } from './media-fields.js';

/** What the models that work on a video have in common, beside the video. */
export interface SourceVideoFields {
  /** The short side of the frame. @defaultValue `'480p'` */
  resolution?: '480p' | '580p' | '720p' | undefined;
  /** Turns the safety check of the API on or off. */
  enable_safety_checker?: boolean | undefined;
  /** Shift of the noise schedule. @defaultValue `5` */
  shift?: number | undefined;
  /** Quality of the video file. @defaultValue `'high'` */
  video_quality?: 'low' | 'medium' | 'high' | 'maximum' | undefined;
  /** Fast to write, small, or in between. @defaultValue `'balanced'` */
  video_write_mode?: 'fast' | 'balanced' | 'small' | undefined;
}

export const sourceVideoFields = () => ({
  resolution: z.optional(z.enum(['480p', '580p', '720p'])).register(about, { default: '480p' }),
  enable_safety_checker: z.optional(z.boolean()),
  shift: z.optional(z.number()).register(about, { default: 5 }),
  video_quality: z
    .optional(z.enum(['low', 'medium', 'high', 'maximum']))
    .register(about, { default: 'high' }),
  video_write_mode: z
    .optional(z.enum(['fast', 'balanced', 'small']))
    .register(about, { default: 'balanced' }),
});

/** What the models that put a character into a video take. They take no prompt. */
export interface AnimateFields extends SourceVideoFields {
  /** The video that the motion comes from: an http(s) URL, or a local one as a data URI (`toDataUri`). */
  video_url: string;
  /**
   * The character: an http(s) URL, or a local picture as a data URI (`toDataUri`). It is resized, and cropped around
   * its centre, where its proportions are not those of the video.
   */
  image_url: string;
  /** Sampling steps: more take longer and give more detail. @defaultValue `20` */
  num_inference_steps?: number | undefined;
}

export const animateFields = () => ({
  video_url: urlOrDataUriOf('video'),
  image_url: urlOrDataUriOf('image'),
  ...sourceVideoFields(),
  num_inference_steps: z.optional(z.int()).register(about, { default: 20 }),
});
