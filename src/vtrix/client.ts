import type { ClientOptions, RequestOptions } from '../base/options.js';
import { printable } from '../base/redact.js';
import type { Video, VideoJob } from '../base/results.js';
import { createConfig as createTransport, type ProviderRules } from '../http/config.js';
import { createVideo, getVideo, refreshLink, statusSource } from '../job/calls.js';
import { toJob } from '../job/job.js';
import { type PollOptions, pollUntilDone, type VideoUpdate, type WatchOptions, watch } from '../job/watch.js';
import { download, type SavedFile, save } from '../media/save.js';
import type { Media, MediaClient } from '../media/source.js';
import type { SaveOptions } from '../media/transfer.js';
import { readProblem } from './problem.js';
import { type BodyStyle, toCreate, type VtrixVideoInput, videoApi } from './videos.js';

const rules: ProviderRules = {
  defaults: {
    keyNames: ['VTRIX_API_KEY'],
    baseUrlName: 'VTRIX_BASE_URL',
    baseUrl: 'https://cloud.vtrix.ai',
    factory: 'createVtrix',
  },
  adviceOnLoss: () => 'Vtrix has no request log to look it up in: see its console before you pay for another',
  readProblem,
};

export interface VtrixOptions extends Omit<ClientOptions, 'apiKey' | 'baseUrl'> {
  /** The API key, or a function that gives it, called once a request. @defaultValue the environment's `VTRIX_API_KEY` */
  apiKey?: ClientOptions['apiKey'];
  /** Where the API is. @defaultValue the environment's `VTRIX_BASE_URL`, else `https://cloud.vtrix.ai` */
  baseUrl?: ClientOptions['baseUrl'];
  /**
   * How the input lies in the body. Vtrix's pages for its other models and its own command line tool put it into an
   * array (`input: [{ params: { input, parameters } }]`); the page of this model lists it flat. Should the service
   * refuse the one, try the other. @defaultValue `'params'`
   */
  bodyStyle?: BodyStyle | undefined;
}

/** What `createVtrix` gives: a plain object of functions, which may be taken apart. */
export interface Vtrix {
  /**
   * Starts a video and returns its job as soon as Vtrix has given it an id.
   *
   * Starting is billed, so it is repeated only when it never reached Vtrix, or Vtrix refused or failed it. There is no
   * request log at Vtrix, so that a create whose answer was lost cannot be found again.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, before anything is sent
   * @throws {OutcomeUnknownError} when the answer was lost and the video may have been paid for
   * @throws {UnexpectedResponseError} when a success holds no id; all of it is in the error's `body`
   * @throws {ApiError} when Vtrix refused; {@link ConnectionError} when it could not be reached, so that nothing was sent
   * @throws The signal's reason, when `options.signal` aborts
   */
  generateVideo(input: VtrixVideoInput, options?: RequestOptions): Promise<VideoJob>;
  /** Asks once how a video is doing. A failed job is returned, not thrown. Errors as those of the AIML client. */
  getVideo(jobOrId: VideoJob | string, options?: RequestOptions): Promise<VideoJob>;
  /** Waits until the video is there, through outages, until `maxWaitMs`. Errors as those of the AIML client. */
  pollUntilDone(jobOrId: VideoJob | string, options?: PollOptions): Promise<Video>;
  /** The same wait, as updates to loop over; the last one holds `video`. */
  watchVideo(
    jobOrId: VideoJob | string,
    options?: WatchOptions,
  ): AsyncGenerator<VideoUpdate, void, undefined>;
  /** Writes a video to `path`: whole, or not at all. It does what `save` of the AIML client does. */
  save(media: Media, path: string | URL, options?: SaveOptions): Promise<SavedFile>;
  /** Gives the bytes of a video; at most `maxBytes` of them (256 MiB). */
  download(media: Media, options?: SaveOptions): Promise<Uint8Array>;
}

/**
 * Makes a client of the Wan model at Vtrix. It opens nothing and reads no key before the first call.
 *
 * @throws {TypeError} when `baseUrl`, `bodyStyle`, `fetch`, `onAttempt` or a header cannot be used; at the first call, when
 * there is no key or no global `fetch`
 * @throws {RangeError} when `timeoutMs` or `maxRetries` is out of range
 * @example
 * ```ts
 * const vtrix = createVtrix();
 * const job = await vtrix.generateVideo({ model: 'wan22_t2v_plus', input: { prompt: 'a dragon' } });
 * await vtrix.save(await vtrix.pollUntilDone(job), 'dragon.mp4');
 * ```
 */
export function createVtrix({ bodyStyle = 'params', ...options }: VtrixOptions = {}): Vtrix {
  if (bodyStyle !== 'params' && bodyStyle !== 'flat') {
    throw new TypeError(`Cannot use bodyStyle: it takes 'params' or 'flat', not '${printable(bodyStyle)}'.`);
  }
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
    generateVideo: async (input, requestOptions) =>
      createVideo(transport, videoApi, toCreate(input, bodyStyle), requestOptions),
    getVideo: (jobOrId, requestOptions) => getVideo(transport, videoApi, jobOrId, requestOptions),
    pollUntilDone: async (jobOrId, pollOptions) =>
      pollUntilDone(source, toJob(jobOrId, 'vtrix'), pollOptions),
    async *watchVideo(jobOrId, watchOptions) {
      yield* watch(source, toJob(jobOrId, 'vtrix'), watchOptions);
    },
    save: (media, target, saveOptions) => save(mediaClient, media, target, saveOptions),
    download: (media, saveOptions) => download(mediaClient, media, saveOptions),
  };
}
