import { compact } from './record.js';
import type { VideoJob } from './results.js';
import { shorten } from './shorten.js';

/** The same as `ErrorOptions`, a type that apps which compile for es2021 do not have. */
interface Cause {
  cause?: unknown;
}

const brands = new Map<object, symbol>();

/** Characters of a message; a longer one is cut. */
const longestMessage = 10_000;

/** The base of all errors that this package throws on purpose. `instanceof` also knows errors of another copy. */
export class WanError extends Error {
  /** The error behind this one. Declared here because errors have no `cause` in es2021. */
  declare cause?: unknown;

  static override [Symbol.hasInstance](value: unknown): boolean {
    const symbol = brands.get(this);
    return symbol ? symbol in Object(value) : super[Symbol.hasInstance](value);
  }

  constructor(message: string, options?: Cause) {
    // an id or a name of 1 MB that an answer holds must not fill the logs
    super(shorten(message, longestMessage), options);
  }

  toJSON(): object {
    return Object.assign({ name: this.name, message: this.message }, this);
  }
}

/** An error with facts as its fields; a fact that is not known is no field. */
class FactualError<Facts extends object> extends WanError {
  constructor(message: string, facts: Facts, options?: Cause) {
    super(message, options);
    Object.assign(this, compact(facts));
  }
}

/** An error with an answer in a private field, because the answer may hold a signed URL. */
class AnswerError<Facts extends object, Body> extends FactualError<Facts> {
  readonly #body: Body;

  constructor(message: string, facts: Facts, body: Body, options?: Cause) {
    super(message, facts, options);
    this.#body = body;
  }

  /**
   * The parsed JSON of the answer, else its text; of a lost one the first 64 kB of text that arrived. Not part of
   * inspect output or JSON.
   */
  get body(): Body {
    return this.#body;
  }
}

/** One rule that an input breaks. */
export interface InputIssue {
  /** The field: `num_images`, `image_size.width`, `image_urls[1]`; empty for the input as a whole. */
  path: string;
  /** The rule: what the field takes. */
  message: string;
  /** The value that was given: at most 80 characters, without base64 and without the query of a URL. */
  received?: string | number | boolean | null;
}

interface InvalidInputFacts {
  model?: string | undefined;
  issues: readonly InputIssue[];
}

/** The input breaks the model's rules. Nothing was sent. */
export class InvalidInputError extends FactualError<InvalidInputFacts> {
  /** The model's long id, where one was recognised. */
  declare readonly model?: string;
  declare readonly issues: readonly InputIssue[];
}

interface BudgetExceededFacts {
  model: string;
  maxUsd: number;
  spentUsd: number;
  reservedUsd: number;
  neededUsd?: number | undefined;
}

/** The create could take this client above its `maxUsd`. Nothing was sent. */
export class BudgetExceededError extends FactualError<BudgetExceededFacts> {
  /** The model's id on the wire. */
  declare readonly model: string;
  /** US dollars, as all sums here: the limit of the client. */
  declare readonly maxUsd: number;
  /** What the client's creates have cost so far. */
  declare readonly spentUsd: number;
  /** What may be spent already, or will be by creates that are under way. */
  declare readonly reservedUsd: number;
  /** What this create would reserve; absent where it has no price. */
  declare readonly neededUsd?: number;
}

export interface ConnectionFacts {
  method: string;
  url: string;
  attempts: number;
}

/** No usable answer to a request that was not paid for, or that never left this machine. */
export class ConnectionError extends FactualError<ConnectionFacts> {
  declare readonly method: string;
  /** Without query. */
  declare readonly url: string;
  declare readonly attempts: number;
}

/** The last attempt got no answer within `timeoutMs`, or `recoverVideo` could not read the log to its end in time. */
export class RequestTimeoutError extends ConnectionError {}

export interface OutcomeUnknownFacts {
  clientRequestId: string;
  model: string;
  startedAt: string;
  status?: number | undefined;
  inferenceId?: string | undefined;
}

/**
 * A paid create whose answer was lost: it may have been made and billed, so it was not sent again.
 * `clientRequestId` and, where there is one, `inferenceId` find it in the API's request log.
 */
