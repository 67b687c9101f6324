import { oneOf, optional, strictObject } from '../../input/field.js';
import type { ModelName } from './names.js';
import {
  type AspectRatioField,
  aspectRatioField,
  type PromptFields,
  promptFields,
  type WatermarkField,
  watermarkField,
} from './video-fields.js';

/** Text to video. */
export interface Wan21T2vPlusInput extends PromptFields, AspectRatioField, WatermarkField {
  model: ModelName<'wan2.1-t2v-plus'>;
  /** The short side of the frame. @defaultValue `'720P'` */
  resolution?: '720P' | undefined;
}

export const wan21T2vPlus = () =>
  strictObject({
    ...promptFields(),
    ...aspectRatioField(),
    ...watermarkField(),
    resolution: optional(oneOf('720P'), '720P'),
  });

/** Milliseconds from create to video: the run on its documentation page ended between 430 and 440 s. */
wan21T2vPlus.typicalMs = 435_000;
