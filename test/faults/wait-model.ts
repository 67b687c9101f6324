import { type Meaning, statusPaths, type Trouble } from './wait-troubles.js';
import type { Transport } from './wire-faults.js';

/** How a wait ends: by its video, or by an error of this name. */
export type WaitEnding = 'Video' | 'VideoFailedError' | 'PollStoppedError' | 'PollTimeoutError' | 'reason';

/** What else is so for 60 s ends a wait. */
const patienceMs = 60_000;

/** A wait as DESIGN.md's "Waiting" has it, which takes in what each check got. It knows nothing of the code. */
export class WaitModel {
  /** Where the next check asks. */
  path: string = statusPaths[0];
  /** The provider's last word of the job itself. */
  status = 'unknown';
  /** Failed checks in a row. */
  troubles = 0;
  /** Whether the next check wants a connection of its own. */
  isFresh = false;
  #useless: { what: string; sinceMs: number } | undefined;

  constructor(
    readonly transport: Transport,
    readonly intervalMs: number,
  ) {}

  /** Takes in an answer that came after so many milliseconds of the wait; gives the ending, if it is one. */
  take(trouble: Trouble, elapsedMs: number): WaitEnding | undefined {
    const meaning = trouble.meaning(this.transport);
    const isWell = meaning.is === 'alive' || meaning.is === 'empty';
    this.troubles = isWell ? 0 : this.troubles + 1;
    if (isWell || meaning.is === 'failed') this.status = meaning.status;
    this.isFresh = meaning.is === 'foreign' || meaning.is === 'unclaimed';
    if (meaning.is === 'elsewhere') this.path = statusPaths.find((path) => path !== this.path) ?? this.path;
    switch (meaning.is) {
      case 'done':
        return 'Video';
      case 'failed':
        return 'VideoFailedError';
      case 'refused':
        return 'PollStoppedError';
      case 'reason':
        return 'reason';
    }
    const what = this.#uselessWord(meaning);
    // every answer told of the failure: an outage is no answer
    if (what === 'kept') return undefined;
    if (what === undefined) this.#useless = undefined;
    else if (this.#useless?.what !== what) this.#useless = { what, sinceMs: elapsedMs };
    if (!this.#useless || elapsedMs - this.#useless.sinceMs < patienceMs) return undefined;
    if (meaning.is === 'unclaimed') this.status = meaning.status;
    return meaning.is === 'empty' || meaning.is === 'unclaimed' ? 'VideoFailedError' : 'PollStoppedError';
  }

  #uselessWord(meaning: Meaning): string | undefined {
    if (meaning.is === 'outage') return this.#useless?.what === 'unclaimed' ? 'kept' : undefined;
    if (meaning.is === 'foreign') return `foreign ${meaning.id}`;
    return ['elsewhere', 'unclaimed', 'empty'].includes(meaning.is) ? meaning.is : undefined;
  }

  /** The shortest and the longest pause after an answer. */
  pauseMs(askedMs: number): [number, number] {
    const { intervalMs, troubles } = this;
    if (troubles === 0) return [intervalMs, intervalMs];
    const fullMs = Math.min(30_000, intervalMs * 2 ** (troubles - 1));
    return [Math.max(intervalMs, askedMs, fullMs / 2), Math.max(intervalMs, askedMs, fullMs)];
  }
}
