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

/** Image to video, with sound, the fast edition: 5, 10 or 15 s. */
export interface Wan26ImageToVideoFlashInput extends Wan26Fields, FirstImageField, ShotField, SoundFields {
  /** Image to video, with sound, the fast edition: 5, 10 or 15 s. */
  model: ModelName<'wan-2-6-image-to-video-flash' | 'wan2.6-i2v-flash'>;
  /** The short side of the frame. @defaultValue `'720p'` */
  resolution?: '720p' | '1080p' | undefined;
}

export const wan26ImageToVideoFlash = () =>
  z
    .strictObject({
      ...wan26Fields(),
      ...firstImageField(),
      ...shotField(),
      ...soundFields(),
      resolution: z.optional(z.enum(['720p', '1080p'])).register(about, { default: '720p' }),
    })
    .check(shotsNeedEnhancing())
    .register(about, shotsInJson);
