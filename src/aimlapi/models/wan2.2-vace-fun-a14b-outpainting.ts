import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Widens the frame of a video. */
export interface Wan22VaceFunOutpaintingInput extends VaceFunFields {
  /** Widens the frame of a video. */
  model: ModelName<'wan2.2-vace-fun-a14b-outpainting'>;
  /** Adds to the left. @defaultValue `true` */
  expand_left?: boolean | undefined;
  /** Adds to the right. @defaultValue `true` */
  expand_right?: boolean | undefined;
  /** Adds to the top. @defaultValue `true` */
  expand_top?: boolean | undefined;
  /** Adds to the bottom. @defaultValue `true` */
  expand_bottom?: boolean | undefined;
  /** How much to add on each side. The API names no range. @defaultValue `0.25` */
  expand_ratio?: number | undefined;
}

export const wan22VaceFunOutpainting = () =>
  z.strictObject({
    ...vaceFunFields(),
    expand_left: z.optional(z.boolean()).register(about, { default: true }),
    expand_right: z.optional(z.boolean()).register(about, { default: true }),
    expand_top: z.optional(z.boolean()).register(about, { default: true }),
    expand_bottom: z.optional(z.boolean()).register(about, { default: true }),
    expand_ratio: z.optional(z.number()).register(about, { default: 0.25 }),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 40 and 50 s. */
wan22VaceFunOutpainting.typicalMs = 45_000;
