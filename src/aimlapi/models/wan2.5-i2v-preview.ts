import * as z from 'zod/mini';
import type { ModelName } from './names.js';
import { type FirstImageField, firstImageField, type Wan25Fields, wan25Fields } from './video-fields.js';

/** Image to video: 5 or 10 s. */
export interface Wan25I2vPreviewInput extends Wan25Fields, FirstImageField {
  /** Image to video: 5 or 10 s. */
  model: ModelName<'wan2.5-i2v-preview'>;
}

export const wan25I2vPreview = () =>
  z.strictObject({
    ...wan25Fields(),
    ...firstImageField(),
  });
