import type { Fetch } from '../base/fetch.js';
import { record } from '../base/json.js';

/** What a client without a `fetch` of its own uses. It is looked up at each call: MSW and tracing patch it later. */
export const globalFetch: Fetch = (url, { fresh, ...init }) => {
  // Node closes a connection after a request with this header: a server that answers in the wrong order starts anew
  const headers = fresh ? { ...init.headers, connection: 'close' } : init.headers;
  return globalThis.fetch(url, { ...init, headers });
};

/** Throws a `TypeError` where the global fetch is wanted and missing: to call it would look like a lost request. */
export function checkGlobalFetch(fetch: Fetch): void {
  if (fetch !== globalFetch || typeof globalThis.fetch === 'function') return;
  throw new TypeError(
    'Cannot send anything: there is no global fetch. Use Node 20.19 or newer, or pass the option fetch.',
  );
}

// how Node 20 to 26 word a `RequestInit` that fetch does not take. Their words on headers are left out on purpose: a
// wrapper that puts a paid answer into a new Response may meet the same ones
const badInit =
  /^(RequestInit: |Request constructor: |Failed to construct 'Request': member signal is not of type AbortSignal\.$)/;

/**
 * Whether Node's own fetch refused what it was given, before it opened a connection. An `options.fetch` is not believed:
 * it may have sent the request, and then have failed at another one.
 */
export function isArgumentError(fetch: Fetch, error: unknown, url: string): boolean {
  const { name, message, cause } = record(error);
  // no `instanceof`: under Jest the error is of another realm
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
