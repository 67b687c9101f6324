import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Brings a video into another frame. */
export interface Wan22VaceFunReframeInput extends Omit<VaceFunFields, 'prompt'> {
  /** Brings a video into another frame. */
  model: ModelName<'wan2.2-vace-fun-a14b-reframe'>;
  /** The scene, subject or action. The API names no limit. */
  prompt?: string | undefined;
  /** The API names no range. */
  zoom_factor?: number | undefined;
  /** Cuts borders off the video first. @defaultValue `true` */
  trim_borders?: boolean | undefined;
}

export const wan22VaceFunReframe = () =>
  z.strictObject({
    ...vaceFunFields(),
    prompt: z.optional(z.string()),
    zoom_factor: z.optional(z.number()),
    trim_borders: z.optional(z.boolean()).register(about, { default: true }),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 40 and 50 s. */
wan22VaceFunReframe.typicalMs = 45_000;
