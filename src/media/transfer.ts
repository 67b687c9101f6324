import { startDeadline } from '../deadline.js';
import { DownloadError } from '../errors.js';
import { backoffMs, longestRetryAfterMs } from '../http/retry.js';
import { checkPositiveMs } from '../options.js';
import { sleep } from '../sleep.js';
import { BadAddress, openFile } from './open.js';
import { CallerError, type OnProgress, PartialFile, Refusal, type Sink } from './partial-file.js';
import { typeOfBytes } from './sniff.js';
import { locate, type Media, type MediaClient, toHttpUrl } from './source.js';

export interface SaveOptions {
  /** Ends the transfer at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Told after each piece that arrived, and awaited; what it throws ends the transfer. `totalBytes` is absent where the
   * server names no length.
   */
  onProgress?: OnProgress | undefined;
  /** Largest file taken. @defaultValue no limit for `save`, `268_435_456` (256 MiB) for `download` */
  maxBytes?: number | undefined;
  /** Milliseconds without a byte after which a transfer is cut, and taken up again. @defaultValue `30_000` */
  stallTimeoutMs?: number | undefined;
  /** Also follows an answer's URL to localhost or a private address. @defaultValue `true` where `baseUrl` is one, else `false` */
  allowPrivateHosts?: boolean | undefined;
}

/** Brings the media's bytes to the sink, whole and in order, over as many requests as it takes. */
export async function transfer(
  client: MediaClient,
  media: Media,
  sink: Sink,
  options: SaveOptions,
): Promise<{ contentType: string }> {
  const { maxBytes = Number.POSITIVE_INFINITY, signal, stallTimeoutMs = 30_000, onProgress } = options;
  checkPositiveMs('stallTimeoutMs', stallTimeoutMs);
  if (!(maxBytes > 0)) {
    throw new RangeError(`Cannot use maxBytes: it takes a number of bytes above 0, not ${maxBytes}.`);
  }
  const source = locate(media, client, options.allowPrivateHosts);
  if ('bytes' in source) return deliver(source.bytes, sink, maxBytes, onProgress);

  const file = new PartialFile(source.url, sink, maxBytes, onProgress);
  let refreshed = false;
  for (let fruitless = 1; ; fruitless += 1) {
    const before = file.furthest;
    const error = await request(client, file, source.privateAllowed, stallTimeoutMs, signal);
    if (error === undefined) return { contentType: file.contentType ?? 'application/octet-stream' };
    if (error instanceof Refusal && error.isOfLink && !refreshed) {
      refreshed = true;
      const link = await freshLink(client, media, file, error, signal);
      if (link !== undefined) {
        file.url = toHttpUrl(link);
        continue;
      }
    }
    if (file.furthest > before) fruitless = 0;
    const asked = error instanceof Refusal ? error.retryAfterMs : 0;
    const final = error instanceof BadAddress || (error instanceof Refusal && !error.isPassing);
    if (final || fruitless > client.maxRetries || asked > longestRetryAfterMs) throw file.toError(error);
    await sleep(Math.max(asked, backoffMs(fruitless + 1)), signal);
  }
}

/** One request for what is missing. Gives what went wrong on the way; throws what ends the transfer. */
async function request(
  { fetch }: MediaClient,
  file: PartialFile,
  privateAllowed: boolean,
  stallTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const stall = startDeadline(stallTimeoutMs, 'nothing arrived', signal);
  try {
    await file.take(
      await openFile(fetch, file.url, file.rangeHeaders(), privateAllowed, stall.signal),
      stall,
    );
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CallerError) throw error.thrown;
    if (error instanceof DownloadError) throw error;
    return stall.signal.aborted ? stall.signal.reason : (error ?? new Error('it failed without a reason'));
  } finally {
    stall.end();
  }
}

/** A link in place of the refused one, where the provider has one. */
async function freshLink(
  client: MediaClient,
  media: Media,
  file: PartialFile,
  refusal: Refusal,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    return await client.refreshLink?.(media, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw file.toError(refusal, cause);
  }
}

async function deliver(
  bytes: Buffer,
  sink: Sink,
  maxBytes: number,
  onProgress: SaveOptions['onProgress'],
): Promise<{ contentType: string }> {
  const { byteLength } = bytes;
  if (byteLength === 0)
    throw new DownloadError('Cannot download: the base64 holds no bytes', { bytesReceived: 0 });
  if (byteLength > maxBytes) {
    const message = `Cannot download: the picture holds ${byteLength} bytes, more than maxBytes (${maxBytes})`;
    throw new DownloadError(message, { bytesReceived: 0 });
  }
  await sink.write(bytes, 0);
  await onProgress?.({ bytes: byteLength, totalBytes: byteLength });
  return { contentType: typeOfBytes(bytes) ?? 'application/octet-stream' };
}
