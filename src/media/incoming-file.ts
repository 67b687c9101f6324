import { DownloadError } from '../base/errors.js';
import { expiresAt } from '../base/expiry.js';
import { compact, text } from '../base/json.js';
import type { FetchHeaders, FetchResponse } from '../base/options.js';
import { excerpt, isError, messageOf, printableUrl, redactCause } from '../base/redact.js';
import { isSuccess } from '../http/answer.js';
import type { Deadline } from '../time/deadline.js';
import { type Finding, findKind, kindOfType, toLatin1, wordsOf } from './first-bytes.js';
import { Refusal, type RefusalKind, toRefusal } from './refusal.js';

/** Enough bytes to tell nearly every file. A page that begins with a longer comment is told at its end. */
const enoughBytes = 512;
/** The most first bytes that are kept. The root of a document is not looked for behind them. */
const headBytes = 2 ** 16;
/** Characters of a page that an error quotes. */
const mostQuoted = 160;

/** A file that arrives in one answer, or in several that each bring a part. */
export class IncomingFile {
  url: URL | undefined;
  /** Of the last answer. */
  status: number | undefined;
  bytes = 0;
  /** Each address that was asked, redirects too. Errors do not show the secrets in them. */
  readonly addresses = new Set<string>();
  #totalBytes: number | undefined;
  /** Where the last answer has to end. */
  #endBytes: number | undefined;
  /** Without it, the next request is for all of the file. */
  #etag: string | undefined;
  #lastModified: string | null = null;
  #saidType: string | undefined;
  /** The first bytes, one character each. */
  #head = '';
  #finding: Finding | undefined;
  readonly #maxBytes: number;
  readonly #isOfCaller: boolean;

  constructor(maxBytes: number, isOfCaller: boolean) {
    this.#maxBytes = maxBytes;
    this.#isOfCaller = isOfCaller;
  }

  /** What the first bytes say. Where they are unknown, what the server says. */
  get contentType(): string {
    return this.#find().type ?? this.#saidType ?? 'application/octet-stream';
  }

  /** Asks for the rest. Without a strong ETag it asks for all of the file, since the file may have changed. */
  rangeHeaders(): Record<string, string> {
    return this.bytes > 0 && this.#etag ? { range: `bytes=${this.bytes}-`, 'if-range': this.#etag } : {};
  }

