import * as z from 'zod/mini';
import { type InputIssue, InvalidInputError } from './errors.js';
import { isRecord } from './json.js';
import { nearest } from './nearest.js';
import { printable } from './redact.js';

/** Builders of fields: each states its rule once, in words that go on from the field's name. */

/** A text; lengths count characters as JSON Schema does, so that an emoji is one. */
export function string({ min = 0, max = Number.POSITIVE_INFINITY } = {}) {
  const bounds = Number.isFinite(max)
    ? ` of ${min} to ${max} characters`
    : min > 0
      ? ` of at least ${min} character`
      : '';
  const rule = `takes a text${bounds}`;
  const fits = (value: string) => value.length >= min && (value.length <= max || [...value].length <= max);
  return z.string(rule).check(z.refine(fits, rule));
}

export function integer({
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  multipleOf = 1,
} = {}) {
  const range = Number.isFinite(min) ? ` from ${min} to ${max}` : '';
  const rule = `takes a whole number${range}${multipleOf === 1 ? '' : `, a multiple of ${multipleOf}`}`;
  const fits = (value: number) =>
    Number.isInteger(value) && value >= min && value <= max && value % multipleOf === 0;
  return z.number(rule).check(z.refine(fits, rule));
}

export function boolean() {
  return z.boolean('takes true or false');
}

export function oneOf<const Values extends readonly string[]>(...values: Values) {
  return z.enum(values, `takes ${alternatives(values)}`);
}

function alternatives(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(' or ');
}

/** A schema that is built when first needed, and kept. */
export type Check<Input> = (input: unknown) => { value: Input } | { issues: InputIssue[] };

export function checkWith<Input>(build: () => z.ZodMiniType<Input>): Check<Input> {
  let schema: z.ZodMiniType<Input> | undefined;
  return (input) => {
    schema ??= build();
    const result = schema.safeParse(input);
    if (result.success) return { value: result.data };
    const fields = schema instanceof z.ZodMiniObject ? Object.keys(schema._zod.def.shape) : [];
    return { issues: result.error.issues.flatMap((issue) => toIssues(issue, input, fields)) };
  };
}

function toIssues(issue: z.core.$ZodIssue, input: unknown, fields: readonly string[]): InputIssue[] {
  const path = toPath(issue.path);
  const value = valueAt(input, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const at = {
        path: toPath([...issue.path, key.slice(0, 80)]),
        ...receivedOf(key, valueAt(value, [key])),
      };
      if (path !== '') return { ...at, message: `is not a field: ${path} ${issue.message}` };
      const near = nearest(key, fields);
      const hint = near === undefined ? `it takes ${fields.join(', ')}` : `did you mean "${near}"?`;
      return { ...at, message: `is not a field of this model: ${hint}` };
    });
  }
  if (issue.code === 'invalid_union' && isRecord(value)) {
    const inner = issue.errors.find((errors) =>
      errors.some((error) => error.path.length > 0 || error.code === 'unrecognized_keys'),
    );
    if (inner) {
      return inner.flatMap((error) =>
        toIssues({ ...error, path: [...issue.path, ...error.path] }, input, fields),
      );
    }
  }
  if (value === undefined) return [{ path, message: `is missing: it ${issue.message}` }];
  const word = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const near = word === '' ? undefined : nearest(word, valuesOf(issue));
  const message = near === undefined ? issue.message : `${issue.message} (did you mean "${near}"?)`;
  return [{ path, message, received: printable(value) }];
}

/** The words that would have been right, where there is a list of them. */
function valuesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(valuesOf) : [];
}

// an unknown field may be a key in the wrong argument
function receivedOf(key: string, value: unknown): Pick<InputIssue, 'received'> {
  return /key|token|secret|password|auth/i.test(key) ? {} : { received: printable(value) };
}

function toPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`,
    '',
  );
}

function valueAt(input: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
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
  const target = model === undefined ? doing : `${doing} with ${model}`;
  return new InvalidInputError(`Cannot ${target}: ${lines.join('; ')}. Nothing was sent`, { model, issues });
}
