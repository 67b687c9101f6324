import type { Fetch, FetchInit, FetchResponse } from '../base/options.js';
import { onAbort } from './abort.js';
import { longestTimerMs } from './sleep.js';

/** By this name a fetch of our own offers its connections, on which a request is sent with a deadline, not a signal. */
export const reserve = Symbol.for('aimlapi-wan.reserve');

export interface ReservingFetch extends Fetch {
  /** A connection for one request, now or when it is this one's turn; none for a wrapper that it was copied to. */
  [reserve]?(
    address: string,
    method: FetchInit['method'],
    ending: Ending,
  ): Connection | Promise<Connection> | undefined;
}

export interface Connection {
  /** Has to be called: it is what frees the connection. Nothing is sent where `ending` is over. */
  send(address: string, init: Omit<FetchInit, 'signal'>, ending: Ending): Promise<FetchResponse>;
}

/** What an exchange has to know of its end. */
export interface Ending {
  /** Why it is over, once it is. */
  readonly over: { reason: unknown } | undefined;
  /** Calls back when it is over (at once where it is), in place of what was called back before. */
  onOver(callback: (() => void) | undefined): void;
  /** Lets the time stand still, or begins it anew. */
  hold(isHeld: boolean): void;
}

/** Is over when the caller's signal aborts, or `ms` have passed while it was waited for. */
export class Deadline implements Ending {
  over: { reason: unknown } | undefined;
  #controller: AbortController | undefined;
  #callback: (() => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #isWaiting = true;
  #isHeld = false;
  readonly #timer: NodeJS.Timeout;
  readonly #leave: () => void;

  /** `missing` tells what did not happen: `no answer`. */
  constructor(ms: number, missing: string, signal: AbortSignal | undefined) {
    this.#timer = setTimeout(
      () => {
        if (this.#isWaiting && !this.#isHeld) this.#end(new Error(`${missing} for ${ms} ms`));
        // while nobody waits, it is the caller's own work that takes its time
        else this.#timer.refresh();
      },
      Math.min(ms, longestTimerMs),
    );
    this.#leave = onAbort(signal, () => this.#end(signal?.reason));
  }

  /** For whoever takes nothing else: making one costs more than all the rest here. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.over) this.#controller.abort(this.over.reason);
    return this.#controller.signal;
  }

  onOver(callback: (() => void) | undefined): void {
    this.#callback = callback;
    if (this.over) callback?.();
  }

  /** Settles as `work` does, or rejects as soon as the deadline is over. One at a time. */
  until<T>(work: PromiseLike<T>): Promise<T> {
    // a promise that all of them race against would hold on to each
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#isWaiting = true;
      if (this.over) reject(this.over.reason);
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

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.restart();
  }

  /** Leaves neither a timer nor a listener. */
  end(): void {
    clearTimeout(this.#timer);
    this.#leave();
    this.#callback = undefined;
    this.#reject = undefined;
  }

  #end(reason: unknown): void {
    this.over ??= { reason };
    this.#controller?.abort(reason);
    this.#callback?.();
    this.#reject?.(reason);
  }
}
