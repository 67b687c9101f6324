import * as z from 'zod/mini';
import { urlOf } from './media-fields.js';
import type { ModelName } from './names.js';
import {
  type AspectRatioField,
  aspectRatioField,
  type Wan26Fields,
  type WatermarkField,
  wan26Fields,
  watermarkField,
} from './video-fields.js';

/** Reference to video, from the characters and things of pictures and videos: 5, 10 or 15 s. */
export interface Wan27R2vInput extends Wan26Fields, AspectRatioField, WatermarkField {
  /** Reference to video, from the characters and things of pictures and videos: 5, 10 or 15 s. */
  model: ModelName<'wan-2-7-r2v' | 'wan2.7-r2v'>;
  /** What to avoid: up to 500 characters. */
  negative_prompt?: string | undefined;
  /** The picture to start from: an http(s) URL. */
  first_frame_image?: string | undefined;
  /** Up to 5 pictures: http(s) URLs. */
  image_urls?: readonly string[] | undefined;
  /** Up to 5 videos: http(s) URLs. */
  video_urls?: readonly string[] | undefined;
}

export const wan27R2v = () =>
  z.strictObject({
    ...wan26Fields(),
    ...aspectRatioField(),
    ...watermarkField(),
    negative_prompt: z.optional(z.string().check(z.maxLength(500))),
    first_frame_image: z.optional(urlOf('image')),
    image_urls: z.optional(z.array(urlOf('image')).check(z.maxLength(5))),
    video_urls: z.optional(z.array(urlOf('video')).check(z.maxLength(5))),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 120 and 135 s. */
wan27R2v.typicalMs = 127_500;
