import { snapshot } from '../base/snapshot.js';
import type { DataUriOptions } from './data-uri.js';

let encode: typeof import('./data-uri.js').toDataUri | undefined;

/**
 * Turns a local picture or video into a data URI, for fields such as `image_urls`, `image_url` and `video_url`.
 *
 * @param source a path, a `file:` URL, the bytes, or a Blob; PNG, JPEG, WebP, GIF, BMP, AVIF, HEIC, MP4, QuickTime or
 * WebM, told from the bytes; which of them a model reads is for the API to say
 * @param options `maxBytes`, the largest that is taken (10 MiB)
 * @throws {InvalidInputError} when it cannot be read, is empty, too large or none of these
 * @throws {TypeError} when `source` is a path and the runtime has no modules of Node.js (a page, a Worker)
 * @example
 * ```ts
 * const image_urls = [await toDataUri('cat.png')];
 * ```
 */
export async function toDataUri(
  source: string | URL | Uint8Array | ArrayBuffer | Blob,
  options?: DataUriOptions,
): Promise<string> {
  if (encode) return encode(source, options);
  // the caller may reuse the memory of the bytes while the code is loaded
  const kept = snapshot(source);
  encode = (await import('./data-uri.js')).toDataUri;
  return encode(kept, options);
}
