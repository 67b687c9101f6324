export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object; an empty one where the value is none, so that its fields can be read without a check. */
export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

type Compact<T> = { [K in keyof T as T[K] extends NonNullable<T[K]> ? K : never]: T[K] } & {
  [K in keyof T as T[K] extends NonNullable<T[K]> ? never : K]?: NonNullable<T[K]>;
};

/** A copy without the fields that are undefined or null. */
export function compact<T extends object>(fields: T): Compact<T>;
export function compact(fields: Record<string, unknown>): object {
  // a plain loop: every status check calls this
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) if (fields[name] != null) kept[name] = fields[name];
  return kept;
}
