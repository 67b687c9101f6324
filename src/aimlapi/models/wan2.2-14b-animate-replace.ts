import * as z from 'zod/mini';
import { type AnimateFields, animateFields } from './animate-fields.js';
import type { ModelName } from './names.js';

/** Puts the character of a picture in the place of the one in a video. */
export interface Wan22AnimateReplaceInput extends AnimateFields {
  /** Puts the character of a picture in the place of the one in a video. */
  model: ModelName<'wan2.2-14b-animate-replace'>;
}

export const wan22AnimateReplace = () => z.strictObject(animateFields());
