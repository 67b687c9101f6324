import type { Fetch, FetchResponse } from '../base/fetch.js';
import { privateHostCode } from '../base/private-address.js';
import { record } from '../base/record.js';
import { messageOf, toReadable } from '../base/thrown.js';
import { discard } from '../http/answer.js';
import type { Deadline } from '../time/deadline.js';
import type { HostCheck } from './host-check.js';
import type { IncomingFile } from './incoming-file.js';
import { Refusal, toHttpUrl } from './refusal.js';

const maxRedirects = 5;

/** Asks for what is missing of a file, and follows redirects. Each address is checked first. The key is never sent. */
export async function requestFile(
  fetch: Fetch,
  start: URL,
  file: IncomingFile,
  checkHost: HostCheck,
  deadline: Deadline,
): Promise<FetchResponse> {
  let url = start;
  const rangeHeaders = file.askAt(start);
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const isPublicOnly = await checkHost(url, deadline);
    const { href } = url;
    file.addresses.add(href);
    // async, so that what fetch throws is a rejection
    const send = async () =>
      fetch(href, {
        method: 'GET',
        // the bytes of a packed body can be neither counted nor resumed
        headers: { 'accept-encoding': 'identity', ...rangeHeaders },
        signal: deadline.signal,
        redirect: 'manual',
        cache: 'no-store',
        ...(isPublicOnly && { publicOnly: true }),
      });
    const sent = send();
    const response = await deadline.until(sent).catch((error) => {
      // a fetch that ignores its signal may still answer
      close(sent);
      const { code } = record(toReadable(error));
      throw isPublicOnly && code === privateHostCode ? new Refusal(messageOf(error)) : error;
    });
    if (typeof response?.headers?.get !== 'function') throw new Error('fetch gave no Response');
    // a browser gives this type for a redirect that is not followed, and shows neither its status nor its target
    if (response.type === 'opaqueredirect') {
      close(sent);
      throw new Refusal(
        'it is redirected, and browsers hide the target from us: pass the URL that it leads to',
      );
    }
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    close(sent);
    url = toHttpUrl(location, url);
  }
  throw new Refusal(`it was redirected more than ${maxRedirects} times`);
}

/** Closes an answer that nobody reads, or the connection stays open. An answer that cannot be closed is no error. */
function close(answer: Promise<FetchResponse>): void {
  answer.then(discard).catch(() => {});
}
