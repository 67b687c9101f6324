import * as z from 'zod/mini';
import { type ImageEditFields, imageEditFields } from './image-fields.js';
import type { ModelName } from './names.js';

/** The professional edition: text to image, and image to image where `image_urls` are given. Makes one picture. */
export interface Wan27ImageProInput extends ImageEditFields {
  /** The professional edition: text to image, and image to image where `image_urls` are given. Makes one picture. */
  model: ModelName<'wan-2-7-image-pro' | 'wan2.7-image-pro'>;
}

export const wan27ImagePro = () => z.strictObject(imageEditFields());
