import { checkCallOptions } from '../base/call-options.js';
import { ApiError, WanError } from '../base/errors.js';
import type { OptionNames } from '../base/option-names.js';
import { checkFunction, checkPositiveMs } from '../base/options.js';
import { compact } from '../base/record.js';
import type { Video, VideoJob } from '../base/results.js';
import { longestRetryAfterMs } from '../http/retry.js';
import { Clock } from '../time/clock.js';
import { endsWithin } from '../time/sleep.js';
import { toJob } from './job.js';
import { Pace } from './pace.js';
import { StrayAnswerError } from './stray.js';
import { traceWait } from './trace-wait.js';
import {
  accept,
  endure,
  finishedVideo,
  firstPath,
  type StatusSource,
  timeoutError,
  type Wait,
} from './turn.js';

/** One turn of a wait: what is known before the first check, then what each check brought. */
export interface VideoUpdate {
  job: VideoJob;
  /** The provider's word for the state; `unknown` before the first check of a mere id. */
  status: string;
  /** Milliseconds since the wait began. */
  elapsedMs: number;
  /** Status checks so far: 0 in the first update, which comes at once. */
  polls: number;
  /**
   * 0 to 1: the provider's own where it reports one (Vtrix does). Else an estimate: the part of the likely whole time
   * that is over. It grows with time and stays below 1 until the video is there. Absent where the model's documentation
   * tells no duration and this client has seen no job of the model end.
   */
  progress?: number;
  /**
   * Milliseconds until the likely end, an estimate: half of the jobs of this age end sooner. It grows while a job is
   * overdue. Absent where `progress` has no estimate.
   */
  etaMs?: number;
  /** Why this turn's check brought nothing; the wait goes on. */
  trouble?: WanError;
  /** There in the last update. */
  video?: Video;
}

export interface WatchOptions {
  /**
   * Milliseconds between status checks. Left out, the client paces them: 1 to 30 s, shorter when the job is likely to
   * end, and at most 12 s before it has seen such a job end. That makes about as many requests as a check every 10 s.
   */
  intervalMs?: number | undefined;
  /** Milliseconds until the wait gives up; `Infinity` for never. @defaultValue `1_200_000` (20 minutes) */
  maxWaitMs?: number | undefined;
  /** Ends the wait at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Makes the pauses between checks, for example with the timer of a workflow engine. @defaultValue `setTimeout` */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

export interface PollOptions extends WatchOptions {
  /**
   * Called at once with what is known of the job, then after each check, and awaited. A job that is done already has one
   * update, the last. An error that it throws ends the wait.
   */
  onUpdate?: ((update: VideoUpdate) => unknown) | undefined;
}

export const watchOptionNames: OptionNames<WatchOptions> = {
  intervalMs: true,
  maxWaitMs: true,
  signal: true,
  sleep: true,
};
const pollOptionNames: OptionNames<PollOptions> = { ...watchOptionNames, onUpdate: true };

const defaultMaxWaitMs = 20 * 60_000;
/** The last check starts this long before the deadline (at most a tenth of the wait), so that it ends in time. */
const longestLastCheckMs = 2_000;

export async function pollUntilDone(
  source: StatusSource,
  jobOrId: VideoJob | string,
  options: PollOptions = {},
): Promise<Video> {
  checkCallOptions('wait for the video', options, pollOptionNames);
  checkFunction('onUpdate', options.onUpdate);
  const { onUpdate, signal, maxWaitMs = defaultMaxWaitMs } = options;
  const updates = traceWait(watch(source, jobOrId, options));
  for await (const update of updates) {
    const { video, elapsedMs } = update;
    try {
      const told = onUpdate?.(update);
      // an onUpdate that never settles must not outlive the deadline
      const isInTime = told === undefined || (await endsWithin(maxWaitMs - elapsedMs, told, signal));
      if (!video && !isInTime) throw timeoutError(update, maxWaitMs);
    } catch (error) {
      // ends the wait with this error, so that its trace has the error too
      await updates.throw(error);
    }
    if (video) return video;
  }
  throw new Error('unreachable: a wait ends with a video or throws');
}

/** Waits for a video. The last update holds it; every other ending is thrown. */
export async function* watch(
  source: StatusSource,
  jobOrId: VideoJob | string,
  options: WatchOptions = {},
): AsyncGenerator<VideoUpdate, void, undefined> {
  const { maxWaitMs = defaultMaxWaitMs, signal } = options;
  const job = toJob(jobOrId, source.provider);
  checkFunction('sleep', options.sleep);
  checkPositiveMs('intervalMs', options.intervalMs);
  checkPositiveMs('maxWaitMs', options.maxWaitMs);
  signal?.throwIfAborted();
  const clock = new Clock(signal, options.sleep);
  const wait: Wait = { source, job, path: firstPath(source.paths, job), troubles: 0 };
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
    const { etaMs, progress } = pace.outlook();
    yield compact({ ...update, progress: now.progress ?? progress, etaMs, trouble });
    signal?.throwIfAborted();

    const leftMs = maxWaitMs - clock.elapsedMs();
    const toLastCheckMs = leftMs - Math.min(longestLastCheckMs, maxWaitMs / 10);
    if (toLastCheckMs > 0) pauseMs = Math.min(pauseMs, toLastCheckMs);
    await clock.sleep(Math.min(pauseMs, leftMs), leftMs);
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
      // misuse, such as a missing key: neither the network nor the API failed
      if (polls === 0 && !(error instanceof WanError)) throw error;
      endure(wait, error, clock.elapsedMs());
      const asked = error instanceof ApiError ? Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs) : 0;
      pauseMs = pace.delayAfterTroubleMs(wait.troubles, asked);
    }
  }
}
