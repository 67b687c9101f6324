/** The name of the value's built-in type. Unlike `instanceof`, it also knows values of another realm. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

export function isBytes(value: unknown): value is NodeJS.ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || /^(Shared)?ArrayBuffer$/.test(tagOf(value));
}

/**
 * A value in the message about an option, without what it holds: it may be in the wrong place, with the key in it.
 * `printable` shows more, and takes more code.
 */
export function nameValue(value: unknown): string {
  if (typeof value === 'string') return /^-?[\d.]+ ?[a-z]{0,2}$/i.test(value) ? `"${value}"` : 'a text';
  if (typeof value === 'object' && value !== null)
    return tagOf(value) === 'Object' ? 'an object' : tagOf(value);
  return typeof value === 'function' ? 'a function' : String(value);
}
