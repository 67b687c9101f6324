import type { OutcomeUnknownError } from '../base/errors.js';
import type { ClientOptions, RequestOptions } from '../base/options.js';
import type { ImageResult, Video, VideoJob } from '../base/results.js';
import { createConfig as createTransport, type ProviderRules } from '../http/config.js';
import { createVideo, getVideo, refreshLink, statusSource } from '../job/calls.js';
import { toJob } from '../job/job.js';
import { type PollOptions, pollUntilDone, type VideoUpdate, type WatchOptions, watch } from '../job/watch.js';
import { download, type SavedFile, save } from '../media/save.js';
import type { Media, MediaClient } from '../media/source.js';
import type { SaveOptions } from '../media/transfer.js';
import { createImage } from './images.js';
import { type FindRequestInput, findRequest, type LoggedRequest } from './log.js';
import {
  checkInput,
  type ImageInput,
  type ModelInfo,
  models,
  takeUnchecked,
  type UncheckedInput,
  type VideoInput,
} from './models/index.js';
import { readProblem } from './problem.js';
import { type RecoverFacts, type RecoverOptions, recoverVideo } from './recover.js';
import { videoApi } from './videos.js';

const rules: ProviderRules = {
  defaults: {
    keyNames: ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY'],
    baseUrlName: 'AIMLAPI_BASE_URL',
    baseUrl: 'https://api.aimlapi.com',
    factory: 'createWan',
  },
  adviceOnLoss: (clientRequestId) =>
    `Look up client request id "${clientRequestId}" (recoverVideo, findRequest) before you pay for another`,
  readProblem,
};

/** What `createWan` gives: a plain object of functions, which may be taken apart. */
export interface Wan {
  /**
   * Makes one or more images and returns them when they are there, which can take minutes.
   *
   * It is billed, so it is repeated only when it never reached the API, or the API refused or failed it.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, before anything is sent
   * @throws {OutcomeUnknownError} when the answer was lost and the image may have been paid for
   * @throws {UnexpectedResponseError} when a success holds no image; all of it is in the error's `body`
   * @throws {ApiError} when the API refused: `AuthenticationError`, `InsufficientCreditsError`, `RateLimitError`, …
   * @throws {ConnectionError} when the API could not be reached, so that nothing was sent
   * @throws The signal's reason, when `options.signal` aborts
   * @example
   * ```ts
   * const { images } = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a lighthouse' });
   * await wan.save(images[0], 'lighthouse.png');
   * ```
   */
  generateImage(input: ImageInput, options?: RequestOptions): Promise<ImageResult>;

  /**
   * Starts a video and returns its job as soon as the API has given it an id; {@link pollUntilDone} waits for the file.
   *
   * Starting is billed, so it is repeated only when it never reached the API, or the API refused or failed it.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, before anything is sent
   * @throws {OutcomeUnknownError} when the answer was lost and the video may have been paid for
   * @throws {UnexpectedResponseError} when a success holds no id; all of it is in the error's `body`
   * @throws {ApiError} when the API refused: `AuthenticationError`, `InsufficientCreditsError`, `RateLimitError`, …
   * @throws {ConnectionError} when the API could not be reached, so that nothing was sent
   * @throws The signal's reason, when `options.signal` aborts
   * @example Start now, wait elsewhere
   * ```ts
   * const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
   * await queue.add('wait', job);
   * ```
   */
  generateVideo(input: VideoInput, options?: RequestOptions): Promise<VideoJob>;

  /**
   * {@link generateImage} of a body that only the API judges: for a model or a field that is not known here. It is sent
   * as it is, the model's id too; all else holds, the promises about paying among it.
   *
   * @throws {InvalidInputError} when it is no object with a `model`, or cannot be written as JSON
   * @throws What {@link generateImage} throws
   */
  generateImageUnchecked(body: UncheckedInput, options?: RequestOptions): Promise<ImageResult>;

  /**
   * {@link generateVideo} of a body that only the API judges: for a model or a field that is not known here. It is sent
   * as it is, the model's id too; all else holds, the promises about paying among it.
   *
   * @throws {InvalidInputError} when it is no object with a `model`, or cannot be written as JSON
   * @throws What {@link generateVideo} throws
   */
  generateVideoUnchecked(body: UncheckedInput, options?: RequestOptions): Promise<VideoJob>;

  /** Every model that is known here: its id, other names, kind, inputs and limits. Nothing is sent. */
  models(): ModelInfo[];

  /**
   * Asks once how a video is doing. What the passed job knew is carried over. A failed job is returned, not thrown.
   *
   * @throws {ApiError} when the API refused, or knows no such id at either of its two status paths
   * @throws {ConnectionError} or {@link UnexpectedResponseError} when no usable answer came, after retries
   * @throws The signal's reason, when `options.signal` aborts
   */
  getVideo(jobOrId: VideoJob | string, options?: RequestOptions): Promise<VideoJob>;

  /**
   * Waits until the video is there, through outages, until `maxWaitMs` (20 minutes) is over.
   *
   * The first check comes at once for a stored job or an id, after the first pause for a job started just now. Without
   * `intervalMs` the checks are paced by how long jobs of this model and resolution take.
   *
   * @throws {VideoFailedError} when the job ended without a video
   * @throws {PollTimeoutError} when it is still running at the deadline
   * @throws {PollStoppedError} when the API refuses to tell its status for good
   * @throws The signal's reason, when `options.signal` aborts; what `onUpdate` throws
   * @example
   * ```ts
   * const video = await wan.pollUntilDone(job, { onUpdate: (u) => console.log(u.status, u.elapsedMs) });
   * ```
   */
  pollUntilDone(jobOrId: VideoJob | string, options?: PollOptions): Promise<Video>;

