import type { Fetch } from '../base/fetch.js';
import { checkPositiveMs } from '../base/options.js';
import { checkGlobalFetch } from '../http/global-fetch.js';
import { untilAborted } from '../time/abort.js';
import { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import { isPrivateHost } from './hosts.js';
import { openFile } from './open.js';
import { PartialFile } from './partial-file.js';
import { checkMaxBytes, type Media, type MediaClient, type Source, toHttpUrl, toSource } from './source.js';
import { Tries } from './tries.js';

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

/** Takes the bytes in order. A chunk at position 0 starts the file anew. */
type Write = (chunk: Uint8Array, position: number) => unknown;

/** Fetches a file whole, and tells what it was. */
type Transfer = (write: Write) => Promise<{ bytes: number; contentType: string }>;

/** Checks all that can be checked before anything is made or sent. `doing` is `save` or `download`. */
export function prepareTransfer(
  doing: string,
  client: MediaClient,
  media: Media,
  options: SaveOptions,
): Transfer {
  const { signal, maxBytes = Infinity, onProgress } = options;
  signal?.throwIfAborted();
  checkPositiveMs('stallTimeoutMs', options.stallTimeoutMs);
  checkMaxBytes(maxBytes);
  const source = toSource(doing, media);
  const checksHosts = source.base64 === undefined && options.allowPrivateHosts !== true;
  const isLocal = checksHosts && isPrivateHost(new URL(client.baseUrl).hostname);
  const { allowPrivateHosts = isLocal } = options;
  return async (write) => {
    const file = new PartialFile(maxBytes, source.isOfCaller);
    const chunks = fetchChunks(client, media, source, { ...options, allowPrivateHosts }, file);
    for await (const chunk of chunks) {
      await write(chunk, file.bytes - chunk.byteLength);
      await untilAborted(Promise.resolve(onProgress?.(file.progress())), signal);
    }
    return file;
  };
}

/** The file's chunks, over as many requests as it takes. What is thrown while one is looked at ends the transfer. */
async function* fetchChunks(
  client: MediaClient,
  media: Media,
  source: Source,
  options: SaveOptions,
  file: PartialFile,
): AsyncGenerator<Uint8Array> {
  const { signal } = options;
  const tries = new Tries(client, media, source);
  for (;;) {
    signal?.throwIfAborted();
    if (source.base64 === undefined) checkGlobalFetch(client.fetch);
    const stall = new Deadline(options.stallTimeoutMs ?? 30_000, 'nothing arrived', signal);
    let pauseMs = 0;
    try {
      if (source.base64 !== undefined) yield file.takeBase64(source.base64);
      else yield* fetchOnce(client.fetch, tries.address, source, options, file, stall);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      pauseMs = await tries.afterFailure(error, file, signal);
    } finally {
      stall.end();
    }
    await sleep(pauseMs, signal);
  }
}

async function* fetchOnce(
  fetch: Fetch,
  address: Source['address'],
  { isOfCaller }: Source,
  { allowPrivateHosts = false }: SaveOptions,
  file: PartialFile,
  stall: Deadline,
): AsyncGenerator<Uint8Array> {
  const url = toHttpUrl(address);
  file.url = url;
  // the caller may pass a private address; redirects from there may stay private too
  const isPrivateAllowed = allowPrivateHosts || (isOfCaller && isPrivateHost(url.hostname));
  const noteHop = (hop: URL) => file.noteAddress(hop);
  const response = await openFile(fetch, url, file.rangeHeaders(), isPrivateAllowed, stall, noteHop);
  yield* file.read(response, stall);
}
