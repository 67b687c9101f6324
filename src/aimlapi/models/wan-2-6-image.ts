import * as z from 'zod/mini';
import { type ImageEditFields, imageEditFields } from './image-fields.js';
import type { ModelName } from './names.js';

/** Text to image, and image to image where `image_urls` are given. Makes one picture. */
export interface Wan26ImageInput extends ImageEditFields {
  /** Text to image, and image to image where `image_urls` are given. Makes one picture. */
  model: ModelName<'wan-2-6-image' | 'wan2.6-image'>;
}

export const wan26Image = () => z.strictObject(imageEditFields());