  /**
   * The same wait as {@link pollUntilDone}, as updates to loop over; the last one holds `video`.
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
   * Finds requests in the API's log by their client request id: what became of each, and what it cost. A row may
   * come up late, so that finding none proves nothing. The log takes a window of at most 92 days. All its pages are
   * read, newest row first; after 50 pages it is one page every 400 ms, because the API takes 200 requests in 60 s.
   *
   * @throws {RangeError} when the window is longer than 92 days, {@link TypeError} when a time cannot be read
   * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when the log cannot be read to its end,
   * also because it gives the same rows again and again
   * @throws The signal's reason, when `options.signal` aborts
   */
  findRequest(input: FindRequestInput, options?: RequestOptions): Promise<LoggedRequest[]>;

  /**
   * Finds the job of a video whose create was answered by nobody ({@link OutcomeUnknownError}), by looking into the
   * API's log until it is there or `maxWaitMs` (20 minutes) is over; `maxWaitMs: 0` is one look. `undefined` means that
   * the log was read to its end at least once, and no row has come up. It never pays for another video.
   *
   * Where this machine's clock and the API's differ, or the clock was set back after the create, it looks where either
   * clock puts the create.
   *
   * @throws {VideoFailedError} when the log has only failed rows of it: it was billed nothing
   * @throws {RequestTimeoutError} when the deadline came before the log was read to its end
   * @throws {RangeError} when the create is older than the 92 days that the log takes
   * @throws {TypeError} when the facts are not those of a video
   * @throws {ApiError} when the log is refused; what kept it unreadable until the deadline
   * @throws The signal's reason, when `options.signal` aborts
   * @example
   * ```ts
   * const job = await wan.generateVideo(input).catch((error) => {
   *   if (error instanceof OutcomeUnknownError) return wan.recoverVideo(error);
   *   throw error;
   * });
   * ```
   */
  recoverVideo(
    facts: OutcomeUnknownError | RecoverFacts,
    options?: RecoverOptions,
  ): Promise<VideoJob | undefined>;

  /**
   * Writes an image or a video to `path`, and makes its folder. The file is there whole or not at all: the bytes
   * stream to `<path>.<random>.part`, which is then renamed. A file of that name is replaced, and its permissions are
   * kept. The key is not sent.
   *
   * A transfer that breaks off or stalls goes on where it stopped, where the server can do that, else from the start.
   * A link of a video that is refused (401, 403, 404, 410) is replaced by a new one from the API; 403 and 404 are asked
   * for again up to `maxRetries` times, because a new file may come late. So is an answer that is plainly no media (a
   * web page, JSON, an XML error). At a URL that you pass yourself, JSON is saved, and 403 and 404 are final.
   * Where the server names no length, a transfer that was cut cannot be told from one that ended.
   *
   * @throws {DownloadError} when it cannot be fetched or written; the media stays usable for another try
   * @throws {TypeError} when `media` is not one file (a running job, several images, a Promise), when `path` names no
   * file, or where Node's modules are missing; nothing was sent
   * @throws The signal's reason, when `options.signal` aborts
   */
  save(media: Media, path: string | URL, options?: SaveOptions): Promise<SavedFile>;

  /**
   * Gives the bytes of an image or a video; at most `maxBytes` of them (256 MiB). It fetches them as {@link save} does.
   *
   * @throws {DownloadError} when it cannot be fetched or is too large
   * @throws {TypeError} when `media` is not one file
   * @throws The signal's reason, when `options.signal` aborts
   */
  download(media: Media, options?: SaveOptions): Promise<Uint8Array>;
}

/**
 * Makes a client of the AIML API's Wan models. It opens nothing and reads no key before the first call.
 *
 * @throws {TypeError} when `baseUrl`, `fetch`, `onAttempt` or a header cannot be used; at the first call, when there is
 * no key or no global `fetch`
 * @throws {RangeError} when `timeoutMs` or `maxRetries` is out of range
 * @example
 * ```ts
 * const wan = createWan({ apiKey: process.env.MY_KEY, maxRetries: 2 });
 * ```
 */
export function createWan(options: ClientOptions = {}): Wan {
  const transport = createTransport(options, rules);
  const source = statusSource(transport, videoApi);
  const { fetch, baseUrl, maxRetries } = transport;
  const mediaClient: MediaClient = {
    fetch,
    baseUrl,
    maxRetries,
    refreshLink: (media, signal) => refreshLink(transport, videoApi, media, signal),
  };
  return {
    generateImage: async (input, requestOptions) =>
      createImage(transport, checkInput('image', input), requestOptions),
    generateVideo: async (input, requestOptions) =>
      createVideo(transport, videoApi, checkInput('video', input), requestOptions),
    generateImageUnchecked: async (body, requestOptions) =>
      createImage(transport, takeUnchecked('image', body), requestOptions),
    generateVideoUnchecked: async (body, requestOptions) =>
      createVideo(transport, videoApi, takeUnchecked('video', body), requestOptions),
    models,
    getVideo: (jobOrId, requestOptions) => getVideo(transport, videoApi, jobOrId, requestOptions),
    pollUntilDone: async (jobOrId, pollOptions) =>
      pollUntilDone(source, toJob(jobOrId, 'aimlapi'), pollOptions),
    async *watchVideo(jobOrId, watchOptions) {
      yield* watch(source, toJob(jobOrId, 'aimlapi'), watchOptions);
    },
    findRequest: (input, requestOptions) => findRequest(transport, input, requestOptions),
    recoverVideo: (facts, recoverOptions) => recoverVideo(transport, facts, recoverOptions),
    save: (media, path, downloadOptions) => save(mediaClient, media, path, downloadOptions),
    download: (media, downloadOptions) => download(mediaClient, media, downloadOptions),
  };
}
