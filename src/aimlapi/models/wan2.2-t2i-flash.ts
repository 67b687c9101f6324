import * as z from 'zod/mini';
import { type TextToImageFields, textToImageFields } from './image-fields.js';
import type { ModelName } from './names.js';

/** Text to image, the fast edition: 1 to 4 pictures. */
export interface Wan22T2iFlashInput extends TextToImageFields {
  /** Text to image, the fast edition: 1 to 4 pictures. */
  model: ModelName<'wan2.2-t2i-flash'>;
}

export const wan22T2iFlash = () => z.strictObject(textToImageFields());
