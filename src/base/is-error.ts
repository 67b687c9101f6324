import { tagOf } from './kind.js';

/** As `tagOf`; where a getter of the value throws, its type. */
export function kindOf(value: unknown): string {
  try {
    return tagOf(value);
  } catch {
    return typeof value;
  }
}

/** Whether the value is an error. Under Jest, an error of Node is no `instanceof Error`. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || /^(Error|DOMException)$/.test(tagOf(value));
}
