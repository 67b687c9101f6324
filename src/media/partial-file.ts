import { untilAborted } from '../abort.js';
import type { Deadline } from '../deadline.js';
import { DownloadError } from '../errors.js';
import { expiresAt } from '../expiry.js';
import { isSuccess } from '../http/response.js';
import { retryAfterMs } from '../http/retry-after.js';
import type { FetchHeaders, FetchResponse } from '../options.js';
import { printableUrl, redact, redactCause } from '../redact.js';
import { typeOfBytes } from './sniff.js';

/** Where the bytes go. */
export interface Sink {
  /** Called in order. What it throws ends the transfer. */
  write(chunk: Uint8Array, position: number): Promise<void>;
  /** Forgets what was written. */
  restart(): Promise<void>;
}

export type OnProgress = (progress: { bytes: number; totalBytes?: number }) => unknown;

/** What a caller's own function threw: it ends the transfer as it is. */
export class CallerError {
  constructor(readonly thrown: unknown) {}
}

export async function callCaller(
  onProgress: OnProgress | undefined,
  progress: Parameters<OnProgress>[0],
): Promise<void> {
  try {
    await onProgress?.(progress);
  } catch (thrown) {
    throw new CallerError(thrown);
  }
}

/** An answer that holds no file. */
export class Refusal extends Error {
  readonly #status: number;
  readonly retryAfterMs: number;

  constructor({ status, headers }: FetchResponse) {
    super(`the answer was ${status}`);
    this.#status = status;
    this.retryAfterMs = retryAfterMs(headers) ?? 0;
  }

  /** It may answer otherwise in a moment. */
  get isPassing(): boolean {
    return this.#status >= 500 || [408, 425, 429].includes(this.#status);
  }

  /** The link is no longer, or not, good for the file. */
  get isOfLink(): boolean {
    return [401, 403, 404, 410].includes(this.#status);
  }
}

/** A file of which some has arrived. */
export class PartialFile {
  contentType: string | undefined;
  /** The most that has arrived at any time. */
  furthest = 0;
  #bytes = 0;
  #totalBytes: number | undefined;
  #etag: string | undefined;
  #status: number | undefined;
  /** The answer is a part of a file; of what length may be unknown. */
  #isPart = false;

  constructor(
    public url: URL,
    readonly sink: Sink,
    readonly maxBytes: number,
    readonly onProgress: OnProgress | undefined,
  ) {}

  /** Asks for the rest, and for all of it where the file is no longer the same. */
  rangeHeaders(): Record<string, string> {
    if (this.#bytes === 0 || this.#etag === undefined) return {};
    return { range: `bytes=${this.#bytes}-`, 'if-range': this.#etag };
  }

  /** Takes in what an answer holds; returns when the file is whole. */
  async take(response: FetchResponse, stall: Deadline): Promise<void> {
    this.#status = response.status;
    try {
      if (await this.#begin(response)) await this.#pour(response, stall);
    } finally {
      // after the last byte this changes nothing
      response.body?.cancel().catch(() => {});
    }
  }

  async #begin(response: FetchResponse): Promise<boolean> {
    const { status, headers } = response;
    const [, start, total] =
      /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
    const asked = this.#bytes > 0 && this.#etag !== undefined;
    const sameFile = (headers.get('etag') ?? this.#etag) === this.#etag && this.#isSameLength(total);
    // all of it was there already: only the end of the last answer was missing
    if (status === 416 && asked && sameFile && Number(total) === this.#bytes) return false;
    if (status === 206 && asked && sameFile && Number(start) === this.#bytes) {
      this.#totalBytes ??= total === '*' ? undefined : Number(total);
      this.#isPart = true;
      return true;
    }
    if (status === 416 || status === 206) {
      await this.#startOver(undefined);
      throw new Error(`the answer to a request for the rest does not fit (${headers.get('content-range')})`);
    }
    if (!isSuccess(status)) throw new Refusal(response);
    if (!response.body) throw new Error('the answer is empty');
    await this.#startOver(headers);
    return true;
  }

  #isSameLength(total: string | undefined): boolean {
    return total === '*' || this.#totalBytes === undefined || Number(total) === this.#totalBytes;
  }

  async #startOver(headers: FetchHeaders | undefined): Promise<void> {
    if (this.#bytes > 0) await this.sink.restart();
    const packed = (headers?.get('content-encoding') ?? 'identity') !== 'identity';
    const length = headers?.get('content-length');
    const etag = headers?.get('etag');
    this.#bytes = 0;
    this.#isPart = false;
    this.#totalBytes = packed || !length ? undefined : Number(length);
    this.#etag = !packed && etag?.startsWith('"') ? etag : undefined;
    this.contentType = headers?.get('content-type')?.split(';')[0]?.trim();
    if ((this.#totalBytes ?? 0) > this.maxBytes) throw this.#tooLarge(this.#totalBytes ?? 0);
  }

  async #pour(response: FetchResponse, stall: Deadline): Promise<void> {
    const reader = response.body?.getReader();
    try {
      for (;;) {
        const chunk = reader && (await untilAborted(reader.read(), stall.signal));
        if (!chunk?.value || chunk.done) break;
        await this.#write(chunk.value);
        stall.restart();
      }
    } catch (error) {
      // a connection that breaks after the last byte has done its work
      if (error instanceof CallerError || this.#bytes !== this.#totalBytes) throw error;
    } finally {
      reader?.releaseLock();
    }
    if (this.#totalBytes !== undefined && this.#bytes !== this.#totalBytes) {
      throw new Error(`it broke off after ${this.#bytes} of ${this.#totalBytes} bytes`);
    }
    // the next request for the rest will tell (416) whether there is any
    if (this.#isPart && this.#totalBytes === undefined)
      throw new Error('it is a part of a file of unknown length');
    if (this.#bytes === 0) throw new Error('the file is empty');
  }

  async #write(chunk: Uint8Array): Promise<void> {
    if (this.#bytes === 0 && (!this.contentType || this.contentType === 'application/octet-stream')) {
      this.contentType = typeOfBytes(chunk);
    }
    const end = this.#bytes + chunk.byteLength;
    if (end > this.maxBytes) throw this.#tooLarge(end);
    await this.sink.write(chunk, this.#bytes);
    this.#bytes = end;
    this.furthest = Math.max(this.furthest, end);
    const total = this.#totalBytes === undefined ? {} : { totalBytes: this.#totalBytes };
    await callCaller(this.onProgress, { bytes: end, ...total });
  }

  #tooLarge(bytes: number): DownloadError {
    const error = new Error(`it holds at least ${bytes} bytes, more than maxBytes (${this.maxBytes})`);
    return this.toError(error);
  }

  toError(why: unknown, origin: unknown = why): DownloadError {
    const { url } = this;
    const values = [...url.searchParams.values()].filter((value) => value.length > 8);
    const secrets = [url.search, url.password, ...values];
    const cause = why instanceof Error && why.cause instanceof Error ? why.cause : why;
    const expiry = why instanceof Refusal && why.isOfLink ? expiresAt(url.href) : undefined;
    const expired =
      expiry !== undefined && Date.parse(expiry) <= Date.now() ? `, the link expired at ${expiry}` : '';
    const said = redact(cause instanceof Error ? cause.message : String(cause), secrets) + expired;
    const message = `Cannot download ${printableUrl(url)}: ${said} (${this.#bytes} bytes received)`;
    const facts = { url: printableUrl(url), status: this.#status, bytesReceived: this.#bytes };
    return new DownloadError(message, facts, { cause: redactCause(origin, secrets) });
  }
}
