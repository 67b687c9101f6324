import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import { urlOf } from './media-fields.js';
import type { ModelName } from './names.js';
import {
  type AspectRatioField,
  aspectRatioField,
  type ShotField,
  shotField,
  shotsInJson,
  shotsNeedEnhancing,
  type Wan26Fields,
  wan26Fields,
} from './video-fields.js';

/** Reference to video, from the characters of other videos: 5, 10 or 15 s. */
export interface Wan26R2vInput extends Wan26Fields, AspectRatioField, ShotField {
  /** Reference to video, from the characters of other videos: 5, 10 or 15 s. */
  model: ModelName<'wan-2-6-r2v' | 'wan2.6-r2v'>;
  /** 1 to 3 videos of one character each: http(s) URLs. */
  video_urls: readonly string[];
}

export const wan26R2v = () =>
  z
    .strictObject({
      ...wan26Fields(),
      ...aspectRatioField(),
      ...shotField(),
      video_urls: z.array(urlOf('video')).check(z.minLength(1), z.maxLength(3)),
    })
    .check(shotsNeedEnhancing())
    .register(about, shotsInJson);
