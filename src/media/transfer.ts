import { checkPositiveMs } from '../base/options.js';
import { checkGlobalFetch, isArgumentError } from '../http/global-fetch.js';
import { backoffMs, longestRetryAfterMs } from '../http/retry.js';
import { untilAborted } from '../time/abort.js';
import { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import { isPrivateHost } from './hosts.js';
import { openFile } from './open.js';
import { PartialFile } from './partial-file.js';
import { checkMaxBytes, type Media, type MediaClient, Refusal, toHttpUrl } from './source.js';

export interface SaveOptions {
  /** Ends the transfer at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Told after each piece that arrived, and awaited; what it throws ends the transfer. `totalBytes` is absent where the
   * server names no length.
   */
  onProgress?: ((progress: { bytes: number; totalBytes?: number }) => unknown) | undefined;
  /** Largest file taken. @defaultValue no limit for `save`, `268_435_456` (256 MiB) for `download` */
  maxBytes?: number | undefined;
  /** Milliseconds without a byte after which a transfer is cut, and taken up again. @defaultValue `30_000` */
  stallTimeoutMs?: number | undefined;
  /** Also follows an answer's URL to localhost or a private address. @defaultValue `true` where `baseUrl` is one, else `false` */
  allowPrivateHosts?: boolean | undefined;
}

/** Gives the media's bytes to `write`, whole and in order. A chunk at position 0 starts the file anew. */
export async function transfer(
  client: MediaClient,
  media: Media,
  options: SaveOptions,
  write: (chunk: Uint8Array, position: number) => unknown,
): Promise<{ bytes: number; contentType: string }> {
  const { maxBytes = Infinity, onProgress } = options;
  checkPositiveMs('stallTimeoutMs', options.stallTimeoutMs);
  checkMaxBytes(maxBytes);
  const file = new PartialFile(maxBytes);
  for await (const chunk of fetchChunks(client, media, options, file)) {
    await write(chunk, file.bytes - chunk.byteLength);
    await untilAborted(Promise.resolve(onProgress?.(file.progress())), options.signal);
  }
  return file;
}

/** The file's chunks, over as many requests as it takes. What is thrown while one is looked at ends the transfer. */
async function* fetchChunks(
  client: MediaClient,
  media: Media,
  { signal, stallTimeoutMs = 30_000, allowPrivateHosts }: SaveOptions,
  file: PartialFile,
): AsyncGenerator<Uint8Array> {
  const isAddress = typeof media === 'string' || media instanceof URL;
  let link = isAddress ? media : media?.url;
  let isRefreshed = false;
  let furthest = 0;
  for (let fruitless = 1; ; fruitless += 1) {
    signal?.throwIfAborted();
    if (isAddress || !media?.base64) checkGlobalFetch(client.fetch);
    let waitMs = 0;
    const stall = new Deadline(stallTimeoutMs, 'nothing arrived', signal);
    try {
      if (!isAddress && media?.base64) {
        yield file.takeBase64(media.base64);
        return;
      }
      const url = toHttpUrl(link);
      file.url = url;
      // what the caller names may be private, and then lead on to what is
      const isPrivateAllowed =
        (allowPrivateHosts ?? isPrivateHost(new URL(client.baseUrl).hostname)) ||
        (isAddress && isPrivateHost(url.hostname));
      const response = await openFile(client.fetch, url, file.rangeHeaders(), isPrivateAllowed, stall);
      yield* file.read(response, stall);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRefreshed && [401, 403, 404, 410].includes(file.status ?? 0)) {
        isRefreshed = true;
        const fresh = await client.refreshLink?.(media, signal).catch((cause) => {
          signal?.throwIfAborted();
          throw file.toError(error, cause);
        });
        if (fresh !== undefined) {
          link = fresh;
          continue;
        }
      }
      if (error instanceof Refusal) waitMs = error.waitMs;
      if (isArgumentError(client.fetch, error, file.url?.href ?? '')) waitMs = Infinity;
      if (file.bytes > furthest) {
        furthest = file.bytes;
        fruitless = 0;
      }
      if (fruitless > client.maxRetries || waitMs > longestRetryAfterMs) throw file.toError(error);
    } finally {
      stall.end();
    }
    await sleep(Math.max(waitMs, backoffMs(fruitless + 1)), signal);
  }
}
