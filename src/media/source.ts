import { DownloadError } from '../errors.js';
import type { Fetch } from '../options.js';
import { isHttp, parseUrl, printableUrl } from '../redact.js';
import { isPrivateHost } from './hosts.js';

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

/** Where a file comes from, and whether it may come from this machine or network. */
export type Source = { bytes: Buffer } | { url: URL; privateAllowed: boolean };

export function locate(media: Media, client: MediaClient, allowPrivateHosts: boolean | undefined): Source {
  const fromCaller = typeof media === 'string' || media instanceof URL;
  if (!fromCaller && media?.base64) {
    return { bytes: Buffer.from(media.base64.replace(/^data:[^,]*,/, ''), 'base64') };
  }
  const url = toHttpUrl(fromCaller ? media : media?.url);
  const privateAllowed = allowPrivateHosts ?? isPrivateHost(new URL(client.baseUrl).hostname);
  // what the caller names may be private, and then lead on to what is
  return { url, privateAllowed: privateAllowed || (fromCaller && isPrivateHost(url.hostname)) };
}

/** fetch takes no such URL, and its error would quote it. */
export function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

export function toHttpUrl(address: string | URL | undefined): URL {
  const url = address === undefined ? undefined : parseUrl(address);
  if (url && isHttp(url) && !hasCredentials(url)) return url;
  const what =
    address === undefined
      ? 'there is neither a url nor base64 in it'
      : `"${printableUrl(address)}" is no http(s) URL${url && isHttp(url) ? ' without a user and a password' : ''}`;
  throw new DownloadError(`Cannot download: ${what}`, { bytesReceived: 0 });
}
