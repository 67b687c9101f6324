import { isBytes, tagOf } from '../base/kind.js';
import { nearest } from '../base/nearest.js';
import { printable } from '../base/redact.js';
import type { FieldLimits } from './limits.js';

const things = { image: 'picture', video: 'video', audio: 'sound' };

/** What a field takes, in words that go on from its name: `takes a text`. */
export function ruleOf(limits: FieldLimits): string {
  const { type, anyOf, media, properties, enum: words } = limits;
  // words before fields: a list of words is easier to read where it comes first
  if (anyOf) return `takes ${anyOf.map(nounOf).toReversed().join(', or ')}`;
  if (media) return ruleOfMedia(media, limits.dataUri);
  if (words) return `takes ${words.map((word) => JSON.stringify(word)).join(' or ')}`;
  if (properties) return `takes ${nounOf(limits)}`;
  if (type === 'array')
    return `takes a list of ${countOf(limits.minItems, limits.maxItems)}${itemsOf(limits)}`;
  if (type === 'string') return `takes a text${lengthOf(limits)}`;
  if (type === 'integer') return `takes a whole number${rangeOf(limits)}`;
  return type === 'number' ? `takes a number${rangeOf(limits)}` : 'takes true or false';
}

function nounOf(limits: FieldLimits): string {
  if (limits.properties) return `{ ${Object.keys(limits.properties).join(', ')} }`;
  return limits.enum ? `one of ${limits.enum.join(', ')}` : ruleOf(limits).replace('takes ', '');
}

function ruleOfMedia(media: 'image' | 'video' | 'audio', isDataUriTaken = false): string {
  const thing = things[media];
  return isDataUriTaken
    ? `takes an http(s) URL, or a local ${thing} as "data:${media}/…;base64,…" (toDataUri makes one)`
    : `takes an http(s) URL of a ${thing}, no data URI and no file name: put it where the API can fetch it`;
}

function itemsOf({ items = {} }: FieldLimits): string {
  if (items.media) return `${things[items.media]}s`;
  return items.type === 'string' ? 'texts' : 'values';
}

const countOf = (minimum = 0, maximum?: number) => (maximum === undefined ? '' : `${minimum} to ${maximum} `);

function lengthOf({ minLength = 0, maxLength }: FieldLimits): string {
  if (maxLength !== undefined) return ` of ${minLength} to ${maxLength} characters`;
  return minLength > 0 ? ` of at least ${minLength} character` : '';
}

function rangeOf({ minimum, maximum, multipleOf }: FieldLimits): string {
  const range = maximum === undefined ? '' : ` from ${minimum} to ${maximum}`;
  return multipleOf === undefined ? range : `${range}, a multiple of ${multipleOf}`;
}

/** The message for a value that does not fit. */
export function explainValue(limits: FieldLimits, value: unknown): string {
  const rule = ruleOf(limits);
  if (value === undefined) return `is missing: it ${rule}`;
  if (isInexact(limits, value))
    return `${rule} from ${-Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`;
  const hint = hintFor(limits, value);
  return hint === undefined ? rule : `${rule} (${hint})`;
}

/** Whether it is a whole number that is too large for its last digits to be kept. */
function isInexact({ type, maximum, enum: words }: FieldLimits, value: unknown): boolean {
  return type === 'integer' && !words && maximum === undefined && Number.isInteger(value);
}

/** What was probably meant, or what to do with the value so that it fits. */
export function hintFor(limits: FieldLimits, value: unknown): string | undefined {
  if (typeof value === 'function') return 'this is a function: pass what it returns';
  if (typeof value !== 'object' || value === null) return nearWord(limits, value);
  const tag = tagOf(value);
  if (tag === 'Promise') return 'this is a Promise: await it';
  if (tag === 'URL') return 'this is a URL object: pass its href';
  if (limits.media && limits.dataUri && (isBytes(value) || /^(Blob|File)$/.test(tag))) {
    return 'these are bytes: await toDataUri of them';
  }
  return /^(Object|Array)$/.test(tag) ? undefined : `this is a ${tag} object`;
}

/** The word of the list that is nearest to the value. A number is no misspelling of another number. */
function nearWord({ enum: words, anyOf = [] }: FieldLimits, value: unknown): string | undefined {
  const values = words ?? anyOf.flatMap((each) => each.enum ?? []);
  if (typeof value !== 'string' && typeof value === typeof values[0]) return undefined;
  const near = nearest(String(printable(value)), values.map(String));
  const meant = values.find((each) => String(each) === near);
  return meant === undefined ? undefined : `did you mean ${JSON.stringify(meant)}?`;
}
