import { checkCallOptions } from '../base/call-options.js';
import { ApiError, WanError } from '../base/errors.js';
import type { OptionNames } from '../base/option-names.js';
import { checkOptions, type RequestOptions } from '../base/options.js';
import type { Video, VideoJob } from '../base/results.js';
import { longestRetryAfterMs } from '../http/retry.js';
import { Clock } from '../time/clock.js';
import { toJob, withoutRaw } from './job.js';
import { Pace } from './pace.js';
import { StrayAnswerError } from './stray.js';
import { accept, endure, firstPath, type StatusSource, usableVideo, type Wait } from './turn.js';

/** What is known of a video after one check. Plain JSON but for `trouble`. */
export interface VideoCheck {
  /** Store it, and pass it to the next check. It is without `raw`. */
  job: VideoJob;
  /** There as soon as the video is done and has a link that has not expired. */
  video?: Video;
  /** Why the check brought nothing: then `job` is what was known before. */
  trouble?: WanError;
  /** Milliseconds until the next check; 0 where the job has ended: with `video`, or failed. */
  nextMs: number;
}

/** The options of {@link RequestOptions} that one request has. */
export type CheckOptions = Pick<RequestOptions, 'signal' | 'timeoutMs' | 'headers'>;

/** Failed checks of one job, one after the other. */
interface Troubles {
  count: number;
  /** Whether the last answer was about another job. */
  isStray: boolean;
}

const optionNames: OptionNames<CheckOptions> = { signal: true, timeoutMs: true, headers: true };
/** At so many jobs in trouble the client forgets them all, so that its memory cannot grow without end. */
const mostJobs = 10_000;

/** Makes the `checkVideo` of a client. The client remembers the troubles of each job, for the pauses after them. */
export function createCheckVideo(
  source: StatusSource,
): (jobOrId: VideoJob | string, options?: CheckOptions) => Promise<VideoCheck> {
  const troublesOf = new Map<string, Troubles>();

  return async (jobOrId, options = {}) => {
    checkCallOptions('check the video', options, optionNames);
    checkOptions(options);
    const { signal } = options;
    signal?.throwIfAborted();
    const given = toJob(jobOrId, source.provider);
    const known = withoutRaw(given);
    const stored = toEnd(known, 0);
    if (stored) return stored;

    const { count, isStray } = troublesOf.get(known.id) ?? { count: 0, isStray: false };
    const path = firstPath(source.paths, known);
    const wait: Wait = { source, job: known, path, troubles: count };
    const pace = new Pace(source.durationsOf, given, new Clock(signal), undefined);
    try {
      const within = { ...options, timeLeftMs: Infinity, isFresh: isStray };
      accept(wait, await source.check(known, path, within), 0);
    } catch (error) {
      signal?.throwIfAborted();
      // misuse, such as a missing key: neither the network nor the API failed
      if (!(error instanceof WanError)) throw error;
      endure(wait, error, 0);
      if (troublesOf.size >= mostJobs) troublesOf.clear();
      troublesOf.set(known.id, { count: wait.troubles, isStray: error instanceof StrayAnswerError });
      const askedMs = error instanceof ApiError ? Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs) : 0;
      const job = wait.path === path ? known : { ...known, statusPath: wait.path };
      return { job, trouble: error, nextMs: pace.delayAfterTroubleMs(wait.troubles, askedMs) };
    }
    troublesOf.delete(known.id);
    const job = withoutRaw(wait.job);
    return toEnd(job, 1) ?? { job, nextMs: pace.delayMs() };
  };
}

/** What to give of a job that has ended, after so many checks; `undefined` of one that is to be checked. */
function toEnd(job: VideoJob, polls: number): VideoCheck | undefined {
  if (job.state === 'failed') return { job, nextMs: 0 };
  const video = usableVideo(job, polls);
  return video && { job, video, nextMs: 0 };
}
