import type { Defaults } from '../base/base-url.js';
import type { OptionNames } from '../base/option-names.js';
import { type ClientOptions, clientOptionNames, type RequestOptions, readSettings } from '../base/options.js';
import { printable } from '../base/redact.js';
import type { VideoJob } from '../base/results.js';
import { type ProviderRules, toConfig } from '../http/config.js';
import { createVideo, refreshLink } from '../job/calls.js';
import { createJobCalls, type JobCalls } from '../job/client.js';
import { type OrderOptions, toVideoOrder, type VideoOrder } from '../job/order.js';
import { type OrderCalls, startVideo } from '../job/orders.js';
import { createMediaCalls, type MediaCalls } from '../media/client.js';
import { createOrderRules } from './orders.js';
import { readProblem } from './problem.js';
import { type BodyStyle, toCreate, type VtrixVideoInput, videoApi } from './videos.js';

const defaults: Defaults = {
  keyNames: ['VTRIX_API_KEY'],
  baseUrlName: 'VTRIX_BASE_URL',
  baseUrl: 'https://cloud.vtrix.ai',
  factory: 'createVtrix',
};

const rules: ProviderRules = {
  name: 'vtrix',
  adviceOnLoss: () => 'Vtrix has no request log to look it up in: see its console before you pay for another',
  readProblem,
};

/** Vtrix has no catalogue of prices, which `maxUsd` needs. */
type NotAtVtrix = 'maxUsd' | 'allowUnpriced';

export interface VtrixOptions extends Omit<ClientOptions, 'apiKey' | 'baseUrl' | NotAtVtrix> {
  /** The API key, or a function that gives it, called once a request. @defaultValue the environment's `VTRIX_API_KEY` */
  apiKey?: ClientOptions['apiKey'];
  /** Where the API is. @defaultValue the environment's `VTRIX_BASE_URL`, else `https://cloud.vtrix.ai` */
  baseUrl?: ClientOptions['baseUrl'];
  /**
   * How the input lies in the body. Vtrix's pages for its other models and its own command line tool put it into an
   * array (`input: [{ params: { input, parameters } }]`); the page of this model lists it flat. If the service
   * refuses one, try the other. @defaultValue `'params'`
   */
  bodyStyle?: BodyStyle | undefined;
}

const { maxUsd: _, allowUnpriced: __, ...ownNames } = clientOptionNames;
const optionNames: OptionNames<VtrixOptions> = { ...ownNames, bodyStyle: true };

/** What `createVtrix` gives: a plain object of functions; destructuring works. */
export interface Vtrix extends JobCalls, OrderCalls, MediaCalls {
  /**
   * Starts a video and returns its job as soon as Vtrix has given it an id.
   *
   * Starting is billed, so it is repeated only when it never reached Vtrix, or Vtrix refused or failed it. Vtrix has no
   * request log: a create whose answer was lost cannot be found again.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, before anything is sent
   * @throws {OutcomeUnknownError} when the answer was lost and the video may have been paid for
   * @throws {UnexpectedResponseError} when a success holds no id; all of it is in the error's `body`
   * @throws {ApiError} when Vtrix refused; {@link ConnectionError} when it could not be reached, so that nothing was sent
   * @throws The signal's reason, when `options.signal` aborts
   */
  generateVideo(input: VtrixVideoInput, options?: RequestOptions): Promise<VideoJob>;

  /**
   * Checks a video's input as {@link generateVideo} does and makes an order of it: plain JSON, for an engine that stores it
   * before {@link startVideo} pays. Nothing is sent. A picture as data URI may make it larger than `maxBytes`, the 256 KiB
   * that many engines take: pass a URL then.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, or the order is longer than `maxBytes`
   * @throws {TypeError} when an option does not exist, {@link RangeError} when `maxBytes` is out of range
   * @example
   * ```ts
   * const order = await vtrix.orderVideo({ model: 'wan22_t2v_plus', input: { prompt: 'a dragon' } });
   * await store({ ...order, sent: false });
   * ```
   */
  orderVideo(input: VtrixVideoInput, options?: OrderOptions): Promise<VideoOrder>;
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
export function createVtrix(options: VtrixOptions = {}): Vtrix {
  const settings = readSettings(options, defaults, optionNames);
  const { bodyStyle = 'params' } = options;
  if (bodyStyle !== 'params' && bodyStyle !== 'flat') {
    throw new TypeError(`Cannot use bodyStyle: it takes 'params' or 'flat', not '${printable(bodyStyle)}'.`);
  }
  const config = toConfig(settings, rules);
  const orderRules = createOrderRules(bodyStyle);
  return {
    generateVideo: async (input, requestOptions) =>
      createVideo(config, videoApi, toCreate(input, bodyStyle), requestOptions),
    // the body style is a matter of the client that sends the order
    orderVideo: async (input, orderOptions) => toVideoOrder('vtrix', toCreate(input, 'flat'), orderOptions),
    startVideo: (order, startOptions) => startVideo(config, videoApi, orderRules, order, startOptions),
    ...createJobCalls(config, videoApi),
    ...createMediaCalls(config, (media, options) => refreshLink(config, videoApi, media, options)),
  };
}
