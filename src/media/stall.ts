import { longestTimerMs } from '../sleep.js';

export type StallTimer = ReturnType<typeof startStallTimer>;

/** A signal that aborts with the caller's, or when nothing has arrived for a while. */
export function startStallTimer(stallTimeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  const onStall = () => controller.abort(new Error(`nothing arrived for ${stallTimeoutMs} ms`));
  const timer = setTimeout(onStall, Math.min(stallTimeoutMs, longestTimerMs));
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    signal: controller.signal,
    restart: () => timer.refresh(),
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
