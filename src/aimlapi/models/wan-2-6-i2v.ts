import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import {
  type FirstImageField,
  firstImageField,
  type ShotField,
  type SoundFields,
  shotField,
  shotsInJson,
  shotsNeedEnhancing,
  soundFields,
  type Wan26Fields,
  wan26Fields,
} from './video-fields.js';

/** Image to video, with sound: 5, 10 or 15 s. */
export interface Wan26I2vInput extends Wan26Fields, FirstImageField, ShotField, SoundFields {
  /** Image to video, with sound: 5, 10 or 15 s. */
  model: ModelName<'wan-2-6-i2v' | 'wan2.6-i2v'>;
}

export const wan26I2v = () =>
  z
    .strictObject({
      ...wan26Fields(),
      ...firstImageField(),
      ...shotField(),
      ...soundFields(),
    })
    .check(shotsNeedEnhancing())
    .register(about, shotsInJson);

/** Milliseconds from create to video: the run on its documentation page ended between 150 and 165 s. */
wan26I2v.typicalMs = 157_500;
