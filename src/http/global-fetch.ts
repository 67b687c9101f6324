import type { Fetch, FetchInit } from '../base/fetch.js';
import { record } from '../base/record.js';

/** Used where a client has no `fetch` option. Looks the global up at each call: MSW and tracing may patch it later. */
export const globalFetch: Fetch = (url, { publicOnly: _, ...given }) => {
  const init = takesCache() ? given : withoutCache(given);
  // when a used connection breaks, Deno sends a text a second time, but not a Blob
  if (init.body !== undefined && 'Deno' in globalThis) {
    return globalThis.fetch(url, { ...init, body: new Blob([init.body]) });
  }
  const isStreamed = init.body !== undefined && isNodes(globalThis.fetch);
  if (!init.fresh && !isStreamed) return globalThis.fetch(url, init);
  // the header makes Node close the connection afterwards: no answer to another request can arrive on it any more
  const headers = init.fresh ? { ...init.headers, connection: 'close' } : init.headers;
  if (!isStreamed) return globalThis.fetch(url, { ...init, headers });
  // Node's fetch sends a request a second time after a 421, unless its body is a stream. With `omit`, it gives the
  // answer 401 to a stream as it is
  const body = new TextEncoder().encode(init.body);
  return globalThis.fetch(url, {
    ...init,
    headers: { ...headers, 'content-length': String(body.byteLength) },
    body: toStream(body),
    duplex: 'half',
    credentials: 'omit',
  });
};

/** Whether fetch knows the option `cache`: Workers with a compatibility date before 2024-11-11 refuse it. */
function takesCache(): boolean {
  const { Request } = globalThis;
  return Request === undefined || 'cache' in Request.prototype;
}

function withoutCache({ cache: _, ...rest }: FetchInit): Omit<FetchInit, 'cache'> {
  return rest;
}

/** Whether it is the fetch that came with Node: one that was patched may expect a text as the body. */
function isNodes(fetch: typeof globalThis.fetch): boolean {
  return /lazy loading of undici/i.test(Function.prototype.toString.call(fetch));
}

function toStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** Throws a `TypeError` where there is no global fetch: a call to it would look like a lost request. */
export function checkGlobalFetch(fetch: Fetch): void {
  if (fetch !== globalFetch || typeof globalThis.fetch === 'function') return;
  throw new TypeError(
    'Cannot send anything: there is no global fetch. Use Node 20.19 or newer, or pass the option fetch.',
  );
}

// messages of Node 20 to 26 about a `RequestInit` that fetch refuses. Messages about headers are left out on purpose: a
// wrapper that puts a paid answer into a new Response may cause the same ones
const badInit =
  /^(RequestInit: |Request constructor: |Failed to construct 'Request': member signal is not of type AbortSignal\.$)/;

/**
 * Whether Node's own fetch refused its arguments, before it opened a connection. The same error from an `options.fetch`
 * proves nothing: it may have sent the request, and then failed at another one.
 */
export function isArgumentError(fetch: Fetch, error: unknown, url: string): boolean {
  const { name, message, cause } = record(error);
  // no `instanceof`: under Jest the error belongs to another realm
  if (fetch !== globalFetch || name !== 'TypeError' || typeof message !== 'string') return false;
  if (cause === undefined) return badInit.test(message);
  const { code, message: why } = record(cause);
  if (message === 'fetch failed') return why === 'bad port' && code === undefined;
  // a patched fetch may have failed at an address of its own, after it sent the request
  const path = url.replace(/^https?:\/\/[^/]*/, '');
  return (
    code === 'ERR_INVALID_URL' && message.startsWith('Failed to parse URL from ') && message.endsWith(path)
  );
}
