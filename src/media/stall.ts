import { onAbort } from '../abort.js';
import { longestTimerMs } from '../sleep.js';

export interface StallTimer {
  readonly signal: AbortSignal;
  restart(): void;
  end(): void;
}

/** A signal that aborts with the caller's, or when nothing has arrived for a while. */
export function startStallTimer(stallTimeoutMs: number, signal: AbortSignal | undefined): StallTimer {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const onStall = () => controller.abort(new Error(`nothing arrived for ${stallTimeoutMs} ms`));
  const timer = setTimeout(onStall, Math.min(stallTimeoutMs, longestTimerMs));
  const leave = onAbort(signal, abort);
  if (signal?.aborted) abort();
  return {
    signal: controller.signal,
    restart: () => void timer.refresh(),
    end: () => {
      clearTimeout(timer);
      leave();
    },
  };
}
