import { untilAborted } from './abort.js';
import { sleep } from './sleep.js';

type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Time waited: the clock's, or what the pauses add up to where a caller's `sleep` runs ahead of it. */
export class Clock {
  readonly #startedAt = performance.now();
  #sleptMs = 0;

  constructor(
    readonly signal: AbortSignal | undefined,
    readonly pause?: Pause,
  ) {}

  elapsedMs(): number {
    return Math.max(Math.round(performance.now() - this.#startedAt), this.#sleptMs);
  }

  async #pause(ms: number, pause: Pause): Promise<void> {
    await untilAborted(Promise.resolve(pause(ms, this.signal)), this.signal);
    this.#sleptMs += ms;
  }

  sleep(ms: number): Promise<void> {
    return this.pause && ms > 0 ? this.#pause(ms, this.pause) : sleep(ms, this.signal);
  }
}
