import * as z from 'zod/mini';

/** What zod cannot say about a field. */
export interface FieldNote {
  /** What the API takes where the field is left out. It is documentation: nothing puts it into what is sent. */
  default?: unknown;
  /** The field is the address of a picture, a video or a sound. */
  media?: 'image' | 'video' | 'audio';
  /** Whether the file itself, as a data URI, is taken in place of its address. */
  dataUri?: boolean;
  /** With `else`, a rule over several fields in the words of JSON Schema. */
  if?: object;
  else?: object;
}

/** The notes on the fields of all models: `z.optional(z.boolean()).register(about, { default: true })`. */
export const about = z.registry<FieldNote>();

/** Characters that nobody sees, as ranges of a regular expression. */
const unseen = {
  blanks: '\\s',
  controls: '\\u0000-\\u001f\\u007f-\\u009f',
  marksOfDirection: '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069',
  ofNoWidth: '\\u00ad\\u034f\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u2065\\u206a-\\u206f\\ufff0-\\ufffc',
  variations: '\\ufe00-\\ufe0f',
  fillers: '\\u115f\\u1160\\u17b4\\u17b5\\u2800\\u3164\\uffa0',
};

/**
 * A character that is seen. The expression has no flag and no `\u{…}`: every reader of JSON Schema then reads it alike,
 * with the flag `u` and without.
 */
export const visibleCharacter = new RegExp(`[^${Object.values(unseen).join('')}]`);
