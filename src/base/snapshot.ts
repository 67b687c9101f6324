import { isBytes } from './kind.js';
import { isRecord } from './record.js';

/** Deeper values are not copied: no model takes any, and a circle would never end. */
const mostLevels = 10;

/**
 * A copy that later changes by the caller do not reach. It copies lists, plain objects and bytes, and keeps getters and
 * everything else as it is.
 */
export function snapshot<Value>(value: Value, levels = mostLevels): Value {
  try {
    if (isBytes(value)) return structuredClone(value);
    if (levels === 0 || !isPlain(value)) return value;
    const fields = Object.getOwnPropertyDescriptors(value);
    for (const field of Object.values(fields)) {
      if ('value' in field) field.value = snapshot(field.value, levels - 1);
    }
    const empty = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
    return Object.defineProperties(empty, fields);
  } catch {
    // a Proxy that throws: the check of the input tells it
    return value;
  }
}

/** An object of another realm has another Object.prototype, which has no prototype either. */
function isPlain(value: unknown): value is object {
  if (!isRecord(value)) return Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
