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

/** Text to video: 720P. */
export interface Wan21T2vPlusInput extends PromptFields, AspectRatioField, WatermarkField {
  /** Text to video: 720P. */
  model: ModelName<'wan2.1-t2v-plus'>;
  /** The short side of the frame. @defaultValue `'720P'` */
  resolution?: '720P' | undefined;
}

export const wan21T2vPlus = () =>
  z.strictObject({
    ...promptFields(),
    ...visiblePromptField(),
    ...aspectRatioField(),
    ...watermarkField(),
    resolution: z.optional(z.enum(['720P'])).register(about, { default: '720P' }),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 430 and 440 s. */
wan21T2vPlus.typicalMs = 435_000;
