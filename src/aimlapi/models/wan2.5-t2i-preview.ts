import * as z from 'zod/mini';
import { type TextToImageFields, textToImageFields } from './image-fields.js';
import type { ModelName } from './names.js';

/** Text to image: 1 to 4 pictures. */
export interface Wan25T2iPreviewInput extends TextToImageFields {
  /** Text to image: 1 to 4 pictures. */
  model: ModelName<'wan2.5-t2i-preview'>;
}

export const wan25T2iPreview = () => z.strictObject(textToImageFields());
