import * as z from 'zod/mini';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Video to video, along the poses of the people in it. */
export interface Wan22VaceFunPoseInput extends VaceFunFields {
  /** Video to video, along the poses of the people in it. */
  model: ModelName<'wan2.2-vace-fun-a14b-pose'>;
}

export const wan22VaceFunPose = () => z.strictObject(vaceFunFields());
