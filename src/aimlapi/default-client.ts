import { createWan } from './client.js';
import type { Wan } from './wan.js';

let client: Wan | undefined;

/** Returns the client that all functions below share. The first call creates it from the environment. */
function wan(): Wan {
  client ??= createWan();
  return client;
}

/**
 * Makes one or more images and returns them when they are there, which can take minutes. It is paid for once: it goes
 * out again only when it never reached the API, or the API refused or failed it.
 *
 * @param input the model and its fields, in the API's own words
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`, `clientRequestId`
 * @throws {InvalidInputError} when a field breaks the model's limits; nothing was sent
 * @throws {OutcomeUnknownError} when the answer was lost and the images may have been paid for
 * @throws {UnexpectedResponseError} when a success holds no image; all of it is in the error's `body`
 * @throws {ApiError} when the API refused: `AuthenticationError`, `InsufficientCreditsError`, `RateLimitError`, …
 * @throws {ConnectionError} when the API could not be reached; nothing was sent
 * @throws {TypeError} when the environment holds no key, or an option does not exist
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const { images } = await generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a lighthouse' });
 * await save(images[0], 'lighthouse.png');
 * ```
 */
export const generateImage: Wan['generateImage'] = async (...given) => wan().generateImage(...given);

/**
 * Starts a video and returns its job as soon as the API has given it an id; {@link pollUntilDone} waits for the video.
 * It is paid for once: it goes out again only when it never reached the API, or the API refused or failed it.
 *
 * @param input the model and its fields, in the API's own words
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`, `clientRequestId`
 * @throws {InvalidInputError} when a field breaks the model's limits; nothing was sent
 * @throws {OutcomeUnknownError} when the answer was lost and the video may have been paid for; see {@link
 * recoverVideo}
 * @throws {UnexpectedResponseError} when a success holds no id; all of it is in the error's `body`
 * @throws {ApiError} when the API refused: `AuthenticationError`, `InsufficientCreditsError`, `RateLimitError`, …
 * @throws {ConnectionError} when the API could not be reached; nothing was sent
 * @throws {TypeError} when the environment holds no key, or an option does not exist
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
 * const video = await pollUntilDone(job);
 * await save(video, 'dragon.mp4');
 * ```
 */
export const generateVideo: Wan['generateVideo'] = async (...given) => wan().generateVideo(...given);

/**
 * Makes images from a body that only the API checks, for a model or a field that this version does not know. The body
 * is sent as it is, so give the long id of the model. It is paid for once, as {@link generateImage} is.
 *
 * @param body an object with `model`
 * @param options as of {@link generateImage}
 * @throws {InvalidInputError} when `body` is no object with a `model`, or cannot be written as JSON
 * @throws What {@link generateImage} throws
 * @example
 * ```ts
 * const { images } = await generateImageUnchecked({ model: 'alibaba/wan-3-0-image', prompt: 'a lighthouse' });
 * ```
 */
export const generateImageUnchecked: Wan['generateImageUnchecked'] = async (...given) =>
  wan().generateImageUnchecked(...given);

/**
 * Starts a video from a body that only the API checks, for a model or a field that this version does not know. The
 * body is sent as it is, so give the long id of the model. It is paid for once, as {@link generateVideo} is.
 *
 * @param body an object with `model`
 * @param options as of {@link generateVideo}
 * @throws {InvalidInputError} when `body` is no object with a `model`, or cannot be written as JSON
 * @throws What {@link generateVideo} throws
 * @example
 * ```ts
 * const job = await generateVideoUnchecked({ model: 'alibaba/wan-2-7-t2v', prompt: 'a dragon', camera: 'orbit' });
 * ```
 */
export const generateVideoUnchecked: Wan['generateVideoUnchecked'] = async (...given) =>
  wan().generateVideoUnchecked(...given);

/**
 * Asks once how a video is doing. What the passed job knew is carried over. A failed job is returned, not thrown.
 *
 * @param jobOrId the job of {@link generateVideo}, a stored copy of it, or its id
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`
 * @throws {ApiError} when the API refused, or knows no such id
 * @throws {ConnectionError} or {@link UnexpectedResponseError} when no usable answer came, after retries
 * @throws {TypeError} when it is a job of another provider, or there is no key
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const { state, video } = await getVideo(job);
 * if (state === 'done') console.log(video?.url);
 * ```
 */
export const getVideo: Wan['getVideo'] = async (...given) => wan().getVideo(...given);

