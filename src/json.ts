/** Readers for what came over the wire: anything may be missing or of another type. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one, so that fields can be asked for without a chain of questions. */
export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The string, or `undefined` where there is none or an empty one. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number, also one written as a string, or `undefined`. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** An id: opaque, and a text here even where it is a number on the wire. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : text(value);
}

export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

type Compact<T> = { [K in keyof T as T[K] extends NonNullable<T[K]> ? K : never]: T[K] } & {
  [K in keyof T as T[K] extends NonNullable<T[K]> ? never : K]?: NonNullable<T[K]>;
};

/** A copy without the fields that are undefined or null. */
export function compact<T extends object>(fields: T): Compact<T>;
export function compact(fields: Record<string, unknown>): object {
  // every status check comes by here
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) if (fields[name] != null) kept[name] = fields[name];
  return kept;
}
