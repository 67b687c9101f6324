import { onAbort } from './abort.js';

/** A limited number of places. A caller that finds none free waits in line: first come, first served. */
export class Line {
  #taken = 0;
  readonly #waiting = new Set<() => void>();
  // one iterator for all turns: V8 keeps deleted entries for a while, and a new iterator would step over all of them
  #order = this.#waiting.values();

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  /** Takes a place: at once (`undefined`), or when the promise resolves. An abort rejects it with the signal's reason. */
  enter(places: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.#taken < places) {
      this.#taken += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const admit = () => {
        forget();
        resolve();
      };
      this.#waiting.add(admit);
      const forget = onAbort(signal, () => {
        this.#waiting.delete(admit);
        reject(signal?.reason);
      });
    });
  }

  /** Gives a place back. The next in line gets it, if somebody waits. */
  leave(): void {
    const { value: admit } = this.#order.next();
    if (admit) {
      this.#waiting.delete(admit);
      admit();
      return;
    }
    // an iterator that has come to its end does not see entries that are added later
    this.#order = this.#waiting.values();
    this.#taken -= 1;
  }
}
