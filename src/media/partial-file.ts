import { DownloadError } from '../base/errors.js';
import { expiresAt } from '../base/expiry.js';
import { compact, text } from '../base/json.js';
import type { FetchHeaders, FetchReader, FetchResponse } from '../base/options.js';
import { excerpt, isError, messageOf, printableUrl, redactCause } from '../base/redact.js';
import { isSuccess } from '../http/answer.js';
import type { Deadline } from '../time/deadline.js';
import { isPacked, kindOfType, readRange, toLength } from './answer.js';
import { type Finding, findKind, toLatin1, wordsOf } from './first-bytes.js';
import { Refusal, type RefusalKind, toRefusal } from './refusal.js';

/** So many bytes tell what nearly every file is, and what an error page says. */
const enoughBytes = 512;
/** A longer comment before the root of a document is not read to its end. */
const headBytes = 2 ** 16;

/** A file of which some has arrived. */
export class PartialFile {
  url: URL | undefined;
  /** Of the last answer. */
  status: number | undefined;
  bytes = 0;
  /** Its first bytes, one character each. */
  #head = '';
  #finding: Finding | undefined;
  #saidType: string | undefined;
  #totalBytes: number | undefined;
  /** Where the last answer has to end. */
  #endBytes: number | undefined;
  #etag: string | undefined;
  #lastModified: string | undefined;
  /** All that were asked, also by redirects: no error shows what is secret in them. */
  readonly addresses = new Set<string>();
  readonly #maxBytes: number;
  readonly #isOfCaller: boolean;

  constructor(maxBytes: number, isOfCaller: boolean) {
    this.#maxBytes = maxBytes;
    this.#isOfCaller = isOfCaller;
  }

  /** What the first bytes tell, else what the server says. */
  get contentType(): string {
    return this.#find().type ?? this.#saidType ?? 'application/octet-stream';
  }

  /** Asks for the rest, and for all of it where the file is no longer the same. */
  rangeHeaders(): Record<string, string> {
    return this.bytes > 0 && this.#etag ? { range: `bytes=${this.bytes}-`, 'if-range': this.#etag } : {};
  }

  /** What an answer holds, chunk by chunk; ends when the file is whole. */
  async *read({ status, headers, body }: FetchResponse, stall: Deadline): AsyncGenerator<Uint8Array> {
    this.status = status;
    let reader: FetchReader | undefined;
    try {
      reader = body?.getReader();
      if (status === 206 || status === 416) this.#goOn(status, headers);
      else this.#startOver(status, headers);
      // with 416 all of the file is there: only the end of the last answer was missing
      while (reader && status !== 416) {
        const { done, value } = await stall.until(reader.read());
        if (done || !value) break;
        if (!ArrayBuffer.isView(value)) throw new Error('fetch gave a body that is no bytes');
        if (value.byteLength === 0) continue;
        yield this.take(value);
        stall.restart();
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // a connection that breaks after the last byte has done its work
      if (this.bytes !== this.#totalBytes) {
        this.#checkKind();
        throw error;
      }
    } finally {
      letGo(reader);
    }
    const { bytes } = this;
    const totalBytes = this.#totalBytes;
    this.#checkKind();
    // where a part names no total, the next request for the rest will tell (416) whether there is any
    if (totalBytes === undefined ? status === 206 : bytes !== totalBytes) {
      throw new Error(`it broke off before ${totalBytes ?? 'all'} bytes were there`);
    }
    if (bytes === 0) throw new Error('the file is empty');
  }

  #goOn(status: number, headers: FetchHeaders): void {
    const said = headers.get('content-range') ?? '';
    const { startBytes, endBytes = this.bytes, totalBytes } = readRange(said);
    const known = this.#totalBytes;
    const isRest =
      status === 206 ? startBytes === this.bytes && endBytes > this.bytes : totalBytes === this.bytes;
    const isWithin = endBytes <= (totalBytes ?? endBytes) && (known ?? totalBytes) === (totalBytes ?? known);
    if (!isRest || !isWithin || isPacked(headers) || !this.#isSame(headers, totalBytes)) {
      throw this.#refuse(`the answer is not the rest of the file (${status}, "${said.slice(0, 80)}")`);
    }
    this.#totalBytes = totalBytes ?? known;
    this.#endBytes = endBytes;
  }

  /** Whether an answer to a request for the rest is of the file that has begun to arrive. */
  #isSame(headers: FetchHeaders, totalBytes: number | undefined): boolean {
    if (!this.#etag) return false;
    const etag = headers.get('etag');
    if (etag !== null) return etag === this.#etag;
    const lastModified = headers.get('last-modified') ?? undefined;
    return (
      lastModified !== undefined &&
      lastModified === this.#lastModified &&
      totalBytes !== undefined &&
      totalBytes === this.#totalBytes
    );
  }

