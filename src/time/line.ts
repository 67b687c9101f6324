import { onAbort } from './abort.js';
import { longestTimerMs } from './sleep.js';

/** A limited number of places. A caller that finds none free waits in line: first come, first served. */
export class Line {
  #taken = 0;
  readonly #waiting = new Set<() => void>();
  // one iterator for all turns: V8 keeps deleted entries for a while, and a new iterator would step over all of them
  #order = this.#waiting.values();

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  /**
   * Takes a place: at once (`undefined`), or when the promise resolves. It rejects with the signal's reason when that
   * aborts, and with what `toError` makes when `mostMs` are over.
   */
  enter(
    places: number,
    signal: AbortSignal | undefined,
    mostMs = Infinity,
    toError = (): unknown => new Error(`no place was free for ${mostMs} ms`),
  ): Promise<void> | undefined {
    if (this.#taken < places) {
      this.#taken += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(admit);
        clearTimeout(timer);
      };
      const admit = () => {
        leave();
        forget();
        resolve();
      };
      const giveUp = () => {
        leave();
        forget();
        reject(toError());
      };
      this.#waiting.add(admit);
      const timer = mostMs > longestTimerMs ? undefined : setTimeout(giveUp, mostMs);
      const forget = onAbort(signal, () => {
        leave();
        reject(signal?.reason);
      });
    });
  }

  /** Gives a place back. The next in line gets it, if somebody waits. */
  leave(): void {
    const { value: admit } = this.#order.next();
    if (admit) {
      admit();
      return;
    }
    // an iterator that has come to its end does not see entries that are added later
    this.#order = this.#waiting.values();
    this.#taken -= 1;
  }
}
