import type { FetchHeaders } from '../base/fetch.js';

/**
 * Milliseconds that an answer asks to wait: `retry-after-ms`, else `Retry-After` in seconds or as a date.
 * `undefined` where both are missing or illegible.
 */
export function retryAfterMs(headers: FetchHeaders, nowMs: number = Date.now()): number | undefined {
  const exact = toNumber(headers.get('retry-after-ms'));
  if (exact !== undefined) return exact;
  const value = headers.get('retry-after') ?? '';
  const seconds = toNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse reads "-5" as a year
  const at = /[a-z]{3}|^\d{4}-\d\d-/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function toNumber(value: string | null): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(value ?? '') ? Number(value) : undefined;
}
