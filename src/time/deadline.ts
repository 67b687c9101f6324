import { onAbort } from './abort.js';
import { longestTimerMs } from './sleep.js';

/** Is over when the caller's signal aborts, or when `until` has waited for `ms`. */
export class Deadline {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  readonly #ms: number;
  readonly #onTime: () => void;
  readonly #forget: () => void;
  #reject: ((reason: unknown) => void) | undefined;
  #isWaiting = false;

  /** `missing` tells what did not happen, for the message: `no answer`. */
  constructor(ms: number, missing: string, signal: AbortSignal | undefined) {
    this.#ms = Math.min(ms, longestTimerMs);
    this.#onTime = () => {
      if (this.#isWaiting) this.#abort(new Error(`${missing} for ${ms} ms`));
      // nobody waits now: the time was spent on the caller's own work, so it does not count
      else this.restart();
    };
    this.#timer = setTimeout(this.#onTime, this.#ms);
    this.#forget = onAbort(signal, () => this.#abort(signal?.reason));
  }

  /** Aborts when the deadline is over. The reason is the caller's, or an error that says what did not happen. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Settles as `work` does, or rejects as soon as the deadline is over. Call it for one work at a time. */
  until<T>(work: PromiseLike<T>): Promise<T> {
    // a new promise for each work: `Promise.race` against one long-lived promise would keep every result in memory
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#isWaiting = true;
      if (this.signal.aborted) reject(this.signal.reason);
      work.then((value) => {
        this.#isWaiting = false;
        resolve(value);
      }, reject);
    });
  }

  /** Starts the time again. */
  restart(): void {
    // only Node's timers have `refresh`
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTime, this.#ms);
  }

  /** Removes the timer and the listener. Every deadline must be ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#forget();
    this.#reject = undefined;
  }

  #abort(reason: unknown): void {
    this.#controller.abort(reason);
    this.#reject?.(reason);
  }
}
