import * as z from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';
import type { InputIssue } from '../base/errors.js';
import { isBytes } from '../base/kind.js';
import { isRecord } from '../base/record.js';
import { printable } from '../base/redact.js';
import { messageOf } from '../base/thrown.js';
import { type Elsewhere, explain, toPath } from './explain.js';
import { limitsOf } from './limits.js';
import { explainValue, hintFor, ruleOf } from './rule.js';

/** No model has half as many. */
const mostFields = 200;
/** A longer list is looked through until its first wrong entry: thousands of issues would help nobody. */
const longList = 200;

/** A copy of an input that fits, or all issues of one that does not. */
export type Checked<Value> = { value: Value } | { issues: InputIssue[] };

/**
 * Checks an input by a schema. It never throws: what cannot be read is an issue too. Each field is read once, because a
 * getter could give another value later.
 */
export function check<Value>(schema: $ZodType<Value>, input: unknown): Checked<Value> {
  return orUnreadable(input, () => {
    if (!isRecord(input) || isBytes(input)) return checkFields(schema, input);
    const crowd = findCrowd('', input);
    if (crowd) return { issues: [crowd] };
    if (!isOtherObject(input)) return checkFields(schema, { ...input });
    return { issues: [{ path: '', message: explainValue(limitsOf(schema), input) }] };
  });
}

/** Whether it is an object of another kind, such as a Promise, a Map or a form: none of them has fields. */
export function isOtherObject(input: object): boolean {
  return Object.keys(input).length === 0 && hintFor({}, input) !== undefined;
}

/** {@link check} of fields that were read already. It throws where a part of them does. */
export function checkFields<Value>(
  schema: $ZodType<Value>,
  fields: unknown,
  elsewhere?: Elsewhere,
): Checked<Value> {
  const large = findLarge(schema, fields);
  if (large) return { issues: [large] };
  const result = z.safeParse(schema, fields);
  if (result.success) return { value: result.data };
  return { issues: explain(result.error.issues, limitsOf(schema), fields, elsewhere) };
}

/** What `judge` gives; one issue where reading the input throws: a getter, a trap of a proxy. */
export function orUnreadable<Value>(input: unknown, judge: () => Checked<Value>): Checked<Value> {
  try {
    return judge();
  } catch (cause) {
    const message = `cannot be read: it throws (${messageOf(cause)})`;
    return { issues: [{ path: findThrowing(input), message }] };
  }
}

/** The field whose getter throws; the empty path where reading the input itself, or a part of a field, throws. */
function findThrowing(input: unknown): string {
  try {
    return Object.keys(Object(input)).find((name) => throws(() => Reflect.get(Object(input), name))) ?? '';
  } catch {
    return '';
  }
}

function throws(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

/** The issue of a field that is an object with far too many fields, or a long list. */
function findLarge(schema: $ZodType, fields: unknown): InputIssue | undefined {
  if (!isRecord(fields)) return undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value !== 'object' || value === null) continue;
    const large = Array.isArray(value)
      ? findWrongEntry(schema, name, value)
      : findCrowd(toPath([name]), value);
    if (large) return large;
  }
  return undefined;
}

/**
 * The issue of an object with far too many fields, such as a file that was spread by mistake: to look for the name that
 * each was meant to have would take seconds.
 */
export function findCrowd(path: string, value: object): InputIssue | undefined {
  const count = isBytes(value) ? 0 : Object.keys(value).length;
  return count > mostFields ? { path, message: `has ${count} fields: nothing takes so many` } : undefined;
}

/** The issue of a long list: that it is too long, or its first entry that is wrong. */
function findWrongEntry(schema: $ZodType, name: string, entries: unknown[]): InputIssue | undefined {
  if (entries.length <= longList || !(schema instanceof z.ZodMiniObject)) return undefined;
  const field = Object.hasOwn(schema.def.shape, name) ? schema.def.shape[name] : undefined;
  const list = field instanceof z.ZodMiniOptional ? field.def.innerType : field;
  if (!(list instanceof z.ZodMiniArray)) return undefined;
  const limits = limitsOf(list);
  if (entries.length > (limits.maxItems ?? Infinity)) {
    return { path: name, message: ruleOf(limits), received: printable(entries) };
  }
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index];
    if (z.safeParse(list.def.element, entry).success) continue;
    const received = entry === undefined ? {} : { received: printable(entry) };
    return {
      path: `${name}[${index}]`,
      message: explainValue(limitsOf(list.def.element), entry),
      ...received,
    };
  }
  return undefined;
}
