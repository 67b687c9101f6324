import * as z from 'zod/mini';
import { oneOf } from '../../schema.js';
import { type TextToImageFields, textToImageFields } from './fields.js';

/** Text to image, the professional edition. */
export interface Wan22T2iPlusInput extends TextToImageFields {
  model: 'alibaba/wan2.2-t2i-plus' | 'wan2.2-t2i-plus';
}

export const wan22T2iPlus = () =>
  z.strictObject({
    model: oneOf('alibaba/wan2.2-t2i-plus', 'wan2.2-t2i-plus'),
    ...textToImageFields(),
  }) satisfies z.ZodMiniType<Wan22T2iPlusInput>;