/**
 * Waits until a video is there, through outages, until `maxWaitMs` (20 minutes) is over. Every error holds the job:
 * give it to this function again, now or later. Without `intervalMs` the checks are paced by how long such jobs take.
 *
 * @param jobOrId the job of {@link generateVideo}, a stored copy of it, or its id
 * @param options `intervalMs`, `maxWaitMs`, `signal`, `onUpdate`, `sleep`
 * @throws {VideoFailedError} when the job ended without a video
 * @throws {PollTimeoutError} when it is still running at the deadline
 * @throws {PollStoppedError} when the API refuses to tell its status for good
 * @throws {TypeError} when it is a job of another provider, or there is no key
 * @throws The signal's reason, when `options.signal` aborts; what `onUpdate` throws
 * @example
 * ```ts
 * const video = await pollUntilDone(job, { onUpdate: ({ status, etaMs }) => console.log(status, etaMs) });
 * ```
 */
export const pollUntilDone: Wan['pollUntilDone'] = async (...given) => wan().pollUntilDone(...given);

/**
 * Waits for a video as {@link pollUntilDone} does, as updates to loop over: the first comes at once, the last holds
 * `video`. Leaving the loop ends the wait.
 *
 * @param jobOrId the job of {@link generateVideo}, a stored copy of it, or its id
 * @param options `intervalMs`, `maxWaitMs`, `signal`, `sleep`
 * @throws What {@link pollUntilDone} throws, out of the loop
 * @example
 * ```ts
 * for await (const { status, progress, video } of watchVideo(job)) console.log(status, progress, video?.url);
 * ```
 */
export const watchVideo: Wan['watchVideo'] = (...given) => wan().watchVideo(...given);

/**
 * Checks a video's input as {@link generateVideo} does and makes an order of it: plain JSON, for an engine that stores
 * it before {@link startVideo} pays. Nothing is sent.
 *
 * @param input the model and its fields, in the API's own words
 * @param options `clientRequestId`, `maxBytes` (256 KiB)
 * @throws {InvalidInputError} when a field breaks the model's limits, or the order is longer than `maxBytes`
 * @throws {TypeError} when an option does not exist, {@link RangeError} when `maxBytes` is out of range
 * @example
 * ```ts
 * const order = await orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
 * await store({ ...order, sent: false });
 * ```
 */
export const orderVideo: Wan['orderVideo'] = async (...given) => wan().orderVideo(...given);

/**
 * Pays for an order of {@link orderVideo} and gives its job as soon as the API has given it an id. With `again: true` it
 * pays for nothing: it looks into the API's log once, and `undefined` means that no row has come up yet.
 *
 * @param order the order, as it was stored
 * @param options `again` (the mark `sent` that you stored before you paid), `signal`, `timeoutMs`, `maxRetries`, `headers`
 * @throws {TypeError} when it is no order of this provider, or `again` is neither `true` nor `false`; nothing was sent
 * @throws {OutcomeUnknownError} when the answer was lost and the video may have been paid for
 * @throws {VideoFailedError} with `again`, when the log has only failed rows of it: they were billed nothing
 * @throws What {@link generateVideo} throws; with `again` what {@link findRequest} throws
 * @example One step of an engine
 * ```ts
 * const again = order.sent === true;
 * if (!again) await store({ ...order, sent: true });
 * const job = await startVideo(order, { again }).catch(async (error) => {
 *   if (!mayHaveBeenPaid(error)) await store({ ...order, sent: false });
 *   throw error;
 * });
 * ```
 */
export const startVideo: Wan['startVideo'] = async (...given) => wan().startVideo(...given);

/**
 * Asks once how a video is doing, for an engine that makes the pauses itself. It does not throw where the request
 * brings nothing: `trouble` says why, and `nextMs` when to ask next. A failed job is returned, not thrown.
 *
 * @param jobOrId the job that the last check gave, or an id
 * @param options `signal`, `timeoutMs`, `headers`
 * @throws {PollStoppedError} when the API refuses to tell the status for good
 * @throws {TypeError} when it is no job of this provider, or there is no key
 * @throws The signal's reason, when `options.signal` aborts
 * @example One step of an engine
 * ```ts
 * const { job, video, nextMs } = await checkVideo(stored.job);
 * await store({ ...stored, job });
 * if (video) await save(video, 'dragon.mp4');
 * else await step.sleep(nextMs);
 * ```
 */
export const checkVideo: Wan['checkVideo'] = async (...given) => wan().checkVideo(...given);

/**
 * Finds requests in the API's log by their client request id: what became of each, and what it cost. A row may come
 * late: an empty list does not prove that nothing was made. It pays for nothing.
 *
 * @param input `{ clientRequestId, since, until?, model? }`: a window of at most 92 days
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`
 * @throws {RangeError} when the window is longer than 92 days, {@link TypeError} when a time cannot be read
 * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when the log cannot be read to its end
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * // error is an OutcomeUnknownError
 * const rows = await findRequest({ clientRequestId: error.clientRequestId, since: error.startedAt });
 * ```
 */
export const findRequest: Wan['findRequest'] = async (...given) => wan().findRequest(...given);

