import type { RequestOptions } from '../base/options.js';
import { defaultTimeoutMs } from './request.js';
import type { Transport } from './transport.js';

/** Options of a request that a wait repeats itself: one attempt, within the time that is left. */
export function once(
  { timeoutMs = defaultTimeoutMs }: Transport,
  signal: AbortSignal | undefined,
  timeLeftMs: number,
): RequestOptions {
  return { signal, timeoutMs: Math.min(timeoutMs, timeLeftMs), maxRetries: 0 };
}
