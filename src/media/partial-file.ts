import type { Deadline } from '../deadline.js';
import { DownloadError } from '../errors.js';
import { expiresAt } from '../expiry.js';
import { isSuccess } from '../http/response.js';
import { isPassing } from '../http/retry.js';
import { retryAfterMs } from '../http/retry-after.js';
import type { FetchHeaders, FetchResponse } from '../options.js';
import { messageOf, printableUrl, redact, redactCause } from '../redact.js';
import { typeOfBytes } from './sniff.js';
import { Refusal } from './source.js';

const unknownType = 'application/octet-stream';

/** A file of which some has arrived. */
export class PartialFile {
  url: URL | undefined;
  contentType = unknownType;
  bytes = 0;
  /** The most that has arrived at any time. */
  furthest = 0;
  totalBytes: number | undefined;
  #etag: string | undefined;
  #status: number | undefined;

  constructor(readonly maxBytes: number) {}

  /** Asks for the rest, and for all of it where the file is no longer the same. */
  rangeHeaders(): Record<string, string> {
    return this.bytes > 0 && this.#etag ? { range: `bytes=${this.bytes}-`, 'if-range': this.#etag } : {};
  }

  /** What an answer holds, chunk by chunk; ends when the file is whole. */
  async *read(response: FetchResponse, stall: Deadline): AsyncGenerator<Uint8Array> {
    this.#status = response.status;
    const reader = response.body?.getReader();
    try {
      if (this.#isWhole(response)) return;
      for (;;) {
        const chunk = reader && (await stall.until(reader.read()));
        if (!chunk?.value || chunk.done) break;
        yield this.take(chunk.value);
        stall.restart();
      }
    } catch (error) {
      // a connection that breaks after the last byte has done its work
      if (this.bytes !== this.totalBytes) throw error;
    } finally {
      // after the last byte this changes nothing
      reader?.cancel().catch(() => {});
    }
    const { bytes, totalBytes } = this;
    // where a part names no total, the next request for the rest will tell (416) whether there is any
    if (totalBytes === undefined ? response.status === 206 : bytes !== totalBytes) {
      throw new Error(`it broke off after ${bytes} of ${totalBytes ?? 'an unknown number of'} bytes`);
    }
    if (bytes === 0) throw new Error('the file is empty');
  }

  /** Takes in how an answer begins. All of the file may be there already: only the end of the last one was missing. */
  #isWhole({ status, headers }: FetchResponse): boolean {
    if (status === 206 || status === 416) {
      const range = headers.get('content-range') ?? '';
      const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(range) ?? [];
      const length = total === '*' ? this.totalBytes : Number(total);
      const isSameFile = this.#etag !== undefined && (headers.get('etag') ?? this.#etag) === this.#etag;
      const isOfRest = Number(status === 206 ? start : total) === this.bytes && this.bytes > 0;
      if (isSameFile && isOfRest && (this.totalBytes ?? length) === length) {
        this.totalBytes = length;
        return status === 416;
      }
      this.#etag = undefined;
      throw new Error(`the answer to a request for the rest does not fit (${range})`);
    }
    if (!isSuccess(status)) {
      const waitMs = isPassing(status) ? (retryAfterMs(headers) ?? 0) : undefined;
      throw new Refusal(`the answer was ${status}`, waitMs, [401, 403, 404, 410].includes(status));
    }
    this.#startOver(headers);
    return false;
  }

  #startOver(headers: FetchHeaders): void {
    const isPacked = (headers.get('content-encoding') ?? 'identity') !== 'identity';
    const length = headers.get('content-length');
    const etag = headers.get('etag');
    this.bytes = 0;
    this.#etag = !isPacked && etag?.startsWith('"') ? etag : undefined;
    this.contentType = headers.get('content-type')?.split(';')[0]?.trim() || unknownType;
    this.totalBytes = isPacked || !length ? undefined : Number(length);
    this.#checkSize(this.totalBytes ?? 0);
  }

  /** All of it, where it came as base64 or as a data URI. */
  takeBase64(base64: string): Uint8Array {
    const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
    if (bytes.byteLength === 0) throw new Refusal('the base64 holds no bytes');
    this.totalBytes = bytes.byteLength;
    return this.take(bytes);
  }

  /** Takes in the next chunk. */
  take(chunk: Uint8Array): Uint8Array {
    const end = this.bytes + chunk.byteLength;
    this.#checkSize(end);
    if (this.bytes === 0 && this.contentType === unknownType) {
      this.contentType = typeOfBytes(chunk) ?? unknownType;
    }
    this.bytes = end;
    this.furthest = Math.max(this.furthest, end);
    return chunk;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.maxBytes) return;
    throw new Refusal(`it holds at least ${bytes} bytes, more than maxBytes (${this.maxBytes})`);
  }

  toError(why: unknown, origin: unknown = why): DownloadError {
    const { url, bytes } = this;
    const address = url && printableUrl(url);
    const values = [...(url?.searchParams.values() ?? [])];
    const secrets = url ? [url.search, ...values.filter((value) => value.length > 8)] : [];
    const cause = why instanceof Error && why.cause instanceof Error ? why.cause : why;
    const said = redact(messageOf(cause), secrets);
    const expiry = why instanceof Refusal && why.isOfLink && url && expiresAt(url.href);
    const expired = expiry && Date.parse(expiry) <= Date.now() ? `, the link expired at ${expiry}` : '';
    return new DownloadError(
      `Cannot download ${address ?? 'it'}: ${said}${expired} (${bytes} bytes received)`,
      { url: address, status: this.#status, bytesReceived: bytes },
      { cause: redactCause(origin, secrets) },
    );
  }
}
