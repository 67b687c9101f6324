import { list, strictObject } from '../../input/field.js';
import { urlOf } from './media-fields.js';
import type { ModelName } from './names.js';
import {
  type AspectRatioField,
  aspectRatioField,
  type ShotField,
  shotField,
  shotsNeedEnhancing,
  type Wan26Fields,
  wan26Fields,
} from './video-fields.js';

/** Reference to video: the characters of other videos. */
export interface Wan26R2vInput extends Wan26Fields, AspectRatioField, ShotField {
  model: ModelName<'wan-2-6-r2v' | 'wan2.6-r2v'>;
  /** 1 to 3 videos of one character each: http(s) URLs. */
  video_urls: readonly string[];
}

export const wan26R2v = () =>
  strictObject(
    {
      ...wan26Fields(),
      ...aspectRatioField(),
      ...shotField(),
      video_urls: list('videos', urlOf('video'), { minItems: 1, maxItems: 3 }),
    },
    shotsNeedEnhancing(),
  );
