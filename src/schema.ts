import {
  type $strict,
  $ZodArray,
  $ZodCustom,
  $ZodNever,
  $ZodObject,
  $ZodOptional,
  type $ZodType,
  safeParse,
} from 'zod/v4/core';
import { type InputIssue, InvalidInputError } from './errors.js';
import { isRecord, record } from './json.js';
import { nearest } from './nearest.js';
import { printable } from './redact.js';

/** What a field takes, in the words of JSON Schema. */
export interface FieldLimits {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  /** There where the field may not be left out. */
  required?: true;
  /** What the API takes where the field is left out. */
  default?: unknown;
  enum?: readonly (string | number)[];
  /** Characters. */
  minLength?: number;
  /** Characters. */
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minItems?: number;
  maxItems?: number;
  items?: FieldLimits;
  properties?: Readonly<Record<string, FieldLimits>>;
  anyOf?: readonly FieldLimits[];
  /** The field is the address of a picture, a video or a sound. */
  media?: 'image' | 'video' | 'audio';
  /** Whether the file itself, as a data URI, is taken in place of its address. */
  dataUri?: boolean;
}

const limits = new WeakMap<$ZodType, FieldLimits>();

/** What a schema made here takes. */
export function limitsOf(schema: $ZodType): FieldLimits {
  return limits.get(schema) ?? {};
}

function withLimits<Schema extends $ZodType>(schema: Schema, known: FieldLimits): Schema {
  limits.set(schema, known);
  return schema;
}

/**
 * Builders of fields, on the core that zod and zod/mini share: its constructors are not generic, so their types are
 * stated here. Each states its rule once, in words that go on from the field's name. */

/** A field of one rule. */
export function field<Value>(
  known: FieldLimits,
  rule: string,
  fits: (value: unknown) => boolean,
): $ZodCustom<Value, Value> {
  return withLimits(custom(fits, says(rule, known.enum)) as $ZodCustom<Value, Value>, known);
}

function custom(
  fn: (value: unknown) => boolean,
  error: (issue: { input?: unknown }) => string,
  path?: string,
) {
  return new $ZodCustom({
    type: 'custom',
    check: 'custom',
    fn,
    error,
    ...(path ? { path: [path] } : { abort: true }),
  });
}

function says(rule: string, values: readonly (string | number)[] = []) {
  return ({ input }: { input?: unknown }): string => {
    if (input === undefined) return `is missing: it ${rule}`;
    // for a number of a list of numbers, none is nearer than another
    const isWord = typeof input === 'string' || typeof input !== typeof values[0];
    const near = isWord ? nearest(String(printable(input)), values.map(String)) : undefined;
    const meant = values.find((value) => String(value) === near);
    return meant === undefined ? rule : `${rule} (did you mean ${JSON.stringify(meant)}?)`;
  };
}

/** A text; lengths count characters as JSON Schema does, so that an emoji is one. */
export function string(bounds: { minLength?: number; maxLength?: number } = {}) {
  const { minLength = 0, maxLength = Infinity } = bounds;
  const least = minLength > 0 ? ` of at least ${minLength} character` : '';
  const count = Number.isFinite(maxLength) ? ` of ${minLength} to ${maxLength} characters` : least;
  return field<string>({ type: 'string', ...bounds }, `takes a text${count}`, (value) => {
    if (typeof value !== 'string' || value.length < minLength) return false;
    return value.length <= maxLength || [...value].length <= maxLength;
  });
}

export function integer(bounds: { minimum?: number; maximum?: number; multipleOf?: number } = {}) {
  const { minimum = -Infinity, maximum = Infinity, multipleOf = 1 } = bounds;
  const range = 'minimum' in bounds ? ` from ${minimum} to ${maximum}` : '';
  const rule = `takes a whole number${range}${multipleOf === 1 ? '' : `, a multiple of ${multipleOf}`}`;
  return field<number>({ type: 'integer', ...bounds }, rule, (value) => {
    const isWhole = typeof value === 'number' && Number.isInteger(value);
    return isWhole && value >= minimum && value <= maximum && value % multipleOf === 0;
  });
}

export function number() {
  return field<number>({ type: 'number' }, 'takes a number', Number.isFinite);
}

export function boolean() {
  const fits = (value: unknown) => typeof value === 'boolean';
  return field<boolean>({ type: 'boolean' }, 'takes true or false', fits);
}

export function oneOf<const Value extends string | number>(...values: Value[]) {
  const type = typeof values[0] === 'number' ? 'integer' : 'string';
  const rule = `takes ${values.map((value) => JSON.stringify(value)).join(' or ')}`;
  const known: readonly unknown[] = values;
  return field<Value>({ type, enum: values }, rule, (value) => known.includes(value));
}

