import type { Fetch } from '../base/fetch.js';
import { isError } from '../base/is-error.js';
import { text } from '../base/json.js';
import { outOfRange, type RequestOptions } from '../base/options.js';
import { isRecord, record } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { ImageResult, VideoJob } from '../base/results.js';
import { parseUrl } from '../base/url.js';

/** A picture, a video, the job of a video that is done, a result of one picture, or the address of a file. */
export type Media =
  | { url?: string | undefined; base64?: string | undefined }
  | VideoJob
  | ImageResult
  | string
  | URL;

/** What a transfer needs of a client. The key is not among it. */
export interface MediaClient {
  readonly fetch: Fetch;
  readonly baseUrl: string;
  /** Most further tries in a row that bring no new byte. */
  readonly maxRetries: number;
  /** A new link in place of one that is refused, where the provider can give one. */
  refreshLink?(media: Media, options: RequestOptions): Promise<string | undefined>;
}

/** Where the bytes of a media come from. */
export interface Source {
  address?: string | URL | undefined;
  base64?: string | undefined;
  /** The caller passed the address itself. It may be private, and the file may be JSON. */
  isOfCaller: boolean;
}

const whatToPass = 'pass an image, a video, the job of a video that is done, or a URL';

/**
 * Finds the one file that is meant. `doing` is `save` or `download`.
 *
 * @throws {TypeError} when there is no such file: not yet, or more than one
 */
export function toSource(doing: string, media: unknown): Source {
  const refuse = (what: string) => new TypeError(`Cannot ${doing} ${what}`);
  if (typeof media === 'string' || media instanceof URL) {
    // the id of a job may be a URL too, as "uuid:model" is
    if (parseUrl(media) && /^(data:|[a-z]+:\/\/)/i.test(String(media).trim()))
      return { address: media, isOfCaller: true };
    throw refuse(`"${printable(String(media))}": ${whatToPass}.`);
  }
  const file = fileOf(media, refuse);
  const address = file.url instanceof URL ? file.url : text(file.url);
  const base64 = text(file.base64);
  if (address || base64) return { address, base64, isOfCaller: false };
  throw refuse(`${printable(media)}: there is neither a url nor base64 in it; ${whatToPass}.`);
}

/** The one picture or video in a result or a job. */
function fileOf(media: unknown, refuse: (what: string) => TypeError): Record<string, unknown> {
  const { images = media, provider, id, state, status, video, then, arrayBuffer } = record(media);
  if (Array.isArray(images)) {
    if (images.length === 1) return record(images[0]);
    if (images.length === 0) throw refuse(`a list without images: ${whatToPass}.`);
    throw refuse(`${images.length} images as one file: pass one of them, as images[0].`);
  }
  if (typeof then === 'function') throw refuse(`a Promise: await it, and ${whatToPass}.`);
  // errors and answers have a url too, but it is not that of a file
  if (!isRecord(media) || isError(media) || typeof arrayBuffer === 'function') {
    throw refuse(`${isError(media) ? 'an error' : printable(media)}: ${whatToPass}.`);
  }
  const isJob = text(provider) && text(state);
  if (!isJob) return media;
  if (state === 'done' && isRecord(video)) return video;
  throw refuse(
    `the video "${printable(id)}": its job is "${printable(state)}" (status "${printable(status)}"). Pass the video that pollUntilDone(job) gives.`,
  );
}

export function checkMaxBytes(value: number): void {
  if (typeof value === 'number' && value > 0) return;
  throw outOfRange('maxBytes', 'a number of bytes above 0', value);
}