export class OutcomeUnknownError extends AnswerError<OutcomeUnknownFacts, string | undefined> {
  declare readonly clientRequestId: string;
  declare readonly model: string;
  /** ISO time of the first attempt. */
  declare readonly startedAt: string;
  declare readonly status?: number;
  declare readonly inferenceId?: string;
}

export interface ApiErrorFacts {
  status: number;
  code?: string | undefined;
  url: string;
  fromApi: boolean;
  requestId?: string | undefined;
  clientRequestId?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** An HTTP answer that is not a success. */
export class ApiError extends AnswerError<ApiErrorFacts, unknown> {
  declare readonly status: number;
  /** The API's own code, such as `err_insufficent_credits` or `BadRequestException`. */
  declare readonly code?: string;
  /** Without query. */
  declare readonly url: string;
  /** Whether the API itself answered, and not a proxy or a CDN in front of it. */
  declare readonly fromApi: boolean;
  /** The API's id of the request, for its support. */
  declare readonly requestId?: string;
  declare readonly clientRequestId?: string;
  /** Milliseconds that the answer asks to wait (`Retry-After`). */
  declare readonly retryAfterMs?: number;
}

/** 401: the key is missing at the API, mistyped or revoked. */
export class AuthenticationError extends ApiError {}

/** 403: the account may not do this. */
export class PermissionError extends ApiError {}

/** 403 because the account has run out of credits. */
export class InsufficientCreditsError extends ApiError {}

/** 429: too many requests. The last attempt was refused too, or the API asks to wait over 60 s. */
export class RateLimitError extends ApiError {}

interface UnexpectedResponseFacts {
  status: number;
  url: string;
  issues: readonly string[];
  clientRequestId?: string | undefined;
  inferenceId?: string | undefined;
}

/** A 2xx answer that cannot be used. `body` holds all of it, because it may have been paid for. */
export class UnexpectedResponseError extends AnswerError<UnexpectedResponseFacts, unknown> {
  declare readonly status: number;
  /** Without query. */
  declare readonly url: string;
  declare readonly issues: readonly string[];
  declare readonly clientRequestId?: string;
  declare readonly inferenceId?: string;
}

/** A wait that ended without a video. Store `job`, or give it to `pollUntilDone` to go on waiting. */
export class JobError extends FactualError<object> {
  declare readonly id: string;
  declare readonly model?: string;
  /** The provider's last word for the state. */
  declare readonly status: string;
  readonly #job: VideoJob;

  constructor(message: string, job: VideoJob, facts: object = {}, options?: Cause) {
    super(message, { id: job.id, model: job.model, status: job.status, ...facts }, options);
    this.#job = job;
  }

  /** Plain JSON. Not part of inspect output or the error's JSON: it may hold a signed URL. */
  get job(): VideoJob {
    return this.#job;
  }
}

/** The job ended without a video. The message says whether it is billed, and how that is known. */
export class VideoFailedError extends JobError {
  /** In the provider's words. */
  declare readonly reason: string;
  declare readonly code?: string;
}

/** The job was still running when `maxWaitMs` was over. */
export class PollTimeoutError extends JobError {
  declare readonly lastStatus: string;
  declare readonly waitedMs: number;
}

/** The API refuses to tell the job's status, and will go on refusing. `cause` is the refusal. */
export class PollStoppedError extends JobError {}

interface DownloadFacts {
  url?: string | undefined;
  status?: number | undefined;
  bytesReceived: number;
}

/** A file that could not be fetched or written. */
export class DownloadError extends FactualError<DownloadFacts> {
  /** Without query; absent where the picture came as base64. */
  declare readonly url?: string;
  declare readonly status?: number;
  declare readonly bytesReceived: number;
}

const types = {
  WanError,
  InvalidInputError,
  BudgetExceededError,
  ConnectionError,
  RequestTimeoutError,
  OutcomeUnknownError,
  ApiError,
  AuthenticationError,
  PermissionError,
  InsufficientCreditsError,
  RateLimitError,
  UnexpectedResponseError,
  JobError,
  VideoFailedError,
  PollTimeoutError,
  PollStoppedError,
  DownloadError,
};

for (const [name, type] of Object.entries(types)) {
  // a symbol from the global registry is the same in every copy of this package that an app has loaded
  const symbol = Symbol.for(`aimlapi-wan.${name}`);
  brands.set(type, symbol);
  Object.assign(type.prototype, { name, [symbol]: true });
}
