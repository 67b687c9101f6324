import { isRecord } from '../base/json.js';
import type { VideoJob } from '../base/results.js';
import { backoffMs } from '../time/backoff.js';
import type { Clock } from '../time/clock.js';
import type { Durations, DurationsOf } from './durations.js';
import type { Outlook, Schedule } from './schedule.js';

/** A job ended between a running and a finished answer. Further apart than this, they say too little about when. */
const widestGapMs = 30_000;
/** A job that seems older was dated by another clock. */
const oldestMs = 24 * 3_600_000;
const longestBackoffMs = 30_000;

interface Start {
  /** By `performance.now()`. */
  atMs: number;
  variant: string;
}

/**
 * By the body of the answer that started the job. `{ ...job }` has the same body, so that a copy is as fresh; JSON makes
 * another one, so that a job from storage is checked at once.
 */
const starts = new WeakMap<object, Start>();

/** Notes that the job was started just now, so that its first check waits, and with which variant. */
export function markStarted(job: VideoJob, variant = ''): VideoJob {
  starts.set(keyOf(job), { atMs: performance.now(), variant });
  return job;
}

/** The job itself where its answer had no legible body. */
function keyOf(job: VideoJob): object {
  return isRecord(job.raw) ? job.raw : job;
}

/** When one wait checks its job. Thousands of waits may be under way, so it is small. */
export class Pace {
  readonly #durations: Durations;
  readonly #schedule: Schedule;
  readonly #clock: Clock;
  readonly #intervalMs: number | undefined;
  /** The job's age when the wait began, where it is known. */
  readonly #firstAgeMs: number | undefined;
  readonly #isJustStarted: boolean;
  /** The age at which the last answer said that the job runs, where the age is known. */
  #ranAtMs: number | undefined;

  /** `intervalMs`: the caller's own, in place of the schedule's. */
  constructor(durationsOf: DurationsOf, job: VideoJob, clock: Clock, intervalMs: number | undefined) {
    const { atMs, variant } = starts.get(keyOf(job)) ?? {};
    this.#durations = durationsOf(job.model, variant);
    this.#schedule = this.#durations.schedule();
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#firstAgeMs = atMs === undefined ? ageOf(job) : performance.now() - atMs;
    this.#isJustStarted = atMs !== undefined;
    // the answer to the create said that it runs
    this.#ranAtMs = this.#isJustStarted ? 0 : undefined;
  }

  /** Milliseconds to the first check: none, unless the job was started just now. */
  firstDelayMs(): number {
    const delayMs = this.delayMs();
    return this.#isJustStarted && this.#ageMs() < delayMs ? delayMs : 0;
  }

  /** Milliseconds to the next check while all is well. */
  delayMs(): number {
    return this.#intervalMs ?? this.#schedule.nextDelayMs(this.#ageMs());
  }

  /** Milliseconds to the next check after so many failed ones in a row: it backs off, and is never below `delayMs`. */
  delayAfterTroubleMs(troubles: number, retryAfterMs: number): number {
    const baseMs = this.delayMs();
    return Math.max(baseMs, retryAfterMs, backoffMs(troubles, { baseMs, capMs: longestBackoffMs }));
  }

  outlook(): Outlook {
    return this.#schedule.outlook(this.#ageMs());
  }

  /** Takes in an answer, and learns from one that shows when the job ended. */
  see({ state, model }: VideoJob): void {
    const ageMs = this.#ageMs();
    const gapMs = this.#ranAtMs === undefined ? Infinity : ageMs - this.#ranAtMs;
    if (state === 'done' && model && gapMs <= widestGapMs) this.#durations.learn(ageMs - gapMs / 2);
    this.#ranAtMs = state === 'running' && this.#firstAgeMs !== undefined ? ageMs : undefined;
  }

  #ageMs(): number {
    return (this.#firstAgeMs ?? 0) + this.#clock.elapsedMs();
  }
}

/** By this machine's clock; `undefined` where that cannot be right. */
function ageOf({ createdAt = '' }: VideoJob): number | undefined {
  const ageMs = Date.now() - Date.parse(createdAt);
  return ageMs >= 0 && ageMs <= oldestMs ? ageMs : undefined;
}
