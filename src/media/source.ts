import { type Fetch, outOfRange } from '../base/options.js';
import { isHttp, parseUrl, printableUrl } from '../base/redact.js';

/** A picture, a video, or the address of one. */
export type Media = { url?: string; base64?: string } | string | URL;

/** What a transfer needs of a client: never its key. */
export interface MediaClient {
  readonly fetch: Fetch;
  readonly baseUrl: string;
  /** Further tries in a row that may bring no byte. */
  readonly maxRetries: number;
  /** A new link in place of one that is refused, where the provider can give one. */
  refreshLink?(media: Media, signal: AbortSignal | undefined): Promise<string | undefined>;
}

/** There is no file to be had here, or not before `waitMs` are over. */
export class Refusal extends Error {
  waitMs = Infinity;
}

/** An address that fetch takes; its own error would quote a password. */
export function toHttpUrl(address: string | URL | undefined, base?: URL): URL {
  if (address === undefined) throw new Refusal('there is neither a url nor base64 in it');
  const url = parseUrl(address, base);
  if (url && isHttp(url) && !url.username && !url.password) return url;
  throw new Refusal(`"${printableUrl(address)}" is no http(s) URL, or holds a password`);
}

export function checkMaxBytes(value: number): void {
  if (typeof value === 'number' && value > 0) return;
  throw outOfRange('maxBytes', 'a number of bytes above 0', value);
}
