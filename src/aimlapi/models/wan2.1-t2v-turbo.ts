import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import {
  type AspectRatioField,
  aspectRatioField,
  type PromptFields,
  promptFields,
  visiblePromptField,
  type WatermarkField,
  watermarkField,
} from './video-fields.js';

/** Text to video, the fast edition: 480P or 720P. */
export interface Wan21T2vTurboInput extends PromptFields, AspectRatioField, WatermarkField {
  /** Text to video, the fast edition: 480P or 720P. */
  model: ModelName<'wan2.1-t2v-turbo'>;
  /** The short side of the frame. @defaultValue `'720P'` */
  resolution?: '480P' | '720P' | undefined;
}

export const wan21T2vTurbo = () =>
  z.strictObject({
    ...promptFields(),
    ...visiblePromptField(),
    ...aspectRatioField(),
    ...watermarkField(),
    resolution: z.optional(z.enum(['480P', '720P'])).register(about, { default: '720P' }),
  });
