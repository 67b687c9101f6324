import { isRecord } from '../base/record.js';
import type { VideoJob } from '../base/results.js';
import { backoffMs } from '../time/backoff.js';
import type { Clock } from '../time/clock.js';
import type { Durations, DurationsOf } from './durations.js';
import { type Outlook, slowestMs } from './schedule.js';

/**
 * A job ends between its last running answer and its finished one. After a longer gap, its end is too vague. The longest
 * pause and its check fit in: the client must learn from a job that ends much sooner than the others.
 */
const widestGapMs = slowestMs + 5_000;
/** A job that seems older than this was dated by another clock. */
const oldestMs = 24 * 3_600_000;
const longestBackoffMs = 30_000;

interface Start {
  /** By `performance.now()`. */
  atMs: number;
  variant: string;
}

/**
 * Kept by the body of the answer that started the job. A copy `{ ...job }` has the same body, so it counts as just
 * started too. A job from storage has another body, so it is checked at once.
 */
const starts = new WeakMap<object, Start>();

/** Notes the variant of a job, and that it was started just now: its first check then waits. */
export function markStarted(job: VideoJob, variant = ''): VideoJob {
  starts.set(keyOf(job), { atMs: performance.now(), variant });
  return job;
}

/** The body of the job's answer, or the job itself where the body is no object. */
function keyOf(job: VideoJob): object {
  return isRecord(job.raw) ? job.raw : job;
}

/** Decides when one wait checks its job. Thousands of waits may be under way, so a pace has few fields. */
export class Pace {
  readonly #durations: Durations;
  readonly #clock: Clock;
  readonly #intervalMs: number | undefined;
  /** The job's age when the wait began, where it is known. */
  readonly #firstAgeMs: number | undefined;
  readonly #isJustStarted: boolean;
  /** The age at which the last answer said that the job runs, where the age is known. */
  #ranAtMs: number | undefined;
  #progress = 0;

  /** `intervalMs` is the caller's; it replaces the schedule. */
  constructor(durationsOf: DurationsOf, job: VideoJob, clock: Clock, intervalMs: number | undefined) {
    const { atMs, variant } = starts.get(keyOf(job)) ?? {};
    this.#durations = durationsOf(job.model, variant);
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#firstAgeMs = atMs === undefined ? ageOf(job) : performance.now() - atMs;
    this.#isJustStarted = atMs !== undefined;
    // the answer to the create said that the job runs
    this.#ranAtMs = this.#isJustStarted ? 0 : undefined;
  }

  /** Milliseconds to the first check: 0 unless the job was started just now. */
  firstDelayMs(): number {
    const delayMs = this.delayMs();
    return this.#isJustStarted && this.#ageMs() < delayMs ? delayMs : 0;
  }

  /** Milliseconds to the next check while all is well. */
  delayMs(): number {
    return this.#intervalMs ?? this.#durations.schedule().nextDelayMs(this.#ageMs());
  }

  /** Milliseconds to the next check after failed ones in a row: grows with them, and is never below `delayMs`. */
  delayAfterTroubleMs(troubles: number, retryAfterMs: number): number {
    const baseMs = this.delayMs();
    return Math.max(baseMs, retryAfterMs, backoffMs(troubles, { baseMs, capMs: longestBackoffMs }));
  }

  outlook(): Outlook {
    const outlook = this.#durations.schedule().outlook(this.#ageMs());
    if (outlook.progress === undefined) return outlook;
    // it must not go down where other jobs show that this one takes longer than it seemed
    this.#progress = Math.max(this.#progress, outlook.progress);
    return { ...outlook, progress: this.#progress };
  }

  /** Takes in an answer, and learns from one that shows when the job ended. */
  see({ state, model }: VideoJob): void {
    const ageMs = this.#ageMs();
    const gapMs = this.#ranAtMs === undefined ? undefined : ageMs - this.#ranAtMs;
    if (state === 'done' && model && gapMs !== undefined && gapMs <= widestGapMs)
      this.#durations.learn(ageMs - gapMs / 2);
    this.#ranAtMs = state === 'running' && this.#firstAgeMs !== undefined ? ageMs : undefined;
  }

  #ageMs(): number {
    return (this.#firstAgeMs ?? 0) + this.#clock.elapsedMs();
  }
}

/** Milliseconds since the create by this machine's clock; `undefined` where that cannot be right. */
function ageOf({ createdAt = '' }: VideoJob): number | undefined {
  const ageMs = Date.now() - Date.parse(createdAt);
  return ageMs >= 0 && ageMs <= oldestMs ? ageMs : undefined;
}
