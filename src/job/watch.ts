import { ApiError, type WanError } from '../base/errors.js';
import { compact } from '../base/json.js';
import { checkPositiveMs } from '../base/options.js';
import type { Video, VideoJob } from '../base/results.js';
import { longestRetryAfterMs } from '../http/retry.js';
import { Clock } from '../time/clock.js';
import { endsWithin } from '../time/sleep.js';
import type { DurationsOf } from './durations.js';
import { Pace } from './pace.js';
import { StrayAnswerError } from './stray.js';
import { accept, endure, finishedVideo, isMisuse, startWait, timeoutError } from './turn.js';

/** One turn of a wait. */
export interface VideoUpdate {
  job: VideoJob;
  /** The provider's word for the state. */
  status: string;
  /** Milliseconds since the wait began. */
  elapsedMs: number;
  /** Status checks so far. */
  polls: number;
  /**
   * 0 to 1: the provider's own where it reports one (Vtrix does), else an estimate, the share of the likely whole time
   * that is over. An estimate grows with time and stays below 1 until the video is there. Absent where nothing is known
   * of the model: neither from its page, nor from jobs that this client has seen end.
   */
  progress?: number;
  /**
   * Milliseconds until the likely end, as an estimate: half of the jobs of this age end sooner. It grows where a job is
   * overdue. Absent where nothing is known of the model.
   */
  etaMs?: number;
  /** Why this turn's check brought nothing; the wait goes on. */
  trouble?: WanError;
  /** There in the last update. */
  video?: Video;
}

export interface WatchOptions {
  /**
   * Milliseconds between status checks. Left out, they are paced: often where the job is likely to end, seldom where it
   * is not, with 1 to 15 s in between, for about as many requests as a check every 10 s.
   */
  intervalMs?: number | undefined;
  /** Milliseconds until the wait gives up; `Infinity` for never. @defaultValue `1_200_000` (20 minutes) */
  maxWaitMs?: number | undefined;
  /** Ends the wait at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Replaces the pauses between checks, for a workflow engine's own timer, say. */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

export interface PollOptions extends WatchOptions {
  /** Told of each turn, and awaited; what it throws ends the wait. */
  onUpdate?: ((update: VideoUpdate) => unknown) | undefined;
}

/** Where a provider's jobs are asked for their status. */
export interface StatusSource {
  /** What the client has learned of how long jobs take. */
  readonly durationsOf: DurationsOf;
  /** Whether the provider bills a failed job, and where that is known from, as a sentence without a full stop. */
  readonly costOfFailure: string;
  /** One or more places to ask, best first. */
  readonly paths: readonly [string, ...string[]];
  /** One request, never repeated. The job that comes back remembers the path. */
  check(
    job: VideoJob,
    path: string,
    within: {
      signal?: AbortSignal | undefined;
      timeLeftMs: number;
      /** Asks for a new connection: the last answer on the old one belonged to another request. */
      isFresh: boolean;
    },
  ): Promise<VideoJob>;
}

const defaultMaxWaitMs = 20 * 60_000;
/** One check starts this long before the deadline, or a tenth of the wait, so that a job that is done by then is seen. */
const longestLastCheckMs = 2_000;

export async function pollUntilDone(
  source: StatusSource,
  job: VideoJob,
  options: PollOptions = {},
): Promise<Video> {
  const { onUpdate, signal, maxWaitMs = defaultMaxWaitMs } = options;
  for await (const update of watch(source, job, options)) {
    const { video, elapsedMs } = update;
    const told = onUpdate?.(update);
    // what hangs in it must not hold up the deadline
    const isInTime = told === undefined || (await endsWithin(maxWaitMs - elapsedMs, told, signal));
    if (video) return video;
    if (!isInTime) throw timeoutError(update, maxWaitMs);
  }
  throw new Error('unreachable: a wait ends with a video or throws');
}

/** The wait itself. The last update holds the video; every other ending is thrown. */
export async function* watch(
  source: StatusSource,
  job: VideoJob,
  options: WatchOptions = {},
): AsyncGenerator<VideoUpdate, void, undefined> {
  const { maxWaitMs = defaultMaxWaitMs, signal } = options;
  checkPositiveMs('intervalMs', options.intervalMs);
  checkPositiveMs('maxWaitMs', options.maxWaitMs);
  signal?.throwIfAborted();
  const clock = new Clock(signal, options.sleep);
  const wait = startWait(job, source.paths, source.costOfFailure);
  const pace = new Pace(source.durationsOf, job, clock, options.intervalMs);
  let pauseMs = pace.firstDelayMs();

  for (let polls = 0; ; polls += 1) {
    const elapsedMs = clock.elapsedMs();
    const { job: now, trouble } = wait;
    const update = { job: now, status: now.status, elapsedMs, polls };
    const video = finishedVideo(wait, polls);
    if (video) {
      yield { ...update, progress: 1, etaMs: 0, video };
      return;
    }
    if (polls > 0) {
      const { etaMs, progress } = pace.outlook();
      yield compact({ ...update, progress: now.progress ?? progress, etaMs, trouble });
    }
    signal?.throwIfAborted();

    const leftMs = maxWaitMs - clock.elapsedMs();
    const toLastCheckMs = leftMs - Math.min(longestLastCheckMs, maxWaitMs / 10);
    if (toLastCheckMs > 0) pauseMs = Math.min(pauseMs, toLastCheckMs);
    if (pauseMs > 0) await clock.sleep(Math.min(pauseMs, leftMs), leftMs);
    const timeLeftMs = maxWaitMs - clock.elapsedMs();
    if (timeLeftMs <= 0) throw timeoutError(wait, clock.elapsedMs());
    try {
      const isFresh = wait.trouble instanceof StrayAnswerError;
      const checked = await source.check(wait.job, wait.path, { signal, timeLeftMs, isFresh });
      pace.see(checked);
      accept(wait, checked, clock.elapsedMs());
      pauseMs = pace.delayMs();
    } catch (error) {
      signal?.throwIfAborted();
      if (polls === 0 && isMisuse(error)) throw error;
      endure(wait, error, source.paths, clock.elapsedMs());
      const asked = error instanceof ApiError ? Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs) : 0;
      pauseMs = pace.delayAfterTroubleMs(wait.troubles, asked);
    }
  }
}
