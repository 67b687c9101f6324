import type { OptionNames } from '../base/option-names.js';
import { checkFunction, checkPositiveMs } from '../base/options.js';
import { toReadable } from '../base/thrown.js';
import { checkGlobalFetch, isArgumentError } from '../http/global-fetch.js';
import { untilAborted } from '../time/abort.js';
import { backoffMs } from '../time/backoff.js';
import { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import { createHostCheck } from './host-check.js';
import { createIncomingFile, type IncomingFile } from './incoming-file.js';
import { Refusal, toHttpUrl } from './refusal.js';
import { requestFile } from './request-file.js';
import { checkMaxBytes, type Media, type MediaClient, type Source, toSource } from './source.js';

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
  /**
   * Also fetches from localhost or a private address where an answer leads there, by a name that resolves to one too.
   * @defaultValue `true` where `baseUrl` is one, else `false`
   */
  allowPrivateHosts?: boolean | undefined;
}

export const saveOptionNames: OptionNames<SaveOptions> = {
  signal: true,
  onProgress: true,
  maxBytes: true,
  stallTimeoutMs: true,
  allowPrivateHosts: true,
};

/** Takes the bytes in order. A chunk at position 0 starts the file anew. */
type Write = (chunk: Uint8Array, position: number) => unknown;

/** Fetches a whole file, and gives its length and type. */
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
  checkFunction('onProgress', onProgress);
  checkPositiveMs('stallTimeoutMs', options.stallTimeoutMs);
  checkMaxBytes(maxBytes);
  const source = toSource(doing, media);
  if (source.base64 === undefined) checkGlobalFetch(client.fetch);
  return async (write) => {
    const file = createIncomingFile(maxBytes, source.isOfCaller);
    const chunks = fetchChunks(client, media, source, options, file);
    for await (const chunk of chunks) {
      await write(chunk, file.bytes - chunk.byteLength);
      await untilAborted(Promise.resolve(onProgress?.(file.progress)), signal);
    }
    return file;
  };
}

/** Gives the file's chunks, over as many requests as it takes. What `write` or `onProgress` throws is not tried again. */
async function* fetchChunks(
  client: MediaClient,
  media: Media,
  { address: firstAddress, base64, isOfCaller }: Source,
  { signal, stallTimeoutMs = 30_000, allowPrivateHosts }: SaveOptions,
  file: IncomingFile,
): AsyncGenerator<Uint8Array> {
  let address = firstAddress;
  let furthestBytes = 0;
  // both are counted since a try last brought new bytes
  let fruitlessTries = 0;
  let newLinks = 0;
  /** Why there is no new link. */
  let noLink: unknown;

  /** Gives the milliseconds until the next try, and may fetch a new link for it. Throws where there is no next try. */
  async function planNextTry(error: unknown): Promise<number> {
    // a connection that broke has no kind
    const { kind, waitMs = 0 } = error instanceof Refusal ? error : {};
    fruitlessTries += 1;
    // the bytes of a refused answer do not count
    if (!kind && file.bytes > furthestBytes) {
      furthestBytes = file.bytes;
      fruitlessTries = 0;
      newLinks = 0;
    }
    const hasTries = fruitlessTries <= client.maxRetries;
    const pauseMs = Math.max(waitMs, backoffMs(fruitlessTries + 1));
    // the first new link is not counted as a try: the old one may have expired long ago
    const isFree = newLinks === 0 && (kind === 'gone' || kind === 'early');
    const isGone = kind === 'gone' || (kind === 'early' && file.expiredAt());
    if (isFree || (hasTries && (kind === 'early' || kind === 'no media'))) {
      noLink = undefined;
      // the old link may still be good: then the next try is the one that asks again
      const maxRetries = isGone ? undefined : 0;
      const fresh = await client.refreshLink?.(media, { signal, maxRetries }).catch((cause) => {
        signal?.throwIfAborted();
        noLink = cause;
      });
      if (fresh !== undefined) {
        address = fresh;
        newLinks += 1;
        return newLinks === 1 && isGone ? 0 : pauseMs;
      }
    }
    const isLost = kind === 'final' || isGone;
    if (isLost || !hasTries || isArgumentError(client.fetch, error, file.url?.href ?? '')) {
      throw file.toError(error, noLink ?? error);
    }
    return pauseMs;
  }

  for (;;) {
    signal?.throwIfAborted();
    const stall = new Deadline(stallTimeoutMs, 'nothing arrived', signal);
    let pauseMs = 0;
    try {
      if (base64 !== undefined) yield file.takeBase64(base64);
      else {
        const url = toHttpUrl(address ?? '');
        const checkHost = createHostCheck(client, url, isOfCaller, allowPrivateHosts);
        const response = await requestFile(client.fetch, url, file, checkHost, stall);
        yield* file.read(response, stall);
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      pauseMs = await planNextTry(toReadable(error));
    } finally {
      stall.end();
    }
    await sleep(pauseMs, signal);
  }
}
