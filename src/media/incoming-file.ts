import { toBytes, toLatin1 } from '../base/bytes.js';
import { DownloadError } from '../base/errors.js';
import { excerpt } from '../base/excerpt.js';
import { expiresAt } from '../base/expiry.js';
import type { FetchHeaders, FetchResponse } from '../base/fetch.js';
import { isError } from '../base/is-error.js';
import { text } from '../base/json.js';
import { compact } from '../base/record.js';
import { printableUrl } from '../base/redact.js';
import { messageOf, redactCause } from '../base/thrown.js';
import { isSuccess } from '../http/answer.js';
import type { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import { decodeBase64 } from './base64.js';
import { chooseType, type Finding, findKind, kindOfType, wordsOf } from './first-bytes.js';
import { Refusal, type RefusalKind, toRefusal } from './refusal.js';
import { secretsIn } from './secrets.js';

/** Enough bytes to tell nearly every file. A page that begins with a longer comment is told at its end. */
const enoughBytes = 512;
/** The most first bytes that are kept. The root of a document is not looked for behind them. */
const headBytes = 2 ** 16;
/** Chunks that are read before timers and other work get their turn. */
const readsInARow = 256;
/** Characters of a page that an error quotes. */
const mostQuoted = 160;

/** A file that arrives in one answer, or in several that each bring a part. */
export type IncomingFile = ReturnType<typeof createIncomingFile>;

export function createIncomingFile(maxBytes: number, isOfCaller: boolean) {
  /** Each address that was asked, redirects too. Errors do not show the secrets in them. */
  const addresses = new Set<string>();
  let url: URL | undefined;
  let lastStatus: number | undefined;
  let bytes = 0;
  let totalBytes: number | undefined;
  /** Where the last answer has to end. */
  let endBytes: number | undefined;
  /** Without it, the next request is for all of the file. */
  let etag: string | undefined;
  let lastModified: string | null = null;
  let saidType: string | undefined;
  /** The first bytes, one character each. */
  let head = '';
  let finding: Finding | undefined;

  /** Makes the error for an answer that cannot be used. The next request is for all of the file. */
  function refuse(message: string, kind: RefusalKind = 'passing'): Refusal {
    etag = undefined;
    return new Refusal(message, kind);
  }

  /** Prepares for all of the file. */
  function startOver(status: number, headers: FetchHeaders): void {
    if (!isSuccess(status)) throw toRefusal(status, headers, isOfCaller);
    const said = headers.get('etag') ?? '';
    const packed = isPacked(headers);
    bytes = 0;
    head = '';
    finding = undefined;
    // a weak ETag may stand for other bytes
    etag = !packed && /^"[!#-~\x80-\xff]*"$/.test(said) ? said : undefined;
    lastModified = headers.get('last-modified');
    saidType = text(headers.get('content-type')?.split(/[;,]/)[0]?.trim().toLowerCase());
    totalBytes = packed ? undefined : toLength(headers.get('content-length'));
    endBytes = totalBytes;
  }

  /** Prepares for the rest of the file. An answer that is not the rest of the same file is refused. */
  function goOn(status: number, headers: FetchHeaders): void {
    const range = headers.get('content-range') ?? '';
    const [, start, last, total] = /^\s*bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)\s*$/i.exec(range) ?? [];
    const saidBytes = toLength(total);
    const wholeBytes = totalBytes ?? saidBytes;
    const end = last ? Number(last) + 1 : bytes;
    const isRest = status === 206 ? Number(start) === bytes && end > bytes : saidBytes === bytes;
    const fits = (saidBytes ?? wholeBytes) === wholeBytes && end <= (wholeBytes ?? end);
    const hasSameLength = saidBytes !== undefined && saidBytes === totalBytes;
    const hasSameDate = lastModified !== null && headers.get('last-modified') === lastModified;
    const saidEtag = headers.get('etag');
    const isSame = saidEtag === null ? hasSameLength && hasSameDate : saidEtag === etag;
    if (!etag || !isRest || !isSame || !fits || isPacked(headers)) {
      throw refuse(`the answer is not the rest of the file (${status}, "${range.slice(0, 80)}")`);
    }
    totalBytes = wholeBytes;
    endBytes = end;
  }

  /** What the file is if no more bytes come. */
  function findOutKind(): Finding {
    return finding ?? findKind(head, true) ?? {};
  }

  /** Refuses what is plainly no media. JSON at the caller's own address is taken, and so is any base64. */
  function checkKind(): void {
    const { type, instead = kindOfType(saidType ?? '') } = findOutKind();
    if (type || !instead || !lastStatus || (instead === 'JSON' && isOfCaller)) return;
    const words = excerpt(wordsOf(head), secretsIn(addresses));
    const shown = words.length > mostQuoted ? `${words.slice(0, mostQuoted)}…` : words;
    throw refuse(`the answer holds no media but ${instead}${shown && `: "${shown}"`}`, 'no media');
  }

  /** Counts and checks the next chunk. */
  function take(chunk: Uint8Array): Uint8Array {
    const end = bytes + chunk.byteLength;
    const least = Math.max(end, totalBytes ?? 0);
    if (least > maxBytes) {
      throw new Refusal(`it holds at least ${least} bytes, more than maxBytes (${maxBytes})`);
    }
    if (end > (endBytes ?? end)) {
      throw refuse(`more bytes came than the answer announced (${endBytes})`);
    }
    bytes = end;
    const before = head.length;
    if (!finding) head += toLatin1(chunk.subarray(0, headBytes - before));
    // only here and at the end: to look again at each small chunk would take quadratic time
    if (before < enoughBytes && head.length >= enoughBytes) finding = findKind(head, false);
    // only an error quotes the first bytes, so those of media are freed
    if (finding?.type) head = '';
    if (finding || end === totalBytes) checkKind();
    return chunk;
  }

  /** ISO time at which the link expired; `undefined` while it is valid, or has no such time. */
  function expiredAt(): string | undefined {
    const at = expiresAt(url ?? '');
    return at && Date.parse(at) <= Date.now() ? at : undefined;
  }

  return {
    addresses,
    expiredAt,

    get url() {
      return url;
    },

    get bytes() {
      return bytes;
    },

    /** What the first bytes say. Where they are unknown, what the server says. */
    get contentType() {
      return chooseType(findOutKind().type, saidType);
    },

    get progress(): { bytes: number; totalBytes?: number } {
      return compact({ bytes, totalBytes });
    },

    /** Gives the headers that ask for the rest. Without a strong ETag the file may have changed: all of it is asked for. */
    askAt(address: URL): Record<string, string> {
      url = address;
      return bytes > 0 && etag ? { range: `bytes=${bytes}-`, 'if-range': etag } : {};
    },

    /** Takes all of the file at once. A data URI is taken as well. */
    takeBase64(base64: string): Uint8Array {
      const decoded = decodeBase64(base64.replace(/^data:[^,]*,/, ''));
      if (decoded.length === 0) throw new Refusal('the base64 holds no bytes');
      totalBytes = decoded.length;
      return take(decoded);
    },

    /** Gives what an answer holds, chunk by chunk. Ends when the file is whole, and throws where it is not. */
    async *read({ status, headers, body }: FetchResponse, stall: Deadline): AsyncGenerator<Uint8Array> {
      lastStatus = status;
      const reader = body?.getReader();
      let broken: unknown;
      try {
        if (status === 206 || status === 416) goOn(status, headers);
        else startOver(status, headers);
        // 416 means that the file is complete: only the end of the last answer was missing
        for (let reads = 1; reader && status !== 416; reads += 1) {
          // a body that never waits would keep every timer of the process from firing, that of the stall too
          if (reads % readsInARow === 0) await stall.until(sleep(1));
          const { done, value } = await stall.until(reader.read());
          if (done || !value) break;
          if (!ArrayBuffer.isView(value)) throw new Error('fetch gave a body that is no bytes');
          if (value.byteLength === 0) continue;
          // a copy: the next read may fill the same memory while this chunk is still being written
          yield take(toBytes(value).slice());
          stall.restart();
        }
      } catch (error) {
        if (error instanceof Refusal) throw error;
        broken = error ?? new Error('the body broke off');
      } finally {
        // a body that cannot be cancelled is no error
        new Promise((resolve) => resolve(reader?.cancel())).catch(() => {});
      }
      checkKind();
      // a part may name no total: the next request then shows (416) whether there is a rest. A connection that breaks
      // after the last byte is no error
      if (totalBytes === undefined ? broken !== undefined || status === 206 : bytes !== totalBytes) {
        throw broken ?? new Error(`it broke off before ${totalBytes ?? 'all'} bytes were there`);
      }
      if (bytes === 0) throw new Error('the file is empty');
    },

    toError(why: unknown, origin = why): DownloadError {
      const address = url && printableUrl(url);
      const secrets = secretsIn(addresses);
      const said = messageOf(isError(why) && isError(why.cause) ? why.cause : why, secrets);
      const at = expiredAt();
      const expired = at ? `, the link expired at ${at}` : '';
      return new DownloadError(
        `Cannot download ${address ?? 'it'}: ${said}${expired} (${bytes} bytes received)`,
        { url: address, status: lastStatus, bytesReceived: bytes },
        { cause: redactCause(origin, secrets) },
      );
    },
  };
}

/** A count of bytes, or `undefined` where it is none. */
function toLength(value: string | null | undefined): number | undefined {
  return /^\d{1,15}$/.test(value ?? '') ? Number(value) : undefined;
}

/** Whether the lengths in the headers count other bytes than those that come. */
function isPacked(headers: FetchHeaders): boolean {
  return !/^\s*(identity)?\s*$/i.test(headers.get('content-encoding') ?? '');
}
