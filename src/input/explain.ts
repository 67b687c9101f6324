import type { $ZodIssue } from 'zod/v4/core';
import { type InputIssue, InvalidInputError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { isRecord } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { FieldLimits } from './limits.js';
import { explainValue, ruleOf } from './rule.js';

/** Issues that a message lists. */
const mostLines = 10;
/** Characters of the name of a field that are shown. */
const longestKey = 80;

type Path = readonly PropertyKey[];

/** What else to say of a field that the model does not have, such as which models have it. */
export type Elsewhere = (field: string) => string | undefined;

/** The issues of zod in our words: what the field takes, what came, and what was probably meant. One for each place. */
export function explain(
  zodIssues: readonly $ZodIssue[],
  limits: FieldLimits,
  input: unknown,
  elsewhere: Elsewhere = () => undefined,
): InputIssue[] {
  const byPath = new Map<string, InputIssue>();
  for (const { path, message } of zodIssues.flatMap((each) => tell(each, limits, input, elsewhere))) {
    const place = toPath(path);
    if (byPath.has(place)) continue;
    const value = valueAt(input, path);
    // an unknown field may be an API key in the wrong argument
    const isShown = value !== undefined && !/key|token|secret|password|auth/i.test(String(path.at(-1)));
    byPath.set(place, { path: place, message, ...(isShown && { received: printable(value) }) });
  }
  return [...byPath.values()];
}

interface Told {
  path: Path;
  message: string;
}

function tell(issue: $ZodIssue, root: FieldLimits, input: unknown, elsewhere: Elsewhere): Told[] {
  const path = placeOf(issue.path, root, input);
  const limits = limitsAt(root, path);
  const value = valueAt(input, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: explainUnknownField(key, path, limits, elsewhere),
    }));
  }
  if (issue.code === 'invalid_union' && isRecord(value)) {
    const branch = limits.anyOf?.findIndex(({ properties }) => properties) ?? -1;
    const nested = issue.errors[branch] ?? [];
    if (nested.length > 0) {
      return nested.flatMap((each) =>
        tell({ ...each, path: [...path, ...each.path] }, root, input, elsewhere),
      );
    }
  }
  // a rule over several fields brings its own words
  if (issue.code === 'custom' && !limits.media) return [{ path, message: issue.message }];
  if (issue.code === 'invalid_format' && !limits.media) {
    return [{ path, message: `${ruleOf(limits)}, and this has none that is visible` }];
  }
  return [{ path, message: explainValue(limits, value) }];
}

/** The path of an issue; that of the list itself where an item's list is too long or too short. */
function placeOf(path: Path, root: FieldLimits, input: unknown): Path {
  const at = path.findIndex((_, depth) => {
    const { type, minItems = 0, maxItems = Infinity } = limitsAt(root, path.slice(0, depth));
    const list = valueAt(input, path.slice(0, depth));
    return type === 'array' && Array.isArray(list) && !(list.length >= minItems && list.length <= maxItems);
  });
  return at < 0 ? path : path.slice(0, at);
}

function limitsAt(root: FieldLimits, path: Path): FieldLimits {
  return path.reduce<FieldLimits>((at, key) => {
    const { properties, items } = objectOf(at);
    return (typeof key === 'number' ? items : properties?.[String(key)]) ?? {};
  }, root);
}

/** Of limits with several branches that of the object. */
function objectOf(limits: FieldLimits): FieldLimits {
  return limits.anyOf?.find(({ properties }) => properties) ?? limits;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), input);
}

/** The API has two names for one field. Each model takes one of them. */
const twins = ['enhance_prompt', 'enable_prompt_expansion'];

function explainUnknownField(key: string, path: Path, limits: FieldLimits, elsewhere: Elsewhere): string {
  const { properties = {} } = objectOf(limits);
  const names = Object.keys(properties);
  const near = nearest(key, names) ?? names.find((name) => twins.includes(name) && twins.includes(key));
  const others = path.length === 0 ? elsewhere(key) : undefined;
  const fields = `it takes ${names.join(', ')}${others === undefined ? '' : `; ${others}`}`;
  const hint = near === undefined ? fields : `did you mean "${near}"?`;
  return `is not a field of ${toPath(path) || 'this model'}: ${hint}`;
}

export function toPath(keys: Path): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key).slice(0, longestKey)}`))
    .join('')
    .replace(/^\./, '');
}

/** The error for an input that was not sent. `doing` is what was to be done with it: `make the image`. */
export function toInvalidInputError(
  doing: string,
  model: string | undefined,
  issues: InputIssue[],
): InvalidInputError {
  const lines = issues.map(({ path, message, received }) => {
    const value = typeof received === 'string' ? `"${received}"` : received;
    const shown = received === undefined ? '' : ` (received ${value})`;
    return `${path === '' ? 'the input' : path} ${message}${shown}`;
  });
  if (lines.length > mostLines) lines.splice(mostLines, Infinity, `and ${lines.length - mostLines} more`);
  const target = model === undefined ? doing : `${doing} with ${model}`;
  return new InvalidInputError(`Cannot ${target}: ${lines.join('; ')}. Nothing was sent`, { model, issues });
}
