import { backoffMs } from '../http/retry.js';

const defaultIntervalMs = 5_000;

/** Milliseconds from one status check to the next while all is well. */
export function intervalOf(intervalMs: number | undefined): number {
  return intervalMs ?? defaultIntervalMs;
}

/** Milliseconds to the next check after `troubles` failed ones in a row: backs off, never below the interval. */
export function delayMs(interval: number, troubles: number, retryAfterMs = 0): number {
  const backedOff = troubles === 0 ? 0 : backoffMs(troubles, { baseMs: interval, capMs: 30_000 });
  return Math.max(interval, retryAfterMs, backedOff);
}
