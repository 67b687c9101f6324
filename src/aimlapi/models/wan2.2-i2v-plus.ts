import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import {
  type FirstImageField,
  firstImageField,
  type PromptFields,
  promptFields,
  type WatermarkField,
  watermarkField,
} from './video-fields.js';

/** Image to video: 480P or 1080P. */
export interface Wan22I2vPlusInput extends PromptFields, FirstImageField, WatermarkField {
  /** Image to video: 480P or 1080P. */
  model: ModelName<'wan2.2-i2v-plus'>;
  /** The short side of the frame. @defaultValue `'1080P'` */
  resolution?: '480P' | '1080P' | undefined;
}

export const wan22I2vPlus = () =>
  z.strictObject({
    ...promptFields(),
    ...firstImageField(),
    ...watermarkField(),
    resolution: z.optional(z.enum(['480P', '1080P'])).register(about, { default: '1080P' }),
  });
