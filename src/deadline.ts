import { onAbort } from './abort.js';
import { longestTimerMs } from './sleep.js';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Settles as `work` does, or rejects as soon as the deadline is over. One at a time. */
  until<T>(work: PromiseLike<T>): Promise<T>;
  /** Begins the time anew. */
  restart(): void;
  /** Leaves neither a timer nor a listener. */
  end(): void;
}

/** Is over when the caller's signal aborts or `ms` have passed; `missing` tells what did not happen: `no answer`. */
export function startDeadline(ms: number, missing: string, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  // a promise that all of them race against would hold on to each; a listener for each costs more than the rest
  let reject = (_reason: unknown) => {};
  const abort = (reason: unknown) => {
    controller.abort(reason);
    reject(reason);
  };
  let isWaiting = false;
  // while nobody waits, it is the caller's own work that takes its time
  const onLate = () => (isWaiting ? abort(new Error(`${missing} for ${ms} ms`)) : timer.refresh());
  const timer = setTimeout(onLate, Math.min(ms, longestTimerMs));
  const leave = onAbort(signal, () => abort(signal?.reason));
  return {
    signal: controller.signal,
    until: (work) =>
      new Promise((resolve, fail) => {
        reject = fail;
        isWaiting = true;
        if (controller.signal.aborted) fail(controller.signal.reason);
        work.then((value) => {
          isWaiting = false;
          resolve(value);
        }, fail);
      }),
    restart: () => void timer.refresh(),
    end() {
      clearTimeout(timer);
      leave();
    },
  };
}
