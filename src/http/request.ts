import { ConnectionError } from '../base/errors.js';
import type { FetchInit } from '../base/fetch.js';
import { secretsOf } from '../base/headers.js';
import { checkOptions, type RequestOptions } from '../base/options.js';
import { excerpt, messageOf } from '../base/redact.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { Deadline } from '../time/deadline.js';
import type { Answer } from './answer.js';
import type { Config } from './config.js';

/** One operation, as data. */
export interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** With its question mark. */
  readonly query?: string;
  /** JSON. */
  readonly body?: string;
  /** What it does, for messages: `make the image`. */
  readonly doing: string;
  /** The model that a paid request buys; such a request is never repeated on doubt. */
  readonly paidModel?: string;
  /** Where neither the caller nor the client sets one. @defaultValue `60_000` */
  readonly timeoutMs?: number;
  /** Asks the fetch for a new connection. */
  readonly isFresh?: boolean;
  /** The most that is read of a success. @defaultValue `4_194_304` (4 MiB) */
  readonly maxBytes?: number;
  /** Reads a success; `undefined` where there is nothing legible in it. */
  read(answer: Answer, context: ReadContext): T | undefined;
}

/** What a reader may need beside the answer. */
export interface ReadContext {
  /** Empty where none was sent. */
  readonly clientRequestId: string;
  /** What may be shown of a text in an answer: it may repeat the key. */
  clean(text: string | undefined): string | undefined;
}

/** A call ready to go: the same on every attempt. */
export interface PreparedCall<T> extends Call<T>, ReadContext {
  readonly config: Config;
  readonly url: string;
  readonly printableUrl: string;
  readonly init: Omit<FetchInit, 'signal'>;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  /** Since 1970. */
  readonly startedAtMs: number;
  readonly secrets: readonly string[];
}

/** Milliseconds for one attempt of anything that is not known to take longer. */
const defaultTimeoutMs = 60_000;

export async function prepare<T>(
  config: Config,
  call: Call<T>,
  options: RequestOptions,
): Promise<PreparedCall<T>> {
  const ownHeaders = checkOptions(options);
  const ownId = options.clientRequestId ?? ownHeaders['x-client-request-id'];
  if (ownId !== undefined) checkClientRequestId(ownId);
  const clientRequestId = ownId ?? (call.paidModel === undefined ? '' : crypto.randomUUID());
  const timeoutMs = options.timeoutMs ?? config.timeoutMs ?? call.timeoutMs ?? defaultTimeoutMs;
  const given = config.key();
  const key = typeof given === 'string' ? given : await waitFor(given, config, call, timeoutMs, options);
  const url = `${config.baseUrl}${call.path}`;
  const secrets = [key, ...config.secrets, ...secretsOf(ownHeaders)];
  return {
    ...call,
    config,
    url: `${url}${call.query ?? ''}`,
    printableUrl: url,
    init: {
      method: call.method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(call.body && { 'content-type': 'application/json' }),
        ...config.headers,
        ...ownHeaders,
        ...(clientRequestId && { 'x-client-request-id': clientRequestId }),
      },
      ...(call.body && { body: call.body }),
      redirect: 'manual',
      // a framework's fetch cache would repeat the first status for ever
      cache: 'no-store',
      ...(call.isFresh && { fresh: true }),
    },
    timeoutMs,
    maxRetries: options.maxRetries ?? config.maxRetries,
    clientRequestId,
    startedAtMs: Date.now(),
    secrets,
    clean: (text) => (text === undefined ? undefined : excerpt(text, secrets)),
  };
}

/** What a function of the caller gives as the key. */
async function waitFor<T>(
  key: Promise<string>,
  { baseUrl }: Config,
  { method, path, doing }: Call<T>,
  timeoutMs: number,
  { signal }: RequestOptions,
): Promise<string> {
  const deadline = new Deadline(timeoutMs, 'the apiKey function gave no key', signal);
  try {
    return await deadline.until(key);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof TypeError) throw cause;
    const message = `Cannot ${doing}: ${messageOf(cause)}. Nothing was sent`;
    throw new ConnectionError(message, { method, url: `${baseUrl}${path}`, attempts: 0 }, { cause });
  } finally {
    deadline.end();
  }
}

/** Options of a request that a wait repeats itself: one attempt, within the time that is left. */
export function once(
  { timeoutMs = defaultTimeoutMs }: Config,
  signal: AbortSignal | undefined,
  timeLeftMs: number,
): RequestOptions {
  return { signal, timeoutMs: Math.min(timeoutMs, timeLeftMs), maxRetries: 0 };
}
