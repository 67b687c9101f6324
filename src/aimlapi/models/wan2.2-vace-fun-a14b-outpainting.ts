import { boolean, number, optional, strictObject } from '../../input/field.js';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Widens the frame of a video. */
export interface Wan22VaceFunOutpaintingInput extends VaceFunFields {
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
  strictObject({
    ...vaceFunFields(),
    expand_left: optional(boolean(), true),
    expand_right: optional(boolean(), true),
    expand_top: optional(boolean(), true),
    expand_bottom: optional(boolean(), true),
    expand_ratio: optional(number(), 0.25),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 40 and 50 s. */
wan22VaceFunOutpainting.typicalMs = 45_000;
