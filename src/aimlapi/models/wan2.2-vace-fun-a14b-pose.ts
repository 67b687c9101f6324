import { strictObject } from '../../input/field.js';
import type { ModelName } from './names.js';
import { type VaceFunFields, vaceFunFields } from './vace-fun-fields.js';

/** Video to video, along the poses of the people in it. */
export interface Wan22VaceFunPoseInput extends VaceFunFields {
  model: ModelName<'wan2.2-vace-fun-a14b-pose'>;
}

export const wan22VaceFunPose = () => strictObject(vaceFunFields());