/**
 * Finds the job of a video when the answer to its create was lost: it looks into the API's log until the job is there
 * or `maxWaitMs` (20 minutes) is over. `undefined` means that the log has no row of it yet. It pays for nothing.
 *
 * @param facts the {@link OutcomeUnknownError}, or `{ clientRequestId, startedAt, model }` that you stored before the
 * create
 * @param options `intervalMs` (15 s), `maxWaitMs`, `signal`
 * @throws {VideoFailedError} when the log has only failed rows of it: it was billed nothing
 * @throws {RequestTimeoutError} when the deadline came before the log was read to its end
 * @throws {RangeError} when the create is older than the 92 days that the log takes
 * @throws {TypeError} when the facts are not those of a video
 * @throws {ApiError} when the API refuses the log; also what kept the log unreadable until the deadline
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const job = await generateVideo(input).catch((error) => {
 *   if (error instanceof OutcomeUnknownError) return recoverVideo(error);
 *   throw error;
 * });
 * ```
 */
export const recoverVideo: Wan['recoverVideo'] = async (...given) => wan().recoverVideo(...given);

/**
 * Tells what a create would cost by the API's live catalogue, without a key and without sending the input. Where the
 * price cannot be told in full, `usd` is `undefined` and `reason` says why.
 *
 * @param input the model and the fields that the price depends on; they are not checked
 * @param options `signal`
 * @throws {InvalidInputError} when the input is no object with a `model`
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const { usd, reason } = await estimateCost({ model: 'wan2.2-t2v-plus', resolution: '480P' });
 * console.log(usd === undefined ? `no price: ${reason}` : `$${usd}`);
 * ```
 */
export const estimateCost: Wan['estimateCost'] = async (...given) => wan().estimateCost(...given);

/**
 * Tells what the creates of the bare functions have cost in this process, and what may still come. Nothing is asked.
 *
 * @throws {TypeError} when the environment holds a base URL that cannot be used
 * @example
 * ```ts
 * const { usd, reservedUsd, creates } = spending();
 * ```
 */
export const spending: Wan['spending'] = () => wan().spending();

/**
 * Reads how much money the account has.
 *
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`
 * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when it cannot be read
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const { usd } = await getBalance();
 * ```
 */
export const getBalance: Wan['getBalance'] = async (...given) => wan().getBalance(...given);

/**
 * Reads what the API tells about the key: its limit, and what it has spent.
 *
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`
 * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when it cannot be read
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const { usedUsd, limitUsd } = await getKey();
 * ```
 */
export const getKey: Wan['getKey'] = async (...given) => wan().getKey(...given);

/**
 * Lists the requests in the API's log with what each cost, newest first, page by page as the loop goes on. Where the
 * API takes no more requests (429) it waits, and goes on where it was. Rows may come late.
 *
 * @param input `{ since, until?, model?, status? }`: a window of at most 92 days
 * @param options `signal`, `timeoutMs`, `maxRetries`, `headers`
 * @throws {RangeError} when the window is longer than 92 days, {@link TypeError} when the input is something else
 * @throws {ApiError} {@link ConnectionError} or {@link UnexpectedResponseError} when the log cannot be read
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * for await (const { model, usage } of listRequests({ since: '2026-11-01' })) console.log(model, usage?.usdSpent);
 * ```
 */
export const listRequests: Wan['listRequests'] = (...given) => wan().listRequests(...given);

/**
 * Writes an image or a video to `path` and makes its folder. The file is there whole or not at all. A transfer that
 * breaks off goes on where it stopped. Links expire, so save at once.
 *
 * @param media an image, a video, a done job, a result of one image, or the URL of a file
 * @param path a path or a `file:` URL; a file of that name is replaced
 * @param options `signal`, `onProgress`, `maxBytes`, `stallTimeoutMs`, `allowPrivateHosts`
 * @throws {DownloadError} when it cannot be fetched or written; the media stays usable for another try
 * @throws {TypeError} when `media` is not one file, `path` names no file, or Node's modules are missing; nothing was
 * sent
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const { path, bytes } = await save(video, 'out/dragon.mp4');
 * ```
 */
export const save: Wan['save'] = async (...given) => wan().save(...given);

/**
 * Gives the bytes of an image or a video, at most `maxBytes` of them (256 MiB). It fetches them as {@link save} does.
 *
 * @param media an image, a video, a done job, a result of one image, or the URL of a file
 * @param options `signal`, `onProgress`, `maxBytes`, `stallTimeoutMs`, `allowPrivateHosts`
 * @throws {DownloadError} when it cannot be fetched or is too large
 * @throws {TypeError} when `media` is not one file
 * @throws The signal's reason, when `options.signal` aborts
 * @example
 * ```ts
 * const bytes = await download(images[0]);
 * ```
 */
export const download: Wan['download'] = async (...given) => wan().download(...given);
