import { checkHeaderName } from './headers.js';
import { parseUrl, printable, printableUrl } from './redact.js';

/** The part of `fetch` that is used: the global one fits, and so does a wrapper around it. */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchResponse>;
  /**
   * The most creates that go to one origin through this function at once, whichever clients share it. A further create
   * waits in line before it is sent: it is not timed there, and an abort there sends nothing. @defaultValue no limit
   */
  readonly connections?: number | undefined;
}

/** The part of a Response that is used: that of Node, of undici and of the DOM's types all fit. */
export interface FetchResponse {
  readonly status: number;
  readonly type?: string;
  readonly headers: FetchHeaders;
  readonly body: FetchBody | null;
}

export interface FetchHeaders {
  get(name: string): string | null;
}

export interface FetchBody {
  getReader(): FetchReader;
  cancel(): Promise<void>;
}

export interface FetchReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
  releaseLock(): void;
}

export interface FetchInit {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  redirect: 'manual';
  cache: 'no-store';
  /**
   * There after an answer that belonged to another request: a fetch that can opens a new connection for this one. The
   * global fetch gets `connection: close` instead.
   */
  fresh?: true;
}

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
  /** What went wrong on the way, in a few words. */
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
  /** Used in place of the global `fetch`, which otherwise is looked up at each call. */
  fetch?: Fetch | undefined;
  /** Sent with every API request (never with a download). One whose value is `undefined` is left out. */
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told of each HTTP attempt at an API request (not of downloads). What it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

export interface RequestOptions {
  /** Ends the call at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, headers and body. @defaultValue the client's */
  timeoutMs?: number | undefined;
  /** Further attempts after a failure that is safe to repeat. @defaultValue the client's */
  maxRetries?: number | undefined;
  /** Sent beside the client's. One whose value is `undefined` is left out. */
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Goes out as `X-Client-Request-Id` and comes back in the API's request log: 1 to 128 of `A–Z a–z 0–9 . _ : -`.
   * Store your own before a create that an abort or a crash may cut off. @defaultValue a uuid for each create
   */
  clientRequestId?: string | undefined;
}

/** What the provider's options are called, and where they are looked up. */
export interface Defaults {
  keyNames: readonly string[];
  baseUrlName: string;
  baseUrl: string;
  /** The function whose options they are. */
  factory: string;
}

/** Gives the key: checked, never quoted. A `TypeError` is misuse; anything else came from the caller's function. */
export function readKey(
  option: ClientOptions['apiKey'],
  names: Pick<Defaults, 'keyNames' | 'factory'>,
): string | Promise<string> {
  if (typeof option !== 'function') return checkKey(option, names);
  return callKeyFunction(option).then((key) => checkKey(key, names));
}

function checkKey(
  given: string | undefined,
  { keyNames, factory }: Pick<Defaults, 'keyNames' | 'factory'>,
): string {
  const key = String(given ?? firstInEnvironment(keyNames) ?? '').trim();
  if (key === '') {
    throw new TypeError(
      `Cannot call the API: there is no key. Set ${keyNames.join(' or ')} in the environment, or pass ${factory}({ apiKey }).`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError('Cannot use the API key: it takes printable ASCII without spaces.');
  }
  return key;
}

async function callKeyFunction(apiKey: () => string | Promise<string>): Promise<string> {
  try {
    return await apiKey();
  } catch (cause) {
    throw new Error('the apiKey function failed', { cause });
  }
}

function firstInEnvironment(names: readonly string[]): string | undefined {
  return names.map((name) => process.env[name]).find((value) => value?.trim());
}

/** Gives the base without a trailing slash or version; an error about it does not quote it. */
export function readBaseUrl(option: string | URL | undefined, defaults: Defaults): string {
  const given = option ?? firstInEnvironment([defaults.baseUrlName]) ?? defaults.baseUrl;
  const url = parseUrl(String(given).trim());
  // what may not be printed of an address has no place in this one
  if (!url || url.href !== printableUrl(url)) {
    const name = option === undefined ? defaults.baseUrlName : 'baseUrl';
    throw new TypeError(
      `Cannot use ${name}: it takes an http(s) URL without user, password, query and fragment.`,
    );
  }
  let { href } = url;
  while (href.endsWith('/')) href = href.slice(0, -1);
  return href.replace(/\/v[12]$/, '');
}

/** Checks what the options of a client and of a call have in common; gives the headers. */
export function checkOptions({
  timeoutMs,
  maxRetries,
  headers,
}: Pick<RequestOptions, 'timeoutMs' | 'maxRetries' | 'headers'>): Record<string, string> {
  checkPositiveMs('timeoutMs', timeoutMs);
  checkRetries(maxRetries);
  return headers ? checkHeaders(headers) : {};
}

/** Checks header names and values here, because fetch's own error would quote them. */
export function checkHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const checked = new Headers();
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    checkHeaderName(name);
    try {
      checked.set(name, value);
    } catch {
      throw new TypeError(`Cannot use the header "${name.slice(0, 80)}": HTTP takes no such name or value.`);
    }
  }
  return Object.fromEntries(checked);
}

/** The values of headers that are not for everyone's eyes. */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|cookie|key|token|secret/.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+ /, '')]);
}

export function checkPositiveMs(name: string, value: number | undefined): void {
  if (value === undefined || (typeof value === 'number' && value > 0)) return;
  throw outOfRange(name, 'milliseconds above 0 (Infinity allowed)', value);
}

export function checkRetries(value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return;
  throw outOfRange('maxRetries', 'a whole number from 0', value);
}

export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  // a text may be the key in the wrong place
  const given = typeof value === 'string' ? 'a text' : printable(value);
  throw new TypeError(`Cannot use ${name}: it takes a function, not ${given}.`);
}

/** The error for an option's number: `takes` says what it has to be. */
export function outOfRange(name: string, takes: string, value: unknown): RangeError {
  return new RangeError(`Cannot use ${name}: it takes ${takes}, not ${printable(value)}.`);
}
