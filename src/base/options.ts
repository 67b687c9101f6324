import type { AroundCreate } from './around-create.js';
import { type Defaults, readBaseUrl } from './base-url.js';
import type { Fetch } from './fetch.js';
import { checkHeaders } from './headers.js';
import { nameValue } from './kind.js';
import { checkOptionNames, type OptionNames } from './option-names.js';

/** One HTTP attempt, for logs. */
export interface Attempt {
  method: 'GET' | 'POST';
  /** Without query. */
  url: string;
  /** 1 for the first. */
  attempt: number;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** Milliseconds until the next attempt; absent when there is none. */
  waitMs?: number;
  /** What went wrong, in a few words. */
  error?: string;
}

export interface ClientOptions {
  /**
   * The API key, or a function that gives it, called once a request.
   * @defaultValue the environment's `AIMLAPI_API_KEY`, else `AIML_API_KEY`, else `AIMLAPI_KEY`
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /**
   * Where the API is; a `/v1` or `/v2` at the end is taken off. The key goes to this origin only.
   * @defaultValue the environment's `AIMLAPI_BASE_URL`, else `https://api.aimlapi.com`
   */
  baseUrl?: string | URL | undefined;
  /** Milliseconds for one attempt, headers and body. @defaultValue `180_000` for an image, `60_000` for anything else */
  timeoutMs?: number | undefined;
  /**
   * Further attempts after a failure that is safe to repeat. A download counts only those that bring no byte.
   * @defaultValue `4`
   */
  maxRetries?: number | undefined;
  /** Replaces the global `fetch`, which is looked up at each call. */
  fetch?: Fetch | undefined;
  /** Sent with every API request, never with a download. A header whose value is `undefined` is left out. */
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Runs around each paid create, after the check of its input: a function, or a list whose first one is the outermost.
   * See {@link AroundCreate}. @defaultValue none
   */
  aroundCreate?: AroundCreate | readonly AroundCreate[] | undefined;
  /**
   * US dollars that the creates of this client may cost in all. A create that could go above rejects with a
   * `BudgetExceededError`, and nothing is sent. Each reserves its price by the API's catalogue, or without one the most
   * that a create of its model has cost so far; one without either is refused.
   *
   * A real cost above the price can pass the limit by the difference. The limit counts this client alone, from zero at
   * each start: the account's own limit on the key is the wall behind it (`getKey`). @defaultValue none
   */
  maxUsd?: number | undefined;
  /** Lets creates through that have no price, until `maxUsd` is spent. Each can pass the limit. @defaultValue `false` */
  allowUnpriced?: boolean | undefined;
  /** Called after each HTTP attempt of an API request, not of a download. An error that it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

export interface RequestOptions {
  /** Ends the call at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, headers and body. @defaultValue the client's */
  timeoutMs?: number | undefined;
  /** Further attempts after a failure that is safe to repeat. @defaultValue the client's */
  maxRetries?: number | undefined;
  /** Sent beside the client's headers. A header whose value is `undefined` is left out. */
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Goes out as `X-Client-Request-Id` and comes back in the API's request log: 1 to 128 of `A–Z a–z 0–9 . _ : -`.
   * Store your own before a create that an abort or a crash may cut off. @defaultValue a uuid for each create
   */
  clientRequestId?: string | undefined;
}

export const clientOptionNames: OptionNames<ClientOptions> = {
  apiKey: true,
  baseUrl: true,
  timeoutMs: true,
  maxRetries: true,
  fetch: true,
  headers: true,
  onAttempt: true,
  aroundCreate: true,
  maxUsd: true,
  allowUnpriced: true,
};

/** Checks the options that clients and calls share, and gives the headers. */
export function checkOptions({
  timeoutMs,
  maxRetries,
  headers,
}: Pick<RequestOptions, 'timeoutMs' | 'maxRetries' | 'headers'>): Record<string, string> {
  checkPositiveMs('timeoutMs', timeoutMs);
  checkRetries(maxRetries);
  return headers === undefined ? {} : checkHeaders(headers);
}

export function checkPositiveMs(name: string, value: number | undefined): void {
  if (value === undefined || (typeof value === 'number' && value > 0)) return;
  throw outOfRange(name, 'milliseconds above 0 (Infinity allowed)', value);
}

function checkBudget({ maxUsd, allowUnpriced }: ClientOptions): void {
  if (maxUsd !== undefined && !(typeof maxUsd === 'number' && maxUsd > 0)) {
    throw outOfRange('maxUsd', 'US dollars above 0', maxUsd);
  }
  if (allowUnpriced === undefined || typeof allowUnpriced === 'boolean') return;
  throw new TypeError(`Cannot use allowUnpriced: it takes true or false, not ${nameValue(allowUnpriced)}.`);
}

export function checkRetries(value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return;
  throw outOfRange('maxRetries', 'a whole number from 0', value);
}

export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`Cannot use ${name}: it takes a function, not ${nameValue(value)}.`);
}

/** The error for a number that an option does not take; `takes` says which ones it takes. */
export function outOfRange(name: string, takes: string, value: unknown): RangeError {
  return new RangeError(`Cannot use ${name}: it takes ${takes}, not ${nameValue(value)}.`);
}

export const defaultMaxRetries = 4;

/** What the options of a client say, checked. */
export interface Settings {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Absent where the global one is used. */
  readonly fetch: Fetch | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
  readonly maxRetries: number | undefined;
  readonly onAttempt: ((attempt: Attempt) => void) | undefined;
  readonly aroundCreate: readonly AroundCreate[];
  /** US dollars. */
  readonly maxUsd: number | undefined;
  readonly allowUnpriced: boolean | undefined;
  /** Not checked: where there is none, the first call rejects. */
  readonly apiKey: ClientOptions['apiKey'];
  readonly defaults: Defaults;
}

/** `names` are those of the options that the client takes. */
export function readSettings(
  options: ClientOptions,
  defaults: Defaults,
  names: OptionNames<object> = clientOptionNames,
): Settings {
  checkOptionNames(`call ${defaults.factory}`, options, names);
  const headers = checkOptions(options);
  if ('x-client-request-id' in headers) {
    throw new TypeError('Cannot use the header "x-client-request-id" for all calls: each has its own.');
  }
  checkFunction('fetch', options.fetch);
  checkFunction('onAttempt', options.onAttempt);
  const aroundCreate = options.aroundCreate === undefined ? [] : [options.aroundCreate].flat();
  for (const each of aroundCreate) checkFunction('aroundCreate', each ?? null);
  checkBudget(options);
  return {
    baseUrl: readBaseUrl(options.baseUrl, defaults),
    fetch: options.fetch,
    headers,
    timeoutMs: options.timeoutMs,
    maxRetries: options.maxRetries,
    onAttempt: options.onAttempt,
    aroundCreate,
    maxUsd: options.maxUsd,
    allowUnpriced: options.allowUnpriced,
    apiKey: options.apiKey,
    defaults,
  };
}
