import type { Fetch } from '../base/fetch.js';
import { isRecord, record, text } from '../base/json.js';
import { outOfRange, type RequestOptions } from '../base/options.js';
import { printable } from '../base/redact.js';
import type { ImageResult, VideoJob } from '../base/results.js';

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

/** What a message tells the caller to do. */
export const whatToPass = 'pass an image, a video, the job of a video that is done, or a URL';

/**
 * Finds the one file that is meant. `doing` is `save` or `download`.
 *
 * @throws {TypeError} when there is no such file: not yet, or more than one
 */
export function toSource(doing: string, media: unknown): Source {
  if (typeof media === 'string' || media instanceof URL) return { address: media, isOfCaller: true };
  const { url, base64 } = fileOf(doing, media);
  return { address: url instanceof URL ? url : text(url), base64: text(base64), isOfCaller: false };
}

/** The one picture or video in a result or a job. */
function fileOf(doing: string, media: unknown): Record<string, unknown> {
  const { images = media, provider, id, state, status, video, then } = record(media);
  const refuse = (what: string) => new TypeError(`Cannot ${doing} ${what}.`);
  if (Array.isArray(images)) {
    if (images.length === 1) return record(images[0]);
    throw refuse(`${images.length} images as one file: pass one of them, as images[0]`);
  }
  if (typeof then === 'function') throw refuse(`a Promise: await it, and ${whatToPass}`);
  if (!isRecord(media)) throw refuse(`${printable(media)}: ${whatToPass}`);
  const isJob = text(provider) && text(state);
  if (!isJob) return media;
  if (state === 'done' && isRecord(video)) return video;
  throw refuse(
    `the video "${printable(id)}": its job is "${printable(state)}" (status "${printable(status)}"). Pass the video that pollUntilDone(job) gives`,
  );
}

export function checkMaxBytes(value: number): void {
  if (typeof value === 'number' && value > 0) return;
  throw outOfRange('maxBytes', 'a number of bytes above 0', value);
}
