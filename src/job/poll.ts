import { untilAborted } from '../abort.js';
import { Clock } from '../clock.js';
import { ApiError, type WanError } from '../errors.js';
import { checkPositiveMs } from '../options.js';
import type { Video, VideoJob } from '../results.js';
import { delayMs, intervalOf } from './pace.js';
import { accept, endure, finishedVideo, isMisuse, startWait, timeoutError } from './wait.js';

/** One turn of a wait. */
export interface VideoUpdate {
  job: VideoJob;
  /** The provider's word for the state. */
  status: string;
  /** Milliseconds since the wait began. */
  elapsedMs: number;
  /** Status checks so far. */
  polls: number;
  /** 0 to 1, where the provider reports it (Vtrix does). */
  progress?: number;
  /** Why this turn's check brought nothing; the wait goes on. */
  trouble?: WanError;
  /** There in the last update. */
  video?: Video;
}

export interface WatchOptions {
  /** Milliseconds between status checks. @defaultValue `5_000` */
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
  /** One or more places to ask, best first. */
  readonly paths: readonly [string, ...string[]];
  /** One request, never repeated. The job that comes back remembers the path. */
  check(
    job: VideoJob,
    path: string,
    within: { signal?: AbortSignal | undefined; timeLeftMs: number },
  ): Promise<VideoJob>;
}

const freshSince = new WeakMap<VideoJob, number>();

/** Notes that the job was started just now, so that its first check can wait for an interval. */
export function markFresh(job: VideoJob): VideoJob {
  freshSince.set(job, performance.now());
  return job;
}

export async function pollUntilDone(
  source: StatusSource,
  job: VideoJob,
  options: PollOptions = {},
): Promise<Video> {
  const { onUpdate, signal } = options;
  for await (const update of watch(source, job, options)) {
    if (onUpdate) await untilAborted(Promise.resolve(onUpdate(update)), signal);
    if (update.video) return update.video;
  }
  throw new Error('unreachable: a wait ends with a video or throws');
}

/** The wait itself. The last update holds the video; every other ending is thrown. */
export async function* watch(
  source: StatusSource,
  job: VideoJob,
  options: WatchOptions = {},
): AsyncGenerator<VideoUpdate, void, undefined> {
  const { maxWaitMs = 20 * 60_000, signal } = options;
  checkPositiveMs('intervalMs', options.intervalMs);
  checkPositiveMs('maxWaitMs', options.maxWaitMs);
  signal?.throwIfAborted();
  const interval = intervalOf(options.intervalMs);
  const clock = new Clock(signal, options.sleep);
  const wait = startWait(job, source.paths);
  let pauseMs = isFresh(job, interval) ? interval : 0;

  for (let polls = 0; ; polls += 1) {
    const elapsedMs = clock.elapsedMs();
    const { job: now, trouble } = wait;
    const progress = now.progress === undefined ? {} : { progress: now.progress };
    const update = { job: now, status: now.status, elapsedMs, polls, ...progress };
    const video = finishedVideo(now, polls);
    if (video) {
      yield { ...update, video };
      return;
    }
    if (polls > 0) yield trouble ? { ...update, trouble } : update;
    signal?.throwIfAborted();

    if (pauseMs > 0) await clock.sleep(Math.min(pauseMs, maxWaitMs - clock.elapsedMs()));
    const timeLeftMs = maxWaitMs - clock.elapsedMs();
    if (timeLeftMs <= 0) throw timeoutError(wait, clock.elapsedMs());
    try {
      const checked = await source.check(wait.job, wait.path, { signal, timeLeftMs });
      accept(wait, checked, clock.elapsedMs());
      pauseMs = delayMs(interval, 0);
    } catch (error) {
      signal?.throwIfAborted();
      if (polls === 0 && isMisuse(error)) throw error;
      endure(wait, error, source.paths, clock.elapsedMs());
      pauseMs = delayMs(interval, wait.troubles, error instanceof ApiError ? error.retryAfterMs : 0);
    }
  }
}

function isFresh(job: VideoJob, interval: number): boolean {
  const since = freshSince.get(job);
  freshSince.delete(job);
  return since !== undefined && performance.now() - since < interval;
}
