import * as z from 'zod/mini';
import { oneOf } from '../../schema.js';
import { type TextToImageFields, textToImageFields } from './fields.js';

/** Text to image, newer than 2.2. */
export interface Wan25T2iPreviewInput extends TextToImageFields {
  model: 'alibaba/wan2.5-t2i-preview' | 'wan2.5-t2i-preview';
}

export const wan25T2iPreview = () =>
  z.strictObject({
    model: oneOf('alibaba/wan2.5-t2i-preview', 'wan2.5-t2i-preview'),
    ...textToImageFields(),
  }) satisfies z.ZodMiniType<Wan25T2iPreviewInput>;
