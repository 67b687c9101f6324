import { onAbort } from '../abort.js';
import { longestTimerMs } from '../sleep.js';

export interface StallTimer {
  readonly signal: AbortSignal;
  restart(): void;
  end(): void;
}

/** A signal that aborts with the caller's, or when nothing has arrived for a while. The caller's has not yet aborted. */
export function startStallTimer(stallTimeoutMs: number, signal: AbortSignal | undefined): StallTimer {
  const controller = new AbortController();
  const onStall = () => controller.abort(new Error(`nothing arrived for ${stallTimeoutMs} ms`));
  const timer = setTimeout(onStall, Math.min(stallTimeoutMs, longestTimerMs));
  const leave = onAbort(signal, () => controller.abort(signal?.reason));
  return {
    signal: controller.signal,
    restart: () => void timer.refresh(),
    end: () => {
      clearTimeout(timer);
      leave();
    },
  };
}
