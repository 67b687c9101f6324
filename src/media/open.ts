import { untilAborted } from '../abort.js';
import type { Fetch, FetchResponse } from '../options.js';
import { isHttp } from '../redact.js';
import { isPrivateHost } from './hosts.js';
import { hasCredentials } from './source.js';

const maxRedirects = 5;

/** An address that must not, or cannot, be asked: trying again would not help. */
export class BadAddress extends Error {}

/** Asks for a file, hop by hop: each address is checked, and none ever sees the key. */
export async function openFile(
  fetch: Fetch,
  start: URL,
  headers: Record<string, string>,
  privateAllowed: boolean,
  signal: AbortSignal,
): Promise<FetchResponse> {
  let url = start;
  for (let redirects = 0; ; redirects += 1) {
    if (!privateAllowed && isPrivateHost(url.hostname)) {
      throw new BadAddress(
        `"${url.hostname}" is a private address; allowPrivateHosts: true lets an answer lead there`,
      );
    }
    const response = await untilAborted(
      fetch(url.href, {
        method: 'GET',
        // packed bytes could be neither counted nor resumed
        headers: { 'accept-encoding': 'identity', ...headers },
        signal,
        redirect: 'manual',
        cache: 'no-store',
      }),
      signal,
    );
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    response.body?.cancel().catch(() => {});
    if (redirects === maxRedirects) throw new BadAddress(`it was redirected more than ${maxRedirects} times`);
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (!next || !isHttp(next) || hasCredentials(next)) {
      throw new BadAddress('it was redirected to something that is no http(s) URL, or holds a password');
    }
    url = next;
  }
}
