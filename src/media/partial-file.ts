import { DownloadError } from '../base/errors.js';
import { expiresAt } from '../base/expiry.js';
import { compact, number } from '../base/json.js';
import type { FetchHeaders, FetchResponse } from '../base/options.js';
import { messageOf, printableUrl, redactCause } from '../base/redact.js';
import { isSuccess } from '../http/answer.js';
import { isPassing } from '../http/retry.js';
import { retryAfterMs } from '../http/retry-after.js';
import type { Deadline } from '../time/deadline.js';
import { typeOfBytes } from './sniff.js';
import { Refusal } from './source.js';

const unknownType = 'application/octet-stream';

/** A file of which some has arrived. */
export class PartialFile {
  url: URL | undefined;
  /** Of the last answer. */
  status: number | undefined;
  contentType = unknownType;
  bytes = 0;
  #totalBytes: number | undefined;
  #etag: string | undefined;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Asks for the rest, and for all of it where the file is no longer the same. */
  rangeHeaders(): Record<string, string> {
    return this.bytes > 0 && this.#etag ? { range: `bytes=${this.bytes}-`, 'if-range': this.#etag } : {};
  }

  /** What an answer holds, chunk by chunk; ends when the file is whole. */
  async *read({ status, headers, body }: FetchResponse, stall: Deadline): AsyncGenerator<Uint8Array> {
    this.status = status;
    const reader = body?.getReader();
    try {
      if (status === 206 || status === 416) this.#goOn(status, headers);
      else this.#startOver(status, headers);
      // with 416 all of the file is there: only the end of the last answer was missing
      while (reader && status !== 416) {
        const { value } = await stall.until(reader.read());
        if (!value) break;
        yield this.take(value);
        stall.restart();
      }
    } catch (error) {
      // a connection that breaks after the last byte has done its work
      if (this.bytes !== this.#totalBytes) throw error;
    } finally {
      // after the last byte this changes nothing
      reader?.cancel().catch(() => {});
    }
    const { bytes } = this;
    const totalBytes = this.#totalBytes;
    // where a part names no total, the next request for the rest will tell (416) whether there is any
    if (totalBytes === undefined ? status === 206 : bytes !== totalBytes) {
      throw new Error(`it broke off before ${totalBytes ?? 'all'} bytes were there`);
    }
    if (bytes === 0) throw new Error('the file is empty');
  }

  #goOn(status: number, headers: FetchHeaders): void {
    const { bytes } = this;
    const range = headers.get('content-range') ?? '';
    const totalBytes = number(range.split('/')[1]) ?? this.#totalBytes;
    const isOfRest = status === 206 ? range.startsWith(`bytes ${bytes}-`) : range === `bytes */${bytes}`;
    const isSameFile = this.#etag && (headers.get('etag') ?? this.#etag) === this.#etag;
    if (!isOfRest || !isSameFile || totalBytes !== (this.#totalBytes ?? totalBytes)) {
      this.#etag = undefined;
      throw new Error(`the answer is not the rest of the file (${range})`);
    }
    this.#totalBytes = totalBytes;
  }

  #startOver(status: number, headers: FetchHeaders): void {
    if (!isSuccess(status)) {
      const refusal = new Refusal(`the answer was ${status}`);
      if (isPassing(status)) refusal.waitMs = retryAfterMs(headers) ?? 0;
      throw refusal;
    }
    const isPacked = (headers.get('content-encoding') ?? 'identity') !== 'identity';
    const etag = headers.get('etag');
    this.bytes = 0;
    this.#etag = !isPacked && etag?.startsWith('"') ? etag : undefined;
    this.contentType = headers.get('content-type')?.split(';')[0]?.trim() || unknownType;
    this.#totalBytes = isPacked ? undefined : number(headers.get('content-length'));
  }

  /** All of it, where it came as base64 or as a data URI. */
  takeBase64(base64: string): Uint8Array {
    const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
    if (bytes.length === 0) throw new Refusal('the base64 holds no bytes');
    this.#totalBytes = bytes.length;
    return this.take(bytes);
  }

  /** Takes in the next chunk. */
  take(chunk: Uint8Array): Uint8Array {
    const end = this.bytes + chunk.byteLength;
    const least = Math.max(end, this.#totalBytes ?? 0);
    if (least > this.#maxBytes) {
      throw new Refusal(`it holds at least ${least} bytes, more than maxBytes (${this.#maxBytes})`);
    }
    if (this.bytes === 0 && this.contentType === unknownType) {
      this.contentType = typeOfBytes(chunk) ?? unknownType;
    }
    this.bytes = end;
    return chunk;
  }

  progress(): { bytes: number; totalBytes?: number } {
    return compact({ bytes: this.bytes, totalBytes: this.#totalBytes });
  }

  toError(why: unknown, origin = why): DownloadError {
    const { url, status, bytes } = this;
    const address = url && printableUrl(url);
    const values = [...(url?.searchParams.values() ?? [])].filter((value) => value.length > 8);
    const secrets = [url?.search ?? '', ...values];
    const cause = why instanceof Error && why.cause instanceof Error ? why.cause : why;
    const said = messageOf(cause, secrets);
    const expiry = expiresAt(url ?? '') ?? '';
    const expired = Date.parse(expiry) <= Date.now() ? `, the link expired at ${expiry}` : '';
    return new DownloadError(
      `Cannot download ${address ?? 'it'}: ${said}${expired} (${bytes} bytes received)`,
      { url: address, status, bytesReceived: bytes },
      { cause: redactCause(origin, secrets) },
    );
  }
}
