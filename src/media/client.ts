import type { Config } from '../http/config.js';
import { download, type SavedFile, save } from './save.js';
import type { Media, MediaClient } from './source.js';
import type { SaveOptions } from './transfer.js';

/** What a client does with images and videos that are done. */
export interface MediaCalls {
  /**
   * Writes an image or a video to `path`, and makes its folder. The file is there whole or not at all: the bytes
   * stream to `<path>.<random>.part`, which is then renamed. A file of that name is replaced, and its permissions are
   * kept. The key is not sent.
   *
   * A transfer that breaks off or stalls goes on where it stopped if the server can do that, otherwise from the start.
   * A link of a video that is refused (401, 403, 404, 410) is replaced by a new one from the API; 403 and 404 are asked
   * for again up to `maxRetries` times, because a new file may come late. An answer that is plainly no media (a web
   * page, JSON, an XML error) is asked for again in the same way. At a URL that you pass yourself, JSON is saved, and
   * 403 and 404 are final. If the server names no length, a transfer that was cut cannot be told from one that ended.
   *
   * @throws {DownloadError} when it cannot be fetched or written; the media stays usable for another try
   * @throws {TypeError} when `media` is not one file (a running job, several images, a Promise, bytes), when `path` names no
   * file, or where Node's modules are missing; nothing was sent
   * @throws The signal's reason, when `options.signal` aborts
   */
  save(media: Media, path: string | URL, options?: SaveOptions): Promise<SavedFile>;

  /**
   * Gives the bytes of an image or a video; at most `maxBytes` of them (256 MiB). It fetches them as {@link save} does.
   *
   * @throws {DownloadError} when it cannot be fetched or is too large
   * @throws {TypeError} when `media` is not one file
   * @throws The signal's reason, when `options.signal` aborts
   */
  download(media: Media, options?: SaveOptions): Promise<Uint8Array>;
}

/** `refreshLink` asks the provider for a new link in place of one that is refused. */
export function createMediaCalls(
  { fetch, baseUrl, maxRetries }: Config,
  refreshLink: NonNullable<MediaClient['refreshLink']>,
): MediaCalls {
  const client: MediaClient = { fetch, baseUrl, maxRetries, refreshLink };
  return {
    save: (media, path, options) => save(client, media, path, options),
    download: (media, options) => download(client, media, options),
  };
}
