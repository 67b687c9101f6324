/** Readers for values from answers: anything may be missing or of another type. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object; an empty one where the value is none, so that its fields can be read without a check. */
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

/** An id as a text, also where the answer has a number. {@link exactNumbers} keeps long numbers exact. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : text(value);
}

/** A token of valid JSON: a string, or a number. */
const jsonTokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Puts numbers that JSON.parse would round into quotes: `12345678901234567890` must not become `…68000`. */
export function exactNumbers(json: string): string {
  return json.replace(jsonTokens, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`,
  );
}

/** Deeper nesting is not read: 20,000 levels overflow the stack of any recursion, that of JSON.stringify too. */
const mostLevels = 100;

export function isTooDeep(value: unknown, levels = mostLevels): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isTooDeep(child, levels - 1));
}

/** A copy that ends where the value gets too deep. */
export function cutDepth(value: unknown, levels = mostLevels): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) return value.map((child) => cutDepth(child, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, cutDepth(child, levels - 1)]),
  );
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
  // a plain loop: every status check calls this
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) if (fields[name] != null) kept[name] = fields[name];
  return kept;
}

/** The words in an error of any shape: a string, `{ message }`, `{ detail: [{ loc, msg }] }`, a list of those. */
export function describeProblem(error: unknown): string | undefined {
  if (Array.isArray(error)) return error.map(describeProblem).filter(Boolean).join('; ') || undefined;
  if (!isRecord(error)) return String(error ?? '').trim() || undefined;
  const said = describeProblem(
    error.message ?? error.msg ?? error.detail ?? error.error_message ?? error.error,
  );
  const where = error.path ?? error.loc;
  const field = Array.isArray(where) ? where.map(idOf).filter(Boolean).join('.') : '';
  if (!said) return text(error.name) ?? text(error.code);
  return field ? `${field}: ${said}` : said;
}
