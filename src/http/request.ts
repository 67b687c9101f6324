import { untilAborted } from '../abort.js';
import { ConnectionError, InvalidInputError } from '../errors.js';
import {
  checkHeaders,
  checkPositiveMs,
  checkRetries,
  type FetchInit,
  type RequestOptions,
} from '../options.js';
import { printable } from '../redact.js';
import { longestTimerMs } from '../sleep.js';
import type { Answer } from './response.js';
import type { Transport } from './transport.js';

/** One operation, as data. */
export interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** What it does, for messages: `make the image`. */
  readonly doing: string;
  /** The model that a paid request buys; such a request is never repeated on doubt. */
  readonly paidModel?: string;
  /** Where neither the caller nor the client sets one. @defaultValue `60_000` */
  readonly timeoutMs?: number;
  /** Reads a success; `undefined` where there is nothing legible in it. */
  read(answer: Answer, request: Request): T | undefined;
}

/** A call ready to go: the same on every attempt. */
export interface Request {
  readonly url: string;
  readonly printableUrl: string;
  readonly init: Omit<FetchInit, 'signal'>;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly clientRequestId: string;
  /** ISO time. */
  readonly startedAt: string;
  /** What to do when the answer to a paid request is lost. */
  readonly adviceOnLoss: string;
  readonly secrets: readonly string[];
}

/** Milliseconds for one attempt of anything that is not known to take longer. */
export const defaultTimeoutMs = 60_000;

export async function prepare<T>(
  transport: Transport,
  call: Call<T>,
  options: RequestOptions,
): Promise<Request> {
  checkPositiveMs('timeoutMs', options.timeoutMs);
  checkRetries(options.maxRetries);
  const headers = { ...transport.headers, ...checkHeaders(options.headers) };
  const ownId = options.clientRequestId ?? headers['x-client-request-id'];
  if (ownId !== undefined) checkClientRequestId(ownId);
  const clientRequestId = ownId ?? crypto.randomUUID();
  const timeoutMs = options.timeoutMs ?? transport.timeoutMs ?? call.timeoutMs ?? defaultTimeoutMs;
  const key = await readKey(transport, call, timeoutMs, options.signal);
  const url = `${transport.baseUrl}${call.path}`;
  return {
    url: call.query ? `${url}?${new URLSearchParams(call.query)}` : url,
    printableUrl: url,
    init: {
      method: call.method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${key}`,
        ...(call.body && { 'content-type': 'application/json' }),
        ...headers,
        ...((call.paidModel || ownId) && { 'x-client-request-id': clientRequestId }),
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      redirect: 'manual',
      // a framework's fetch cache would repeat the first status for ever
      cache: 'no-store',
    },
    timeoutMs,
    maxRetries: options.maxRetries ?? transport.maxRetries,
    clientRequestId,
    startedAt: new Date().toISOString(),
    adviceOnLoss: transport.provider.adviceOnLoss(clientRequestId),
    secrets: [key, ...secretsOf(headers)],
  };
}

/** The values of headers that are not for everyone's eyes. */
function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|cookie|key|token|secret/.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+ /, '')]);
}

async function readKey<T>(
  transport: Transport,
  call: Call<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    return await within(timeoutMs, transport.key(), signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TypeError) throw error;
    const facts = { method: call.method, url: `${transport.baseUrl}${call.path}`, attempts: 0 };
    const message = `Cannot ${call.doing}: the apiKey function failed, so nothing was sent`;
    throw new ConnectionError(message, facts, { cause: error instanceof Error ? error.cause : error });
  }
}

/** Settles as `work` does, unless that takes too long or the signal aborts. */
function within<T>(ms: number, work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const late = new AbortController();
  const onLate = () => late.abort(new Error('', { cause: new Error(`no key within ${ms} ms`) }));
  const timer = setTimeout(onLate, Math.min(ms, longestTimerMs));
  return untilAborted(untilAborted(work, late.signal), signal).finally(() => clearTimeout(timer));
}

/** Checks an id by the API's rule: it drops any other silently. */
export function checkClientRequestId(id: string): void {
  if (typeof id === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(id)) return;
  const message = 'takes 1 to 128 characters of A-Z a-z 0-9 . _ : -';
  const received = String(printable(id));
  throw new InvalidInputError(`Cannot use clientRequestId "${received}": it ${message}; nothing was sent`, {
    issues: [{ path: 'clientRequestId', message, received }],
  });
}
