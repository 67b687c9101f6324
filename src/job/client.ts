import { checkCallOptions } from '../base/call-options.js';
import type { RequestOptions } from '../base/options.js';
import type { Video, VideoJob } from '../base/results.js';
import type { Config } from '../http/config.js';
import { getVideo, statusSource, type VideoApi } from './calls.js';
import { type CheckOptions, createCheckVideo, type VideoCheck } from './check-video.js';
import { traceWait } from './trace-wait.js';
import {
  type PollOptions,
  pollUntilDone,
  type VideoUpdate,
  type WatchOptions,
  watch,
  watchOptionNames,
} from './watch.js';

/** What a client does with a job that was started, at any provider. */
export interface JobCalls {
  /**
   * Asks once how a video is doing. What the passed job knew is carried over. A failed job is returned, not thrown.
   *
   * @throws {ApiError} when the provider refused, or knows no such id at any of its status paths
   * @throws {ConnectionError} or {@link UnexpectedResponseError} when no usable answer came, after retries
   * @throws {TypeError} when it is a job of another provider
   * @throws The signal's reason, when `options.signal` aborts
   */
  getVideo(jobOrId: VideoJob | string, options?: RequestOptions): Promise<VideoJob>;

  /**
   * Waits until the video is there, through outages, until `maxWaitMs` (20 minutes) is over.
   *
   * The first check comes at once for a stored job or an id, after the first pause for a job started just now. Without
   * `intervalMs` the checks are paced by how long jobs of this model, resolution and duration take.
   *
   * @throws {VideoFailedError} when the job ended without a video
   * @throws {PollTimeoutError} when it is still running at the deadline
   * @throws {PollStoppedError} when the provider refuses to tell its status for good
   * @throws The signal's reason, when `options.signal` aborts; what `onUpdate` throws
   * @example
   * ```ts
   * const video = await wan.pollUntilDone(job, { onUpdate: (u) => console.log(u.status, u.elapsedMs) });
   * ```
   */
  pollUntilDone(jobOrId: VideoJob | string, options?: PollOptions): Promise<Video>;

  /**
   * The same wait as {@link pollUntilDone}, as updates to loop over: the first comes at once, the last holds `video`.
   *
   * @throws The same errors, out of the loop
   * @example
   * ```ts
   * for await (const { status, video } of wan.watchVideo(job)) console.log(status, video?.url);
   * ```
   */
  watchVideo(
    jobOrId: VideoJob | string,
    options?: WatchOptions,
  ): AsyncGenerator<VideoUpdate, void, undefined>;

  /**
   * Asks once how a video is doing, for an engine that makes the pauses itself: one request, which is not repeated. It does
   * not throw where that brings nothing (the network, 5xx, 408, 425, 429, HTML, an answer about another job): `trouble`
   * then says why, and `job` is what was known. A failed job is given too. There is no deadline: the engine has one.
   *
   * Pass the job that it gave the next time: where a path does not know the job (400, 404, 405), the next check asks the
   * other one. A job that has failed, or is done with a link that has not expired, needs no request.
   *
   * @throws {PollStoppedError} when the provider refuses to tell the status for good: 401 and 403 in its own words
   * @throws {TypeError} when it is no job of this provider
   * @throws The signal's reason, when `options.signal` aborts
   * @example One step of an engine
   * ```ts
   * const { job, video, nextMs } = await wan.checkVideo(stored.job);
   * await store({ ...stored, job });
   * if (video) await wan.save(video, 'dragon.mp4');
   * else if (job.state === 'failed') throw new Error(job.error?.message);
   * else await step.sleep(nextMs);
   * ```
   */
  checkVideo(jobOrId: VideoJob | string, options?: CheckOptions): Promise<VideoCheck>;
}

export function createJobCalls(config: Config, api: VideoApi): JobCalls {
  const source = statusSource(config, api);
  return {
    getVideo: (jobOrId, options) => getVideo(config, api, jobOrId, options),
    pollUntilDone: (jobOrId, options) => pollUntilDone(source, jobOrId, options),
    async *watchVideo(jobOrId, options) {
      checkCallOptions('watch the video', options, watchOptionNames);
      yield* traceWait(watch(source, jobOrId, options));
    },
    checkVideo: createCheckVideo(source),
  };
}
