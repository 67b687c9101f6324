import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import {
  type AudioUrlField,
  audioUrlField,
  type FirstImageField,
  firstImageField,
  type Wan26Fields,
  type WatermarkField,
  wan26Fields,
  watermarkField,
} from './video-fields.js';

/** Image to video, with sound of your own: 5, 10 or 15 s. */
export interface Wan27I2vInput extends Wan26Fields, FirstImageField, AudioUrlField, WatermarkField {
  /** Image to video, with sound of your own: 5, 10 or 15 s. */
  model: ModelName<'wan-2-7-i2v' | 'wan2.7-i2v'>;
  /** What to avoid: up to 500 characters. */
  negative_prompt?: string | undefined;
  /** Documented beside `enhance_prompt`, with the same meaning. @defaultValue `true` */
  enable_prompt_expansion?: boolean | undefined;
}

export const wan27I2v = () =>
  z.strictObject({
    ...wan26Fields(),
    ...firstImageField(),
    ...audioUrlField(),
    ...watermarkField(),
    negative_prompt: z.optional(z.string().check(z.maxLength(500))),
    enable_prompt_expansion: z.optional(z.boolean()).register(about, { default: true }),
  });
