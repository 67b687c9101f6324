import type { Fetch, FetchResponse } from '../base/fetch.js';
import { discard } from '../http/answer.js';
import type { Deadline } from '../time/deadline.js';
import { isPrivateHost } from './hosts.js';
import { Refusal, toHttpUrl } from './source.js';

const maxRedirects = 5;

/** Asks for a file, hop by hop: each address is checked, told to `onHop`, and never sees the key. */
export async function openFile(
  fetch: Fetch,
  start: URL,
  headers: Record<string, string>,
  privateAllowed: boolean,
  deadline: Deadline,
  onHop: (url: URL) => void,
): Promise<FetchResponse> {
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    if (!privateAllowed && isPrivateHost(url.hostname)) {
      throw new Refusal(`"${url.hostname}" is a private address; allowPrivateHosts: true allows it`);
    }
    onHop(url);
    const { href } = url;
    // a promise, whatever fetch throws or gives
    const sent = new Promise<FetchResponse>((resolve) => {
      const answer = fetch(href, {
        method: 'GET',
        // packed bytes could be neither counted nor resumed
        headers: { 'accept-encoding': 'identity', ...headers },
        signal: deadline.signal,
        redirect: 'manual',
        cache: 'no-store',
      });
      resolve(answer);
    });
    const response = await deadline.until(sent).catch((error) => {
      // an answer that comes after all, from a fetch that does not heed its signal, is not left open
      close(sent);
      throw error;
    });
    if (typeof response?.headers?.get !== 'function') throw new Error('fetch gave no Response');
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    close(sent);
    url = toHttpUrl(location, url);
  }
  throw new Refusal(`it was redirected more than ${maxRedirects} times`);
}

/** Closes an answer that nobody wants. One that cannot be closed is no error. */
function close(answer: Promise<FetchResponse>): void {
  answer.then(discard).catch(() => {});
}
