import { parseJson } from '../base/json.js';
import { mediaTypeOf, toLatin1 } from './sniff.js';

/** What a file is: a picture, video or sound, something else that is known for sure, or unknown. */
export type Kind = 'media' | 'a web page' | 'an XML error' | 'JSON' | 'unknown';

interface Finding {
  kind: Kind;
  /** Of media. */
  type?: string;
}

/** So many tell what a file is, and what an error page says. */
const enoughBytes = 512;
/** A longer comment before the root of a document is not read to its end. */
const mostBytes = 2 ** 16;

/** The first bytes of a file, gathered from as many chunks as it takes to tell what it is. */
export class FirstBytes {
  #finding: Finding | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #nextLook = enoughBytes;

  /** Takes the next chunk; `true` where it makes clear what the file is. */
  add(chunk: Uint8Array): boolean {
    if (this.#finding) return false;
    const head = chunk.subarray(0, mostBytes - this.#bytes);
    this.#chunks.push(head);
    this.#bytes += head.byteLength;
    if (this.#bytes < this.#nextLook) return false;
    // looks at sizes that double, so that many small chunks take no more than linear time
    this.#nextLook = Math.min(this.#bytes * 2, mostBytes);
    this.#finding = lookAt(this.#join(), this.#bytes === mostBytes);
    // only a text is shown in an error
    if (this.#finding?.kind === 'media' || this.#finding?.kind === 'unknown') this.#chunks = [];
    return this.#finding !== undefined;
  }

  /** What the file is, taken that no more bytes come. */
  find(): Finding {
    return this.#finding ?? lookAt(this.#join(), true) ?? { kind: 'unknown' };
  }

  /** The first of it as a text, in one line. */
  words(): string {
    const head = this.#join().subarray(0, 4096);
    const text = isWide(toLatin1(head)) ? toText(head) : new TextDecoder().decode(head);
    return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  }

  #join(): Uint8Array {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? new Uint8Array();
  }
}

/** `undefined`: more bytes would tell. */
function lookAt(head: Uint8Array, isWhole: boolean): Finding | undefined {
  const type = mediaTypeOf(head);
  if (type) return { kind: 'media', type };
  const text = toText(head);
  if (text === '') return isWhole ? { kind: 'unknown' } : undefined;
  if (text.startsWith('<')) return lookAtMarkup(text, isWhole);
  const isJson =
    /^(\{\s*("|\}|$)|\[\s*(["[{\]\d-]|true|false|null|$))/.test(text) ||
    (isWhole && /^["tfn]/.test(text) && parseJson(text) !== undefined);
  return { kind: isJson ? 'JSON' : 'unknown' };
}

/** Tells by the root, after what may stand before it. */
function lookAtMarkup(text: string, isWhole: boolean): Finding | undefined {
  const before = /(\s+|<\?.*?\?>|<!--.*?-->)*/sy;
  before.test(text);
  const rest = text.slice(before.lastIndex);
  // a name may be cut in two
  if (!isWhole && rest.length < 64) return undefined;
  const name = /^<(?:!doctype\s+)?(?:[\w.-]+:)?([\w.-]+)/i.exec(rest)?.[1]?.toLowerCase();
  if (name === undefined && !isWhole && /^<(\?|!--)/.test(rest)) return undefined;
  if (name === 'svg') return { kind: 'media', type: 'image/svg+xml' };
  if (name === 'error') return { kind: 'an XML error' };
  if (name === 'html') return { kind: 'a web page' };
  // an element of a page that has no root, or a comment alone
  const isPart =
    !/^<\?xml/i.test(text) && (name === undefined ? /^(<!--|$)/.test(rest) : pageParts.test(name));
  return { kind: isPart ? 'a web page' : 'unknown' };
}

const pageParts =
  /^(a|b|body|br|center|div|font|h[1-6]|head|iframe|meta|noscript|p|pre|script|span|style|table|title)$/;

/** Whether each character takes two bytes or four. */
function isWide(head: string): boolean {
  return /^(\xff\xfe|\xfe\xff|\0\0\xfe\xff|[\s<{["]\0|\0{1,3}[\s<{["])/.test(head);
}

/** A text that can be looked at: without a byte order mark, without white space before it. */
function toText(head: Uint8Array): string {
  const text = toLatin1(head);
  const narrow = isWide(text) ? text.replace(/^\0*(\xff\xfe|\xfe\xff)/, '').replaceAll('\0', '') : text;
  return narrow.replace(/^\xef\xbb\xbf/, '').trimStart();
}
