import type { OutcomeUnknownError } from '../base/errors.js';
import type { RequestOptions } from '../base/options.js';
import type { ImageResult, VideoJob } from '../base/results.js';
import type { JobCalls } from '../job/client.js';
import type { OrderOptions, VideoOrder } from '../job/order.js';
import type { OrderCalls } from '../job/orders.js';
import type { MediaCalls } from '../media/client.js';
import type { Spending } from '../money/budget.js';
import type { CostEstimate } from '../money/prices.js';
import type { Balance, KeyInfo } from './account.js';
import type { ListRequestsInput } from './list-requests.js';
import type { FindRequestInput, LoggedRequest } from './log.js';
import type { RecoverFacts } from './logged-create.js';
import type { ImageInput, VideoInput } from './models/inputs.js';
import type { UncheckedInput } from './models/unchecked.js';
import type { EstimateOptions, PricedInput } from './prices.js';
import type { RecoverOptions } from './recover.js';

/** What `createWan` gives: a plain object of functions; destructuring works. */
export interface Wan extends JobCalls, OrderCalls, MediaCalls {
  /**
   * Makes one or more images and returns them when they are there, which can take minutes.
   *
   * It is billed, so it is repeated only when it never reached the API, or the API refused or failed it.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, before anything is sent
   * @throws {BudgetExceededError} when it could pass the client's `maxUsd`; nothing was sent
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
   * @throws {BudgetExceededError} when it could pass the client's `maxUsd`; nothing was sent
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
   * as it is, the model's id too. Everything else works as in {@link generateImage}: it is never paid for twice, for example.
   *
   * @throws {InvalidInputError} when it is no object with a `model`, or cannot be written as JSON
   * @throws What {@link generateImage} throws
   */
  generateImageUnchecked(body: UncheckedInput, options?: RequestOptions): Promise<ImageResult>;

  /**
   * {@link generateVideo} of a body that only the API judges: for a model or a field that is not known here. It is sent
   * as it is, the model's id too. Everything else works as in {@link generateVideo}: it is never paid for twice, for example.
   *
   * @throws {InvalidInputError} when it is no object with a `model`, or cannot be written as JSON
   * @throws What {@link generateVideo} throws
   */
  generateVideoUnchecked(body: UncheckedInput, options?: RequestOptions): Promise<VideoJob>;

  /**
   * Checks a video's input as {@link generateVideo} does and makes an order of it: plain JSON, for an engine that stores it
   * before {@link startVideo} pays. Nothing is sent. A picture as data URI may make it larger than `maxBytes`, the 256 KiB
   * that many engines take: pass a URL then.
   *
   * @throws {InvalidInputError} when a field breaks the model's limits, or the order is longer than `maxBytes`
   * @throws {TypeError} when an option does not exist, {@link RangeError} when `maxBytes` is out of range
   * @example
   * ```ts
   * const order = await wan.orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
   * await store({ ...order, sent: false });
   * ```
   */
  orderVideo(input: VideoInput, options?: OrderOptions): Promise<VideoOrder>;

  /**
   * Finds requests in the API's log by their client request id: what became of each, and what it cost. A row may
   * come late: an empty list does not prove that nothing was made. The log takes a window of at most 92 days. All its
   * pages are read, newest row first; after 50 pages one page every 400 ms, because the API takes 200 requests in 60 s.
   *
   * @throws {RangeError} when the window is longer than 92 days, {@link TypeError} when a time cannot be read
   * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when the log cannot be read to its end,
   * also because it gives the same rows again and again
   * @throws The signal's reason, when `options.signal` aborts
   */
  findRequest(input: FindRequestInput, options?: RequestOptions): Promise<LoggedRequest[]>;

  /**
   * Finds the job of a video whose create got no answer ({@link OutcomeUnknownError}): it looks into the API's log until
   * the job is there or `maxWaitMs` (20 minutes) is over; `maxWaitMs: 0` is one look. `undefined` means that the log was
   * read to its end at least once, and has no row of the create. It never pays for another video.
   *
   * This machine's clock may differ from the API's, or may have been set back after the create: it then looks at each
   * time at which the create may be logged.
   *
   * @throws {VideoFailedError} when the log has only failed rows of it: it was billed nothing
   * @throws {RequestTimeoutError} when the deadline came before the log was read to its end
   * @throws {RangeError} when the create is older than the 92 days that the log takes
   * @throws {TypeError} when the facts are not those of a video
   * @throws {ApiError} when the API refuses the log; also what kept the log unreadable until the deadline
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
   * Tells what a create would cost by the API's live catalogue, which needs no key. The catalogue is kept for a minute.
   * Where the price cannot be told ahead in full, `usd` is `undefined` and `reason` says why: it guesses nothing, and it
   * does not check the input.
   *
   * @throws {InvalidInputError} when the input is no object with a `model`
   * @throws The signal's reason, when `options.signal` aborts
   * @example
   * ```ts
   * const { usd, reason } = await wan.estimateCost({ model: 'wan2.2-t2v-plus', resolution: '480P' });
   * console.log(usd === undefined ? `no price: ${reason}` : `$${usd}`);
   * ```
   */
  estimateCost(input: PricedInput, options?: EstimateOptions): Promise<CostEstimate>;

  /**
   * Tells what the creates of this client have cost since it was made, at once: nothing is asked. A video counts with
   * what the answer to its create told, until a status check shows that it failed, which costs nothing.
   *
   * @example
   * ```ts
   * const { usd, reservedUsd, creates } = wan.spending();
   * ```
   */
  spending(): Spending;

  /**
   * Reads how much money the account has.
   *
   * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when it cannot be read
   * @throws The signal's reason, when `options.signal` aborts
   */
  getBalance(options?: RequestOptions): Promise<Balance>;

  /**
   * Reads what the API tells about the key of this client: its limit, and what it has spent.
   *
   * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when it cannot be read
   * @throws The signal's reason, when `options.signal` aborts
   */
  getKey(options?: RequestOptions): Promise<KeyInfo>;

  /**
   * Lists the requests in the API's log with what each cost, newest first, page by page as the loop goes on. Where the
   * API takes no more requests (429) it waits, and goes on where it was. Rows may come late.
   *
   * @throws {RangeError} when the window is longer than 92 days, {@link TypeError} when the input is something else
   * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when the log cannot be read
   * @throws The signal's reason, when `options.signal` aborts
   * @example
   * ```ts
   * for await (const { model, usage } of wan.listRequests({ since: '2026-11-01' })) console.log(model, usage?.usdSpent);
   * ```
   */
  listRequests(
    input: ListRequestsInput,
    options?: RequestOptions,
  ): AsyncGenerator<LoggedRequest, void, undefined>;
}
