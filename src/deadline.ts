import { onAbort } from './abort.js';
import { longestTimerMs } from './sleep.js';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Begins the time anew. */
  restart(): void;
  /** Leaves neither a timer nor a listener. */
  end(): void;
}

/** A signal that aborts with the caller's, or when `ms` are over; `missing` tells what did not happen: `no answer`. */
export function startDeadline(ms: number, missing: string, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const onLate = () => controller.abort(new Error(`${missing} for ${ms} ms`));
  const timer = setTimeout(onLate, Math.min(ms, longestTimerMs));
  const leave = onAbort(signal, () => controller.abort(signal?.reason));
  return {
    signal: controller.signal,
    restart: () => void timer.refresh(),
    end() {
      clearTimeout(timer);
      leave();
    },
  };
}
