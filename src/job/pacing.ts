import type { Clock } from '../clock.js';
import type { VideoJob } from '../results.js';
import type { Kind, Outlook, Pace, Plan } from './pace.js';

/** A running and a finished answer further apart than this say too little about when the job ended. */
const widestBracketMs = 30_000;
/** What seems to have run for longer is one whose `createdAt` is by another clock. */
const oldestMs = 24 * 3_600_000;
const never = -Infinity;

/** When a job was started, and with what resolution. */
const started = new WeakMap<VideoJob, [atMs: number, resolution: string]>();

/** Notes that the job was started just now, so that its first check can wait, and the resolution it was asked for. */
export function markFresh(job: VideoJob, resolution = ''): VideoJob {
  started.set(job, [performance.now(), resolution]);
  return job;
}

/** The pace of one wait. Thousands wait at once, so it is small. */
export class Pacing {
  readonly #kind: Kind;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #fixedMs: number | undefined;
  /** The job's when the wait began; below 0 where nobody knows. */
  readonly #firstAgeMs: number;
  /** The age at which the last answer said that it still runs; `never` where there is none to learn from. */
  #ranAtMs: number;

  /** `fixedMs`: the caller's own interval, in place of the plan's. */
  constructor(pace: Pace, job: VideoJob, clock: Clock, fixedMs: number | undefined) {
    const [atMs, resolution] = started.get(job) ?? [];
    this.#kind = pace(job.model, resolution);
    this.#plan = this.#kind.plan();
    this.#clock = clock;
    this.#fixedMs = fixedMs;
    this.#firstAgeMs = atMs === undefined ? ageOf(job) : performance.now() - atMs;
    // a create that was answered just now is a look at a running job too
    this.#ranAtMs = atMs === undefined ? never : 0;
  }

  /** Milliseconds to the first check: none, unless the job was started just now. */
  firstDelayMs(): number {
    const intervalMs = this.intervalMs();
    return this.#ranAtMs === 0 && this.#ageMs() < intervalMs ? intervalMs : 0;
  }

  /** Milliseconds to the next check while all is well. */
  intervalMs(): number {
    return this.#fixedMs ?? this.#plan.nextDelayMs(this.#ageMs());
  }

  outlook(): Outlook {
    return this.#plan.outlook(this.#ageMs());
  }

  /** Takes in an answer, and learns from one that shows when the job ended. */
  see({ state, model }: VideoJob): void {
    const ageMs = this.#ageMs();
    const bracketMs = ageMs - this.#ranAtMs;
    if (state === 'done' && model && bracketMs <= widestBracketMs) this.#kind.learn(ageMs - bracketMs / 2);
    this.#ranAtMs = state === 'running' && this.#firstAgeMs >= 0 ? ageMs : never;
  }

  #ageMs(): number {
    return Math.max(this.#firstAgeMs, 0) + this.#clock.elapsedMs();
  }
}

/** By this machine's clock; below 0 where that cannot be right. */
function ageOf({ createdAt = '' }: VideoJob): number {
  const ageMs = Date.now() - Date.parse(createdAt);
  return ageMs <= oldestMs ? ageMs : -1;
}
