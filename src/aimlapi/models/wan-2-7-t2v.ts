import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import type { ModelName } from './names.js';
import {
  type AspectRatioField,
  aspectRatioField,
  type ShotField,
  type SoundFields,
  shotField,
  shotsInJson,
  shotsNeedEnhancing,
  soundFields,
  visiblePromptField,
  type Wan26Fields,
  wan26Fields,
} from './video-fields.js';

/** Text to video, with sound: 5, 10 or 15 s. */
export interface Wan27T2vInput extends Wan26Fields, AspectRatioField, ShotField, SoundFields {
  /** Text to video, with sound: 5, 10 or 15 s. */
  model: ModelName<'wan-2-7-t2v' | 'wan2.7-t2v'>;
}

export const wan27T2v = () =>
  z
    .strictObject({
      ...wan26Fields(),
      ...visiblePromptField(),
      ...aspectRatioField(),
      ...shotField(),
      ...soundFields(),
    })
    .check(shotsNeedEnhancing())
    .register(about, shotsInJson);