/** A list; `things` is what is in it, in the plural. */
export function list<Item extends $ZodType>(
  things: string,
  element: Item,
  bounds: { minItems?: number; maxItems?: number } = {},
) {
  const { minItems = 0, maxItems = Infinity } = bounds;
  const count = Number.isFinite(maxItems) ? `${minItems} to ${maxItems} ` : '';
  const error = says(`takes a list of ${count}${things}`);
  const fits = (value: unknown) =>
    Array.isArray(value) && value.length >= minItems && value.length <= maxItems;
  const checks = [custom(fits, error)];
  const schema = new $ZodArray({ type: 'array', element, error, checks }) as $ZodArray<Item>;
  return withLimits(schema, { type: 'array', ...bounds, items: limitsOf(element) });
}

/** A field that may be left out; `fallback` is what the API takes then. */
export function optional<Inner extends $ZodType>(innerType: Inner, fallback?: unknown) {
  const known = { ...limitsOf(innerType), ...(fallback !== undefined && { default: fallback }) };
  return withLimits(new $ZodOptional({ type: 'optional', innerType }) as $ZodOptional<Inner>, known);
}

type Shape = Readonly<Record<string, $ZodType>>;

/** An object of these fields and no others. */
export function strictObject<Fields extends Shape>(shape: Fields, ...checks: $ZodCustom[]) {
  const names = Object.keys(shape);
  const rule = says(`takes { ${names.join(', ')} }`);
  const properties = Object.entries(shape).map(([name, value]): [string, FieldLimits] => [
    name,
    { ...limitsOf(value), ...(!(value instanceof $ZodOptional) && { required: true }) },
  ]);
  const schema = new $ZodObject({
    type: 'object',
    shape,
    catchall: new $ZodNever({ type: 'never' }),
    checks,
    // of an unknown field, the names of the known ones are the message until its own is made of them
    error: (issue: { code?: string; input?: unknown }) =>
      issue.code === 'unrecognized_keys' ? names.join(', ') : rule(issue),
  }) as $ZodObject<Fields, $strict>;
  return withLimits(schema, { type: 'object', properties: Object.fromEntries(properties) });
}

/** A rule that takes several fields to judge; the issue is `path`'s. */
export function together(path: string, rule: string, fits: (fields: Record<string, unknown>) => boolean) {
  return custom(
    (value) => fits(record(value)),
    () => rule,
    path,
  );
}

/** What the one takes where an object is given, else what the other takes. */
export function either<One, Other>(object: $ZodType<One>, other: $ZodType<Other>) {
  const schema = field<One | Other>({ anyOf: [limitsOf(object), limitsOf(other)] }, '', () => true);
  schema._zod.run = (payload, context) => {
    const chosen = isRecord(payload.value) ? object : other;
    return chosen._zod.run(payload, context);
  };
  return schema;
}

/** What fits, as a copy, or all that does not. */
export type Checked<Value> = { value: Value } | { issues: InputIssue[] };

export function check<Value>(schema: $ZodType<Value>, input: unknown): Checked<Value> {
  const result = safeParse(schema, input);
  if (result.success) return { value: result.data };
  return { issues: result.error.issues.flatMap((issue) => toIssues(issue, input)) };
}

/** The API's two names for one thing: which it takes depends on the model. */
const twins = ['enhance_prompt', 'enable_prompt_expansion'];

type Issue = NonNullable<ReturnType<typeof safeParse>['error']>['issues'][number];

function toIssues(issue: Issue, input: unknown): InputIssue[] {
  const { message } = issue;
  const path = toPath(issue.path);
  const value = issue.path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), input);
  if (issue.code !== 'unrecognized_keys') {
    return [{ path, message, ...(value !== undefined && { received: printable(value) }) }];
  }
  return issue.keys.map((key) => {
    const fields = message.split(', ');
    const near = nearest(key, fields) ?? fields.find((name) => twins.includes(name) && twins.includes(key));
    const hint = near === undefined ? `it takes ${message}` : `did you mean "${near}"?`;
    return {
      path: toPath([...issue.path, key.slice(0, 80)]),
      message: `is not a field of ${path || 'this model'}: ${hint}`,
      ...receivedOf(key, Reflect.get(Object(value), key)),
    };
  });
}

// an unknown field may be a key in the wrong argument
function receivedOf(key: string, value: unknown): Pick<InputIssue, 'received'> {
  return /key|token|secret|password|auth/i.test(key) ? {} : { received: printable(value) };
}

function toPath(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
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
  const target = model === undefined ? doing : `${doing} with ${model}`;
  return new InvalidInputError(`Cannot ${target}: ${lines.join('; ')}. Nothing was sent`, { model, issues });
}
