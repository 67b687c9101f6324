import type { $ZodType } from 'zod/v4/core';
import { type InputIssue, InvalidInputError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { isRecord, record } from '../base/record.js';
import { isBytes, printable } from '../base/redact.js';

/** Issues that a message lists. */
const mostLines = 10;
/** Characters of the name of a field that are shown. */
const longestKey = 80;

/** No model has half as many. */
const mostFields = 200;

/** A copy of an input that fits, or all issues of one that does not. */
export type Checked<Value> = { value: Value } | { issues: InputIssue[] };

export function check<Value>(schema: $ZodType<Value>, input: unknown): Checked<Value> {
  const crowded = findCrowded(input);
  if (crowded) return { issues: [crowded] };
  const result = schema['~standard'].validate(input);
  if (result instanceof Promise) {
    // a getter in the input threw: zod then tries again asynchronously
    result.catch(() => {});
    return { issues: [{ path: '', message: 'cannot be read: a field of it throws' }] };
  }
  if (!result.issues) return result;
  return {
    issues: result.issues.map(({ path = [], message }) => {
      const keys = path.map((key) => (typeof key === 'object' ? key.key : key));
      const value = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), input);
      // an unknown field may be an API key in the wrong argument
      const isShown = value !== undefined && !/key|token|secret|password|auth/i.test(String(keys.at(-1)));
      return { path: toPath(keys), message, ...(isShown && { received: printable(value) }) };
    }),
  };
}

/**
 * The issue of an object with far too many fields, such as a file that was spread by mistake: to look for the name that
 * each field was meant to have would take seconds.
 */
function findCrowded(input: unknown): InputIssue | undefined {
  const fields = record(input);
  for (const path of ['', ...Object.keys(fields).slice(0, mostFields)]) {
    const value = path === '' ? fields : Object.getOwnPropertyDescriptor(fields, path)?.value;
    const count = isRecord(value) && !isBytes(value) ? Object.keys(value).length : 0;
    if (count > mostFields) return { path, message: `has ${count} fields: nothing takes so many` };
  }
  return undefined;
}

function toPath(keys: readonly PropertyKey[]): string {
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

/** The message for a value that breaks a rule. `values` are all that the field takes, where there is such a list. */
export function explainRule(rule: string, values: readonly (string | number)[] = []) {
  return ({ input }: { input?: unknown }): string => {
    if (input === undefined) return `is missing: it ${rule}`;
    // a number is no misspelling of another number
    const isWord = typeof input === 'string' || typeof input !== typeof values[0];
    const near = isWord ? nearest(String(printable(input)), values.map(String)) : undefined;
    const meant = values.find((value) => String(value) === near);
    return meant === undefined ? rule : `${rule} (did you mean ${JSON.stringify(meant)}?)`;
  };
}

/** The API has two names for one field. Each model takes one of them. */
const twins = ['enhance_prompt', 'enable_prompt_expansion'];

/** The message for a field that the object does not have. `names` are those that it has. */
export function explainUnknownField(names: readonly string[]) {
  return ({ path = [] }: { path?: PropertyKey[] | undefined }): string => {
    const key = String(path.at(-1));
    const near = nearest(key, names) ?? names.find((name) => twins.includes(name) && twins.includes(key));
    const hint = near === undefined ? `it takes ${names.join(', ')}` : `did you mean "${near}"?`;
    return `is not a field of ${toPath(path.slice(0, -1)) || 'this model'}: ${hint}`;
  };
}
