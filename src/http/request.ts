import type { Create } from '../base/around-create.js';
import { ConnectionError } from '../base/errors.js';
import { excerpt } from '../base/excerpt.js';
import type { FetchInit } from '../base/fetch.js';
import { checkHeaders } from '../base/headers.js';
import type { OptionNames } from '../base/option-names.js';
import { checkOptions, type RequestOptions } from '../base/options.js';
import type { Payment } from '../base/payment.js';
import { secretsOf } from '../base/secrets.js';
import { messageOf } from '../base/thrown.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { Deadline } from '../time/deadline.js';
import type { Answer } from './answer.js';
import type { Config } from './config.js';

/** One operation, as data. */
export interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Begins with its question mark. */
  readonly query?: string | undefined;
  /** JSON. */
  readonly body?: string;
  /** What the call does, for messages: `make the image`. */
  readonly doing: string;
  /** What the request pays for. A paid request is never repeated on doubt. */
  readonly paid?: Pick<Create, 'kind' | 'model' | 'body'> | undefined;
  /** Used where neither the caller nor the client sets one. @defaultValue `60_000` */
  readonly timeoutMs?: number;
  /** Asks the fetch for a new connection. */
  readonly isFresh?: boolean;
  /** Takes no key: none is looked for, and none is sent. */
  readonly isPublic?: boolean;
  /** The call says which answer it has already: 304 is a success without a body. */
  readonly takesNotModified?: boolean | undefined;
  /** The longest success that is read. @defaultValue `4_194_304` (4 MiB) */
  readonly maxBytes?: number | undefined;
  /** Reads a success; `undefined` where it is illegible. */
  read(answer: Answer, context: ReadContext): T | undefined;
}

/** What a reader gets beside the answer. */
export interface ReadContext {
  /** Empty where none was sent. */
  readonly clientRequestId: string;
  /** The text without secrets: an answer may repeat the key. */
  clean(text: string | undefined): string | undefined;
}

/** A call ready to be sent: every attempt is the same. */
export interface PreparedCall<T> extends Call<T>, ReadContext {
  readonly config: Config;
  /** Of a paid call: whether it may have been paid for so far. */
  readonly payment: Payment | undefined;
  readonly url: string;
  readonly printableUrl: string;
  readonly init: Omit<FetchInit, 'signal'>;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  /** Since 1970. */
  readonly startedAtMs: number;
  readonly secrets: readonly string[];
}

export const requestOptionNames: OptionNames<RequestOptions> = {
  signal: true,
  timeoutMs: true,
  maxRetries: true,
  headers: true,
  clientRequestId: true,
};

/** Milliseconds for one attempt of anything that is not known to take longer. */
const defaultTimeoutMs = 60_000;

export async function prepare<T>(
  config: Config,
  call: Call<T>,
  options: RequestOptions,
  payment?: Payment,
): Promise<PreparedCall<T>> {
  const ownHeaders = checkOptions(options);
  const clientRequestId = clientRequestIdOf(options) ?? '';
  const timeoutMs = options.timeoutMs ?? config.timeoutMs ?? call.timeoutMs ?? defaultTimeoutMs;
  const given = call.isPublic ? '' : config.key();
  const key = typeof given === 'string' ? given : await waitFor(given, config, call, timeoutMs, options);
  const url = `${config.baseUrl}${call.path}`;
  const secrets = [...(key ? [key] : []), ...config.secrets, ...secretsOf(ownHeaders)];
  // no spread of the call: V8 makes a new shape for each copy, which costs as much as all the rest
  return {
    method: call.method,
    path: call.path,
    doing: call.doing,
    paid: call.paid,
    payment,
    maxBytes: call.maxBytes,
    takesNotModified: call.takesNotModified,
    read: call.read,
    config,
    url: `${url}${call.query ?? ''}`,
    printableUrl: url,
    init: {
      method: call.method,
      headers: call.isPublic
        ? { ...config.headers, ...ownHeaders }
        : {
            authorization: `Bearer ${key}`,
            ...(call.body && { 'content-type': 'application/json' }),
            ...config.headers,
            ...ownHeaders,
            ...(clientRequestId && { 'x-client-request-id': clientRequestId }),
          },
      ...(call.body && { body: call.body }),
      redirect: 'manual',
      // Next.js caches GETs: it would repeat the first status for ever
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

/** The id that the caller chose, as an option or a header. */
export function clientRequestIdOf({ clientRequestId, headers }: RequestOptions): string | undefined {
  // null is no id, and an order without one must not be sent under an id that nobody has stored
  const id =
    clientRequestId === undefined && headers !== undefined
      ? checkHeaders(headers)['x-client-request-id']
      : clientRequestId;
  if (id !== undefined) checkClientRequestId(id);
  return id;
}

/** Waits for the key that a function of the caller gives. */
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

/** Options for one attempt within the time that is left: the wait that makes it repeats it by itself. */
export function once(
  { timeoutMs = defaultTimeoutMs }: Pick<Config, 'timeoutMs'>,
  signal: AbortSignal | undefined,
  timeLeftMs: number,
): RequestOptions {
  return { signal, timeoutMs: Math.min(timeoutMs, timeLeftMs), maxRetries: 0 };
}
