import {
  type $strict,
  $ZodCustom,
  $ZodObject,
  type $ZodType,
  type $ZodTypeInternals,
  type input,
  type output,
  type ParsePayload,
} from 'zod/v4/core';
import { isRecord, record } from '../base/record.js';
import { explainRule, explainUnknownField } from './explain.js';

/** What a field takes, in the words of JSON Schema. */
export interface FieldLimits {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  /** Set where the field may not be left out. */
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
 * A field of one rule, which is also the message: `rule` goes on from the field's name, such as `takes a text`.
 *
 * The builders of this file use the core that zod and zod/mini share. Its constructors are not generic, so that each
 * builder states its type.
 */
export function field<Value>(
  known: FieldLimits,
  rule: string,
  fits: (value: unknown) => boolean,
): $ZodCustom<Value, Value> {
  return withLimits(custom(fits, explainRule(rule, known.enum)) as $ZodCustom<Value, Value>, known);
}

/** `abort`: where this rule is broken, zod skips the rules over several fields. */
function custom(
  fn: (value: unknown) => boolean,
  error: (issue: { input?: unknown; path?: PropertyKey[] | undefined }) => string,
  more: { abort?: true; path?: string[] } = { abort: true },
) {
  return new $ZodCustom({ type: 'custom', check: 'custom', fn, error, ...more });
}

/** A text; lengths count characters as JSON Schema does, so that an emoji is one. */
export function string(bounds: { minLength?: number; maxLength?: number } = {}) {
  const { minLength = 0, maxLength = Infinity } = bounds;
  const least = minLength > 0 ? ` of at least ${minLength} character` : '';
  const count = maxLength < Infinity ? ` of ${minLength} to ${maxLength} characters` : least;
  return field<string>({ type: 'string', ...bounds }, `takes a text${count}`, (value) => {
    if (typeof value !== 'string' || value.length < minLength) return false;
    // a character has at most two units: a text of more than that is too long, and counting it could take seconds
    return value.length <= maxLength || (value.length <= 2 * maxLength && [...value].length <= maxLength);
  });
}

export function integer(bounds: { minimum?: number; maximum?: number; multipleOf?: number } = {}) {
  const { minimum = -Infinity, maximum = Infinity, multipleOf = 1 } = bounds;
  const range = maximum < Infinity ? ` from ${minimum} to ${maximum}` : '';
  const rule = `takes a whole number${range}${multipleOf === 1 ? '' : `, a multiple of ${multipleOf}`}`;
  return field<number>({ type: 'integer', ...bounds }, rule, (value) => {
    // a number that is not whole leaves a remainder
    return typeof value === 'number' && value >= minimum && value <= maximum && value % multipleOf === 0;
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

/** A list. `things` names its items in the plural, for the message. */
const mostIssues = 100;

export function list<Value>(
  things: string,
  element: $ZodType<Value, Value>,
  bounds: { minItems?: number; maxItems?: number } = {},
) {
  const { minItems = 0, maxItems = Infinity } = bounds;
  const count = maxItems < Infinity ? `${minItems} to ${maxItems} ` : '';
  const known: FieldLimits = { type: 'array', ...bounds, items: limitsOf(element) };
  const fits = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length >= minItems && value.length <= maxItems;
  const schema = field<readonly Value[]>(known, `takes a list of ${count}${things}`, fits);
  schema._zod.parse = (payload, context) => {
    // a list that is too long is one issue, not one for each item
    if (!fits(payload.value)) return payload;
    payload.value = Array.from(payload.value, (value, index) => {
      const item: ParsePayload = { value, issues: [] };
      // a list of thousands of wrong entries needs no issue for each
      if (payload.issues.length >= mostIssues) return value;
      element._zod.run(item, context);
      for (const issue of item.issues)
        payload.issues.push({ ...issue, path: [index, ...(issue.path ?? [])] });
      return item.value;
    });
    return payload;
  };
  return schema;
}

export interface Optional<Inner extends $ZodType> extends $ZodType {
  _zod: $ZodTypeInternals<output<Inner> | undefined, input<Inner> | undefined> & {
    optin: 'optional';
    optout: 'optional';
  };
}

/** A field that may be left out; `fallback` is what the API takes then. */
export function optional<Inner extends $ZodType>(inner: Inner, fallback?: unknown) {
  const known = { ...limitsOf(inner), ...(fallback !== undefined && { default: fallback }) };
  const schema = choice(known, (value) => (value === undefined ? undefined : inner)) as Optional<Inner>;
  schema._zod.optin = schema._zod.optout = 'optional';
  return schema;
}

type Shape = Readonly<Record<string, $ZodType>>;

/** An object of these fields and no others. */
export function strictObject<Fields extends Shape>(shape: Fields, ...checks: $ZodCustom[]) {
  const names = Object.keys(shape);
  const properties = Object.entries(shape).map(([name, value]): [string, FieldLimits] => [
    name,
    { ...limitsOf(value), ...(!value._zod.optin && { required: true }) },
  ]);
  const schema = new $ZodObject({
    type: 'object',
    shape,
    catchall: custom(() => false, explainUnknownField(names), {}),
    checks,
    error: explainRule(`takes { ${names.join(', ')} }`),
  }) as $ZodObject<Fields, $strict>;
  return withLimits(schema, { type: 'object', properties: Object.fromEntries(properties) });
}

/** A rule over several fields. Its issue names the field `path`. */
export function together(path: string, rule: string, fits: (fields: Record<string, unknown>) => boolean) {
  return custom(
    (value) => fits(record(value)),
    () => rule,
    { path: [path] },
  );
}

/** Checks an object by the first schema, anything else by the second. */
export function either<One, Other>(object: $ZodType<One>, other: $ZodType<Other>) {
  const known = { anyOf: [limitsOf(object), limitsOf(other)] };
  return choice<One | Other>(known, (value) => (isRecord(value) ? object : other));
}

/** Checks by the schema that `choose` gives. Where it gives none, any value fits. */
function choice<Value>(known: FieldLimits, choose: (value: unknown) => $ZodType | undefined) {
  const schema = field<Value>(known, '', () => true);
  schema._zod.run = (payload, context) => choose(payload.value)?._zod.run(payload, context) ?? payload;
  return schema;
}
