import { isRecord } from './record.js';

/** Readers for values from answers: anything may be missing or of another type. */

/** The string, or `undefined` where there is none or an empty one. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number, also one written as a string, or `undefined`. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** The latest time that a Date can hold. */
const latestMs = 8.64e15;
/** As milliseconds this is in 1973, as seconds in the year 5138: smaller numbers are seconds. */
const leastMs = 1e11;

/** The ISO time of a number of milliseconds since 1970. Older answers hold seconds. */
export function isoTime(value: unknown): string | undefined {
  const since1970 = number(value) ?? 0;
  const ms = since1970 < leastMs ? since1970 * 1000 : since1970;
  return ms > 0 && ms < latestMs ? new Date(ms).toISOString() : undefined;
}

/** An id as a text, also where the answer has a number. {@link exactNumbers} keeps long numbers exact. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return text(value)?.trim() ? text(value) : undefined;
}

/** The JSON with each number that JSON.parse would round as a text: `12345678901234567890` is not `…68000`. */
export function exactNumbers(json: string): string {
  const parts: string[] = [];
  // no expression for whole strings: one of 8 MB overflows its stack
  for (let at = 0; at < json.length; ) {
    const open = json.indexOf('"', at);
    const end = open < 0 ? json.length : endOfString(json, open);
    parts.push(json.slice(at, open < 0 ? end : open).replace(/-?\d[\d.eE+-]*/g, toExact));
    if (open >= 0) parts.push(json.slice(open, end));
    at = end;
  }
  return parts.join('');
}

function toExact(number: string): string {
  return String(Number(number)) === number ? number : `"${number}"`;
}

/** The place behind the string of valid JSON that opens at `open`. */
function endOfString(json: string, open: number): number {
  for (let quote = json.indexOf('"', open + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let start = quote;
    while (json[start - 1] === '\\') start -= 1;
    // an odd number of backslashes makes the quote a part of the string
    if ((quote - start) % 2 === 0) return quote + 1;
  }
  return json.length;
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
