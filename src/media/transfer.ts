import { DownloadError } from '../errors.js';
import { checkPositiveMs, type Fetch } from '../options.js';
import { isHttp, parseUrl, printableUrl, redact, redactCause } from '../redact.js';
import { longestTimerMs, untilAborted } from '../sleep.js';
import { isPrivateHost } from './hosts.js';
import { typeOfBytes } from './sniff.js';

/** A picture, a video, or the address of one. */
export type Media = { url?: string; base64?: string } | string | URL;

export interface DownloadOptions {
  /** Ends the transfer at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told after each piece that arrived. `totalBytes` is absent where the server names no length. */
  onProgress?: ((progress: { bytes: number; totalBytes?: number }) => void) | undefined;
  /** Largest file taken. @defaultValue no limit for `save`, `268_435_456` (256 MiB) for `download` */
  maxBytes?: number | undefined;
  /** Milliseconds without a byte after which the transfer fails. @defaultValue `30_000` */
  stallTimeoutMs?: number | undefined;
  /** Also follows an answer's URL to localhost or a private address. @defaultValue `true` where `baseUrl` is one, else `false` */
  allowPrivateHosts?: boolean | undefined;
}

/** What a transfer needs of a client: never its key. */
export interface MediaClient {
  readonly fetch: Fetch;
  readonly baseUrl: string;
}

export interface Sink {
  write(chunk: Uint8Array): Promise<void>;
}

const maxRedirects = 5;

/** Brings the media's bytes to the sink, in order and once. */
export async function transfer(
  client: MediaClient,
  media: Media,
  sink: Sink,
  options: DownloadOptions,
): Promise<{ contentType: string }> {
  const { maxBytes, signal, stallTimeoutMs = 30_000 } = options;
  checkPositiveMs('stallTimeoutMs', stallTimeoutMs);
  if (maxBytes !== undefined && !(maxBytes > 0)) {
    throw new RangeError(`Cannot use maxBytes: it takes a number of bytes above 0, not ${maxBytes}.`);
  }
  const source = locate(media);
  if ('bytes' in source) return deliver(source.bytes, sink, options);

  const stall = startStallTimer(stallTimeoutMs, signal);
  const progress = { url: source.url, bytes: 0, status: undefined };
  try {
    const response = await follow(client, source, stall.signal, options, progress);
    return await pour(response, sink, stall, options, progress);
  } catch (error) {
    signal?.throwIfAborted();
    throw toDownloadError(stall.stalled() ?? error, progress);
  } finally {
    stall.end();
  }
}

interface Progress {
  url: URL;
  bytes: number;
  status: number | undefined;
}

type Source = { bytes: Buffer } | { url: URL; fromCaller: boolean };

function locate(media: Media): Source {
  const fromCaller = typeof media === 'string' || media instanceof URL;
  if (!fromCaller && media?.base64) {
    return { bytes: Buffer.from(media.base64.replace(/^data:[^,]*,/, ''), 'base64') };
  }
  const address = fromCaller ? media : media?.url;
  const url = address === undefined ? undefined : parseUrl(address);
  if (url && isHttp(url)) return { url, fromCaller };
  const what =
    address === undefined
      ? 'there is neither a url nor base64 in it'
      : `"${printableUrl(address)}" is no http(s) URL`;
  throw new DownloadError(`Cannot download: ${what}`, { bytesReceived: 0 });
}

async function deliver(
  bytes: Buffer,
  sink: Sink,
  { maxBytes, onProgress }: DownloadOptions,
): Promise<{ contentType: string }> {
  const { byteLength } = bytes;
  if (maxBytes !== undefined && byteLength > maxBytes) {
    const message = `Cannot download: the picture holds ${byteLength} bytes, more than maxBytes (${maxBytes})`;
    throw new DownloadError(message, { bytesReceived: 0 });
  }
  await sink.write(bytes);
  onProgress?.({ bytes: byteLength, totalBytes: byteLength });
  return { contentType: typeOfBytes(bytes) ?? 'application/octet-stream' };
}