  /** Gives what an answer holds, chunk by chunk. Ends when the file is whole, and throws where it is not. */
  async *read({ status, headers, body }: FetchResponse, stall: Deadline): AsyncGenerator<Uint8Array> {
    this.status = status;
    const reader = body?.getReader();
    let broken: unknown;
    try {
      if (status === 206 || status === 416) this.#goOn(status, headers);
      else this.#startOver(status, headers);
      // 416 means that the file is complete: only the end of the last answer was missing
      while (reader && status !== 416) {
        const { done, value } = await stall.until(reader.read());
        if (done || !value) break;
        if (!ArrayBuffer.isView(value)) throw new Error('fetch gave a body that is no bytes');
        if (value.byteLength === 0) continue;
        yield this.#take(value);
        stall.restart();
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      broken = error ?? new Error('the body broke off');
    } finally {
      // a body that cannot be cancelled is no error
      new Promise((resolve) => resolve(reader?.cancel())).catch(() => {});
    }
    this.#checkKind();
    const totalBytes = this.#totalBytes;
    // a part may name no total: the next request then shows (416) whether there is a rest. A connection that breaks
    // after the last byte is no error
    if (totalBytes === undefined ? broken !== undefined || status === 206 : this.bytes !== totalBytes) {
      throw broken ?? new Error(`it broke off before ${totalBytes ?? 'all'} bytes were there`);
    }
    if (this.bytes === 0) throw new Error('the file is empty');
  }

  /** Prepares for the rest of the file. An answer that is not the rest of the same file is refused. */
  #goOn(status: number, headers: FetchHeaders): void {
    const { bytes } = this;
    const range = headers.get('content-range') ?? '';
    const [, start, last, total] = /^\s*bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)\s*$/i.exec(range) ?? [];
    const saidBytes = toLength(total);
    const totalBytes = this.#totalBytes ?? saidBytes;
    const endBytes = last ? Number(last) + 1 : bytes;
    const isRest = status === 206 ? Number(start) === bytes && endBytes > bytes : saidBytes === bytes;
    const etag = headers.get('etag');
    const isSame =
      etag === null
        ? saidBytes !== undefined &&
          saidBytes === this.#totalBytes &&
          this.#lastModified !== null &&
          headers.get('last-modified') === this.#lastModified
        : etag === this.#etag;
    const fits = (saidBytes ?? totalBytes) === totalBytes && endBytes <= (totalBytes ?? endBytes);
    if (!this.#etag || !isRest || !isSame || !fits || isPacked(headers)) {
      throw this.#refuse(`the answer is not the rest of the file (${status}, "${range.slice(0, 80)}")`);
    }
    this.#totalBytes = totalBytes;
    this.#endBytes = endBytes;
  }

  /** Prepares for all of the file. */
  #startOver(status: number, headers: FetchHeaders): void {
    if (!isSuccess(status)) throw toRefusal(status, headers, this.#isOfCaller);
    const etag = headers.get('etag') ?? '';
    const packed = isPacked(headers);
    this.bytes = 0;
    this.#head = '';
    this.#finding = undefined;
    // a weak ETag may stand for other bytes
    this.#etag = !packed && /^"[!#-~\x80-\xff]*"$/.test(etag) ? etag : undefined;
    this.#lastModified = headers.get('last-modified');
    this.#saidType = text(headers.get('content-type')?.split(/[;,]/)[0]?.trim().toLowerCase());
    this.#totalBytes = packed ? undefined : toLength(headers.get('content-length'));
    this.#endBytes = this.#totalBytes;
  }

  /** Takes all of the file at once. A data URI is taken as well. */
  takeBase64(base64: string): Uint8Array {
    const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
    if (bytes.length === 0) throw new Refusal('the base64 holds no bytes');
    this.#totalBytes = bytes.length;
    return this.#take(bytes);
  }

  /** Counts and checks the next chunk. */
  #take(chunk: Uint8Array): Uint8Array {
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
    if (!this.#finding) this.#head += toLatin1(chunk.subarray(0, headBytes - before));
    // only here and at the end: to look again at each small chunk would take quadratic time
    if (before < enoughBytes && this.#head.length >= enoughBytes) this.#finding = findKind(this.#head, false);
    // only an error quotes the first bytes, so those of media are freed
    if (this.#finding?.type) this.#head = '';
    if (this.#finding || end === this.#totalBytes) this.#checkKind();
    return chunk;
  }

  /** What the file is if no more bytes come. */
  #find(): Finding {
    return this.#finding ?? findKind(this.#head, true) ?? {};
  }

  /** Refuses what is plainly no media. JSON at the caller's own address is taken, and so is any base64. */
  #checkKind(): void {
    const { type, instead = kindOfType(this.#saidType ?? '') } = this.#find();
    if (type || !instead || !this.status || (instead === 'JSON' && this.#isOfCaller)) return;
    const words = excerpt(wordsOf(this.#head), secretsIn(this.addresses));
    const shown = words.length > mostQuoted ? `${words.slice(0, mostQuoted)}…` : words;
    throw this.#refuse(`the answer holds no media but ${instead}${shown && `: "${shown}"`}`, 'no media');
  }

  /** Makes the error for an answer that cannot be used. The next request is for all of the file. */
  #refuse(message: string, kind: RefusalKind = 'passing'): Refusal {
    this.#etag = undefined;
    return new Refusal(message, kind);
  }

  /** ISO time at which the link expired; `undefined` while it is valid, or has no such time. */
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

/** A count of bytes, or `undefined` where it is none. */
function toLength(value: string | null | undefined): number | undefined {
  return /^\d{1,15}$/.test(value ?? '') ? Number(value) : undefined;
}

/** Whether the lengths in the headers count other bytes than those that come. */
function isPacked(headers: FetchHeaders): boolean {
  return !/^\s*(identity)?\s*$/i.test(headers.get('content-encoding') ?? '');
}

/** Shorter values, such as `mp4` or `true`, are no secrets. */
const shortestSecret = 6;

/**
 * The query of each address, its values, and the letters and digits of each value between other characters, which an
 * answer may escape. The longest come first, since a short secret may be part of a longer one.
 */
function secretsIn(addresses: Iterable<string>): string[] {
  const secrets = [...addresses].flatMap((address) => {
    const { search, searchParams } = new URL(address);
    const values = [...searchParams.values()].flatMap((value) => [value, ...value.split(/[^a-z0-9]/i)]);
    return [search, ...values.filter(({ length }) => length >= shortestSecret)];
  });
  return secrets.sort((a, b) => b.length - a.length);
}
