import * as z from 'zod/mini';
import { type TextToImageFields, textToImageFields } from './image-fields.js';
import type { ModelName } from './names.js';

/** Text to image, the professional edition: 1 to 4 pictures. */
export interface Wan22T2iPlusInput extends TextToImageFields {
  /** Text to image, the professional edition: 1 to 4 pictures. */
  model: ModelName<'wan2.2-t2i-plus'>;
}

export const wan22T2iPlus = () => z.strictObject(textToImageFields());