  #startOver(status: number, headers: FetchHeaders): void {
    if (!isSuccess(status)) throw toRefusal(status, headers, this.#isOfCaller);
    const etag = headers.get('etag') ?? '';
    const packed = isPacked(headers);
    this.bytes = 0;
    this.#head = '';
    this.#finding = undefined;
    // a weak one does not stand for the same bytes
    this.#etag = !packed && /^"[!#-~\x80-\xff]*"$/.test(etag) ? etag : undefined;
    this.#lastModified = headers.get('last-modified') ?? undefined;
    this.#saidType = text(headers.get('content-type')?.split(/[;,]/)[0]?.trim().toLowerCase());
    this.#totalBytes = packed ? undefined : toLength(headers.get('content-length'));
    this.#endBytes = this.#totalBytes;
  }

  /** All of it, where it came as base64 or as a data URI. */
  takeBase64(base64: string): Uint8Array {
    const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
    if (bytes.length === 0) throw new Refusal('the base64 holds no bytes');
    this.#totalBytes = bytes.length;
    return this.take(bytes, true);
  }

  /** Takes in the next chunk. */
  take(chunk: Uint8Array, mayBeAny = false): Uint8Array {
    const end = this.bytes + chunk.byteLength;
    const least = Math.max(end, this.#totalBytes ?? 0);
    if (least > this.#maxBytes) {
      throw new Refusal(`it holds at least ${least} bytes, more than maxBytes (${this.#maxBytes})`);
    }
    if (end > (this.#endBytes ?? end)) {
      throw this.#refuse(`more bytes came than the answer announced (${this.#endBytes})`);
    }
    this.bytes = end;
    const before = this.#head.length;
    this.#head += toLatin1(chunk.subarray(0, headBytes - before));
    // at two lengths only: to look again at each small chunk would take the square of the time
    if ([enoughBytes, headBytes].some((at) => before < at && at <= this.#head.length)) {
      this.#finding ??= findKind(this.#head, this.#head.length === headBytes);
    }
    if (!mayBeAny && (this.#finding || end === this.#totalBytes)) this.#checkKind();
    return chunk;
  }

  /** What the file is, taken that no more bytes come. */
  #find(): Finding {
    return this.#finding ?? findKind(this.#head, true) ?? {};
  }

  /** Refuses what is plainly no media, as far as can be told from what has arrived. */
  #checkKind(): void {
    const { type, instead = kindOfType(this.#saidType ?? '') } = this.#find();
    if (type || !instead || (instead === 'JSON' && this.#isOfCaller)) return;
    const words = excerpt(wordsOf(this.#head), secretsIn(this.addresses));
    const shown = words.length > 160 ? `${words.slice(0, 160)}…` : words;
    throw this.#refuse(`the answer holds no media but ${instead}${shown && `: "${shown}"`}`, 'no media');
  }

  /** The error for an answer of which nothing can be used: the next request is for all of the file. */
  #refuse(message: string, kind: RefusalKind = 'passing'): Refusal {
    this.#etag = undefined;
    return new Refusal(message, kind);
  }

  /** When the link expired, where it did. */
  get expiredAt(): string | undefined {
    const at = expiresAt(this.url ?? '');
    return at && Date.parse(at) <= Date.now() ? at : undefined;
  }

  progress(): { bytes: number; totalBytes?: number } {
    return compact({ bytes: this.bytes, totalBytes: this.#totalBytes });
  }

  toError(why: unknown, origin = why): DownloadError {
    const { url, status, bytes } = this;
    const address = url && printableUrl(url);
    const secrets = secretsIn(this.addresses);
    const cause = isError(why) && isError(why.cause) ? why.cause : why;
    const said = messageOf(cause, secrets);
    const { expiredAt } = this;
    const expired = expiredAt ? `, the link expired at ${expiredAt}` : '';
    return new DownloadError(
      `Cannot download ${address ?? 'it'}: ${said}${expired} (${bytes} bytes received)`,
      { url: address, status, bytesReceived: bytes },
      { cause: redactCause(origin, secrets) },
    );
  }
}

/** The rest is not wanted. A body that cannot be ended is no error. */
function letGo(reader: FetchReader | undefined): void {
  new Promise((resolve) => resolve(reader?.cancel())).catch(() => {});
}

/**
 * The query of each address, its values, and the pieces of them that stay the same however an answer writes them. The
 * longest come first: one may be a part of another.
 */
function secretsIn(addresses: Iterable<string>): string[] {
  const secrets = [...addresses].flatMap((address) => {
    const { search, searchParams } = new URL(address);
    const values = [...searchParams.values()].filter(({ length }) => length > 8);
    const pieces = values.flatMap((value) => value.split(/[^a-z0-9]/i)).filter(({ length }) => length > 5);
    return [search, ...values, ...pieces];
  });
  return secrets.sort((a, b) => b.length - a.length);
}
