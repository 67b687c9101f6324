import * as z from 'zod/mini';
import type { ModelName } from './names.js';
import { visiblePromptField, type Wan25Fields, wan25Fields } from './video-fields.js';

/** Text to video: 5 or 10 s. */
export interface Wan25T2vPreviewInput extends Wan25Fields {
  /** Text to video: 5 or 10 s. */
  model: ModelName<'wan2.5-t2v-preview'>;
}

export const wan25T2vPreview = () => z.strictObject({ ...wan25Fields(), ...visiblePromptField() });

/** Milliseconds from create to video: the run on its documentation page ended between 30 and 40 s. */
wan25T2vPreview.typicalMs = 35_000;
