import type { Fetch } from '../options.js';
import { isHttp, printableUrl } from '../redact.js';

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
  constructor(
    message: string,
    readonly waitMs = Infinity,
    /** The link is no longer, or not, good for the file. */
    readonly isOfLink = false,
  ) {
    super(message);
  }
}

/** An address that fetch takes; its own error would quote a password. */
export function toHttpUrl(address: string | URL | undefined, base?: URL): URL {
  if (address === undefined) throw new Refusal('there is neither a url nor base64 in it');
  const url = URL.canParse(String(address), base?.href) ? new URL(address, base) : undefined;
  if (url && isHttp(url) && !url.username && !url.password) return url;
  throw new Refusal(`"${printableUrl(address)}" is no http(s) URL, or holds a password`);
}
