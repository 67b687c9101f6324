import * as z from 'zod/mini';
import { urlOf } from './media-fields.js';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Fills in a part of a video. */
export interface Wan22VaceFunInpaintingInput extends VaceFunFields {
  /** Fills in a part of a video. */
  model: ModelName<'wan2.2-vace-fun-a14b-inpainting'>;
  /** Reference pictures: http(s) URLs. */
  image_list?: readonly string[] | undefined;
  /** A video that marks the part to fill in: an http(s) URL. */
  mask_video_url?: string | undefined;
}

export const wan22VaceFunInpainting = () =>
  z.strictObject({
    ...vaceFunFields(),
    image_list: z.optional(z.array(urlOf('image'))),
    mask_video_url: z.optional(urlOf('video')),
  });
