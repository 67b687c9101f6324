import { endsWithin, sleep } from './sleep.js';

type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Measures a wait by the clock, or by the sum of its pauses if that is longer: a caller's `sleep` may return early. */
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

  /** Waits `ms`. A caller's `sleep` may take longer, but no longer than `atMostMs`. */
  async sleep(ms: number, atMostMs = Infinity): Promise<void> {
    if (!this.pause || ms <= 0) return sleep(ms, this.signal);
    const beforeMs = this.elapsedMs();
    const isInTime = await endsWithin(atMostMs, this.pause(ms, this.signal), this.signal);
    this.#sleptMs = beforeMs + (isInTime ? ms : atMostMs);
  }
}
