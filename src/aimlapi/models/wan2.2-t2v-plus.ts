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

/** Text to video: silent, 5 s, about 30 frames a second. */
export interface Wan22T2vPlusInput extends PromptFields, AspectRatioField, WatermarkField {
  /** Text to video: silent, 5 s, about 30 frames a second. */
  model: ModelName<'wan2.2-t2v-plus'>;
  /** The short side of the frame. @defaultValue `'1080P'` */
  resolution?: '480P' | '1080P' | undefined;
}

export const wan22T2vPlus = () =>
  z.strictObject({
    ...promptFields(),
    ...visiblePromptField(),
    ...aspectRatioField(),
    ...watermarkField(),
    resolution: z.optional(z.enum(['480P', '1080P'])).register(about, { default: '1080P' }),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 360 and 370 s. */
wan22T2vPlus.typicalMs = 365_000;

/** Its documentation says: "duration is fixed at 5 seconds and cannot be modified". */
wan22T2vPlus.seconds = 5;
