import { record } from './json.js';

/** Servers take addresses of 8 to 64 kB. Reading the host of a longer one takes the square of its length. */
const longestUrl = 65_536;

/** The parsed URL, or `undefined`; unlike `new URL` it never throws an error that quotes its input. */
export function parseUrl(text: string | URL, base?: URL): URL | undefined {
  if (String(text).length > longestUrl) return undefined;
  try {
    // no URL.canParse: that of Node 20 refuses "http://é" once it is compiled
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** What of an address may be printed: no user, password, query, fragment or embedded data. */
export function printableUrl(address: string | URL): string {
  const url = parseUrl(address);
  if (!url) return '(not a URL)';
  return isHttp(url) ? shorten(`${url.origin}${url.pathname}`, longestExcerpt) : `${url.protocol}…`;
}

export function isHttp(url: URL): boolean {
  return /^https?:$/.test(url.protocol);
}

/** A text without these secrets, and without the query of any URL in it, which may be signed. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let rest = text;
  for (const secret of secrets) if (secret !== '') rest = rest.replaceAll(secret, '***');
  return (
    rest
      .replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 ***')
      // the query of an http address, and of any other where it looks signed; the question mark comes first, or else
      // a long row of addresses takes the square of its length
      .replace(/\?((?<=https?:\/\/[^\s?"'<>]+\?)|[^\s?"'<>)]*(key|sig|token))[^\s"'<>)]*/gi, '?***')
  );
}

/** A text, cut where it is longer than `most` characters. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}

/** Characters of a text of any length that a message quotes. */
const longestExcerpt = 2_000;

/** What a message may quote of a text: {@link redact}, and at most 2,000 characters. */
export function excerpt(text: string, secrets: readonly string[] = []): string {
  if (text.length <= longestExcerpt) return redact(text, secrets);
  const longestSecret = secrets.reduce((longest, { length }) => Math.max(longest, length), 0);
  const head = redact(text.slice(0, 4 * longestExcerpt), secrets);
  // the end of the head may be a part of a secret, which nothing recognises
  const shown = head.slice(0, Math.max(0, Math.min(longestExcerpt, head.length - longestSecret)));
  return `${shown}… (${text.length} characters)`;
}

/** Characters of an error that are looked through for secrets. */
const longestInspection = 100_000;

/** A value in words; `undefined` where it is too large, or where any attempt to look at it throws. */
function show(value: unknown): string | undefined {
  let left = longestInspection;
  // inspect has no limit to what it writes, but it calls this function for each piece
  const stylize = (piece: string): string => {
    left -= piece.length;
    if (left < 0) throw new Error('too large');
    return piece;
  };
  const options = { depth: 6, maxStringLength: longestInspection + 1, stylize };
  try {
    // an import of node:util would load all that it can do
    const shown = process.getBuiltinModule('node:util').inspect(value, options);
    return shown.length > longestInspection ? undefined : shown;
  } catch {
    return undefined;
  }
}

/** What a message may quote of a thrown value, whatever it is. */
export function messageOf(thrown: unknown, secrets: readonly string[] = []): string {
  return excerpt(wordsOf(thrown), secrets);
}

function wordsOf(thrown: unknown): string {
  try {
    if (isError(thrown)) return String(thrown.message || (Reflect.get(thrown, 'code') ?? thrown.name));
  } catch {
    // a getter of the caller's throws
  }
  if (typeof thrown === 'string' && thrown.length > longestExcerpt) return thrown;
  return show(thrown) ?? 'a value that cannot be shown';
}

/** What was thrown, or an error in its place where a getter of it or of its cause throws. */
export function toReadable(thrown: unknown): unknown {
  try {
    for (const error of [thrown, record(thrown).cause].flatMap((each) =>
      [each, record(each).errors].flat(),
    )) {
      for (const name of ['name', 'message', 'cause', 'errors', 'code', 'syscall'])
        String(Reflect.get(Object(error), name));
    }
    return thrown;
  } catch {
    return new Error('fetch failed with what cannot be shown');
  }
}

/** The error itself where it is short and nothing in it shows a secret, else a copy of what may be shown. */
export function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  const shown = show(cause);
  if (shown !== undefined && redact(shown, secrets) === shown) return cause;
  const copy = new Error(messageOf(cause, secrets));
  if (!isError(cause)) return copy;
  for (const fact of ['name', 'code', 'syscall']) {
    const value: unknown = Reflect.get(cause, fact);
    if (typeof value === 'string') Object.assign(copy, { [fact]: excerpt(value, secrets) });
  }
  return copy;
}

/** A value as it may be shown in an error: short, without base64 and without the query of a URL. */
export function printable(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string') {
    const text = printableText(value);
    return text.length > 80 ? `${text.slice(0, 60)}… (${value.length} characters)` : text;
  }
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  // what is in it may be anything: options in the wrong place, the key among them
  return isBytes(value) ? `(${value.byteLength} bytes)` : `(${typeof value})`;
}

export function isBytes(value: unknown): value is NodeJS.ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function printableText(value: string): string {
  const text = value.trim();
  if (/^data:/i.test(text))
    return `${text.slice(0, Math.min(40, text.indexOf(',') + 1))}… (${text.length} characters)`;
  // any address, a broken one too: without user, password, query and fragment
  if (/^([a-z][\w+.-]{0,80}:)?\/\//i.test(text))
    return value.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
  return isBase64(text) ? `(${text.length} characters of base64)` : excerpt(value);
}

/** A file as bare base64, told by its first 1,000 characters: as pictures begin, or long, unbroken and mixed. */
export function isBase64(text: string): boolean {
  // of a text of 14 MB, the expression below would overflow the stack
  const head = text.slice(0, 1_000);
  const isMixed = /^(?=.*\d)(?=.*[a-z][A-Z])[\w+/\r\n-]{62,}={0,2}$/s;
  return /^(iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)/.test(head) || isMixed.test(head);
}

/** Whether it is an error. Under Jest, those of Node are no `instanceof Error`. */
export function isError(value: unknown): value is Error {
  return (
    value instanceof Error || /^\[object (Error|DOMException)\]$/.test(Object.prototype.toString.call(value))
  );
}
