import { onAbort } from './abort.js';
import { longestTimerMs } from './sleep.js';

/** Ends when the caller's signal aborts, or when `ms` have passed while something was waited for. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #forget: () => void;
  #reject: ((reason: unknown) => void) | undefined;
  #isWaiting = true;

  /** `missing` tells what did not happen: `no answer`. */
  constructor(ms: number, missing: string, signal: AbortSignal | undefined) {
    this.#timer = setTimeout(
      () => {
        if (this.#isWaiting) this.#abort(new Error(`${missing} for ${ms} ms`));
        // while nobody waits, the caller's own work takes the time
        else this.restart();
      },
      Math.min(ms, longestTimerMs),
    );
    this.#forget = onAbort(signal, () => this.#abort(signal?.reason));
  }

  /** For a fetch. Its reason is the caller's, or says what did not happen. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Settles as `work` does, or rejects as soon as the deadline is over. One at a time. */
  until<T>(work: PromiseLike<T>): Promise<T> {
    // one promise of its own: `Promise.race` against a promise that lives on would keep every result in memory
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

  /** Begins the time anew. */
  restart(): void {
    this.#timer.refresh();
  }

  /** Has to be called: it leaves neither a timer nor a listener. */
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
