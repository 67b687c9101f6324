import type { FetchHeaders } from '../base/fetch.js';
import { printableUrl } from '../base/redact.js';
import { isHttp, parseUrl } from '../base/url.js';
import { isPassing, longestRetryAfterMs } from '../http/retry.js';
import { retryAfterMs } from '../http/retry-after.js';

/**
 * What may help. `final`: nothing. `gone`: a new link. `early`: a new link or time, because a store may not have a new
 * file yet. `passing`: time. `no media`: a new link or time, because something else came.
 */
export type RefusalKind = 'final' | 'gone' | 'early' | 'passing' | 'no media';

/** The server did not give the file, or we do not ask for it. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly kind: RefusalKind = 'final',
    readonly waitMs = 0,
  ) {
    super(message);
  }
}

/** Makes the refusal for a status. A link that the caller passed is never `early`: it is probably wrong. */
export function toRefusal(status: number, headers: FetchHeaders, isOfCaller: boolean): Refusal {
  const message = `the answer was ${status}`;
  if (status === 401 || status === 410) return new Refusal(message, 'gone');
  if (status === 403 || status === 404) return new Refusal(message, isOfCaller ? 'final' : 'early');
  const waitMs = retryAfterMs(headers) ?? 0;
  // no answer of HTTP has a status below 200
  const mayPass = (status < 200 || isPassing(status)) && waitMs <= longestRetryAfterMs;
  return new Refusal(message, mayPass ? 'passing' : 'final', waitMs);
}

/** An address that fetch takes; fetch's own error would quote a password. */
export function toHttpUrl(address: string | URL, base?: URL): URL {
  const url = parseUrl(address, base);
  if (url && isHttp(url) && !url.username && !url.password) return url;
  throw new Refusal(`"${printableUrl(address)}" is no http(s) URL, or holds a password`);
}
