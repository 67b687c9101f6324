import * as z from 'zod/mini';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Video to video, along the depth of the scene. */
export interface Wan22VaceFunDepthInput extends VaceFunFields {
  /** Video to video, along the depth of the scene. */
  model: ModelName<'wan2.2-vace-fun-a14b-depth'>;
}

export const wan22VaceFunDepth = () => z.strictObject(vaceFunFields());

/** Milliseconds from create to video: the run on its documentation page ended between 40 and 50 s. */
wan22VaceFunDepth.typicalMs = 45_000;
