/** The name of the value's built-in type. Unlike `instanceof`, it also knows values of another realm. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** As {@link tagOf}; where a getter of the value throws, its type. */
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