/** Asks for the file, hop by hop: each address is checked, and none ever sees the key. */
async function follow(
  client: MediaClient,
  source: { url: URL; fromCaller: boolean },
  signal: AbortSignal,
  { allowPrivateHosts }: DownloadOptions,
  progress: Progress,
): Promise<Response> {
  const allowed = allowPrivateHosts ?? isPrivateHost(new URL(client.baseUrl).hostname);
  const callersOwn = source.fromCaller && isPrivateHost(source.url.hostname);
  for (let hops = 0; ; hops += 1) {
    const { url } = progress;
    if (!allowed && !callersOwn && isPrivateHost(url.hostname)) {
      throw new Error(
        `"${url.hostname}" is a private address; allowPrivateHosts: true lets an answer lead there`,
      );
    }
    const sent = client.fetch(url.href, {
      method: 'GET',
      // packed bytes could be neither counted nor resumed
      headers: { 'accept-encoding': 'identity' },
      signal,
      redirect: 'manual',
      cache: 'no-store',
    });
    const response = await untilAborted(sent, signal);
    progress.status = response.status;
    const location = response.headers.get('location');
    if (response.status === 200 && response.body) return response;
    response.body?.cancel().catch(() => {});
    if (response.status < 300 || response.status >= 400 || location === null) {
      throw new Error(response.status === 200 ? 'the answer is empty' : `the answer was ${response.status}`);
    }
    if (hops === maxRedirects) throw new Error(`it was redirected more than ${maxRedirects} times`);
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (!next || !isHttp(next)) throw new Error('it was redirected to something that is no http(s) URL');
    progress.url = next;
  }
}

async function pour(
  response: Response,
  sink: Sink,
  stall: StallTimer,
  { maxBytes = Number.POSITIVE_INFINITY, onProgress }: DownloadOptions,
  progress: Progress,
): Promise<{ contentType: string }> {
  const { headers } = response;
  const packed = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  const length = headers.get('content-length');
  const totalBytes = packed || length === null ? undefined : Number(length);
  if (totalBytes !== undefined && totalBytes > maxBytes) throw tooLarge(totalBytes, maxBytes);
  let contentType = headers.get('content-type')?.split(';')[0]?.trim();
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = reader && (await untilAborted(reader.read(), stall.signal));
      if (!chunk || chunk.done) break;
      if (progress.bytes === 0 && (!contentType || contentType === 'application/octet-stream')) {
        contentType = typeOfBytes(chunk.value);
      }
      progress.bytes += chunk.value.byteLength;
      if (progress.bytes > maxBytes) throw tooLarge(progress.bytes, maxBytes);
      await sink.write(chunk.value);
      stall.restart();
      onProgress?.({ bytes: progress.bytes, ...(totalBytes !== undefined && { totalBytes }) });
    }
  } catch (error) {
    reader?.cancel().catch(() => {});
    throw error;
  }
  if (totalBytes !== undefined && progress.bytes !== totalBytes) {
    throw new Error(`it broke off after ${progress.bytes} of ${totalBytes} bytes`);
  }
  return { contentType: contentType ?? 'application/octet-stream' };
}

function tooLarge(bytes: number, maxBytes: number): Error {
  return new Error(`it holds at least ${bytes} bytes, more than maxBytes (${maxBytes})`);
}

type StallTimer = ReturnType<typeof startStallTimer>;

/** A signal that aborts with the caller's, or when nothing has arrived for a while. */
function startStallTimer(stallTimeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  let error: Error | undefined;
  const onAbort = () => controller.abort(signal?.reason);
  const onStall = () => {
    error = new Error(`nothing arrived for ${stallTimeoutMs} ms`);
    controller.abort(error);
  };
  const timer = setTimeout(onStall, Math.min(stallTimeoutMs, longestTimerMs));
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    signal: controller.signal,
    stalled: () => error,
    restart: () => timer.refresh(),
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function toDownloadError(error: unknown, { url, bytes, status }: Progress): DownloadError {
  if (error instanceof DownloadError) return error;
  const secrets = [
    url.search,
    url.password,
    ...[...url.searchParams.values()].filter((value) => value.length > 8),
  ];
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = redact(cause instanceof Error ? cause.message : String(cause), secrets);
  const message = `Cannot download ${printableUrl(url)}: ${why} (${bytes} bytes received)`;
  const facts = { url: printableUrl(url), status, bytesReceived: bytes };
  return new DownloadError(message, facts, { cause: redactCause(error, secrets) });
}
