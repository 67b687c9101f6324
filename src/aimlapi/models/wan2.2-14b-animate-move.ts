import * as z from 'zod/mini';
import { type AnimateFields, animateFields } from './animate-fields.js';
import type { ModelName } from './names.js';

/** Puts the character of a picture into the motion of a video. */
export interface Wan22AnimateMoveInput extends AnimateFields {
  /** Puts the character of a picture into the motion of a video. */
  model: ModelName<'wan2.2-14b-animate-move'>;
}

export const wan22AnimateMove = () => z.strictObject(animateFields());

/** Milliseconds from create to video: the run on its documentation page ended between 40 and 50 s. */
wan22AnimateMove.typicalMs = 45_000;
