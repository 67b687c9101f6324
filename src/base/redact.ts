import { record } from './json.js';
import { isError, kindOf, tagOf } from './kind.js';
import { show } from './show.js';

/** Servers take URLs of 8 to 64 kB. `new URL` takes quadratic time to read a longer host. */
const longestUrl = 65_536;

/** The parsed URL, or `undefined`; unlike `new URL` it never throws an error that quotes its input. */
export function parseUrl(text: string | URL, base?: URL): URL | undefined {
  if (String(text).length > longestUrl) return undefined;
  try {
    // not URL.canParse: in Node 20 it refuses "http://é" after it was optimized
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** The part of an address that may be printed: no user, password, query, fragment or embedded data. */
export function printableUrl(address: string | URL): string {
  const url = parseUrl(address);
  if (!url) return /^data:/i.test(String(address)) ? 'data:…' : '(not a URL)';
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
      // the query of an http address, and of any other address if the query looks signed. The question mark comes first
      // in the expression: otherwise a long row of addresses would take quadratic time
      .replace(/\?((?<=https?:\/\/[^\s?"'<>]+\?)|[^\s?"'<>)]*(key|sig|token))[^\s"'<>)]*/gi, '?***')
  );
}

/** Characters of an id that a message quotes. */
export const longestId = 200;

/** A text, cut where it is longer than `most` characters. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}

/** Characters of a text that a message quotes at most. */
const longestExcerpt = 2_000;

/** What a message may quote of a text: {@link redact}, and at most 2,000 characters. */
export function excerpt(text: string, secrets: readonly string[] = []): string {
  if (text.length <= longestExcerpt) return redact(text, secrets);
  const longestSecret = secrets.reduce((longest, { length }) => Math.max(longest, length), 0);
  const head = redact(text.slice(0, 4 * longestExcerpt), secrets);
  // the head may end within a secret, and half a secret is not recognised: leave out as much as a secret is long
  const shown = head.slice(0, Math.max(0, Math.min(longestExcerpt, head.length - longestSecret)));
  return `${shown}… (${text.length} characters)`;
}

/** The words of a thrown value of any type, as a message may quote them. */
export function messageOf(thrown: unknown, secrets: readonly string[] = []): string {
  return excerpt(wordsOf(thrown), secrets);
}

function wordsOf(thrown: unknown): string {
  try {
    if (isError(thrown)) return String(thrown.message || (Reflect.get(thrown, 'code') ?? thrown.name));
  } catch {
    // a getter of the error throws: show it in another way
  }
  if (typeof thrown === 'string' && thrown.length > longestExcerpt) return thrown;
  return show(thrown) ?? `a value that cannot be shown (${kindOf(thrown)})`;
}

/** The fields that this library reads of a thrown value. */
const namesRead = ['name', 'message', 'cause', 'errors', 'code', 'syscall'];

/** The thrown value; an error in its place where a getter of the value or of its cause throws. */
export function toReadable(thrown: unknown): unknown {
  try {
    const errors = [thrown, record(thrown).cause].flatMap((each) => [each, record(each).errors].flat());
    for (const error of errors) {
      isError(error);
      for (const name of namesRead) {
        // a getter could throw the next time
        if (Reflect.getOwnPropertyDescriptor(Object(error), name)?.get) throw new Error('a getter');
        String(Reflect.get(Object(error), name));
      }
    }
    return thrown;
  } catch {
    return new Error('fetch failed with what cannot be shown');
  }
}

/** The error itself if it is short and shows no secret; else a new error with the parts that may be shown. */
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
  // an object may be options in the wrong place, with the key in them: show its type alone
  return isBytes(value) ? `(${value.byteLength} bytes)` : `(${typeof value})`;
}

export function isBytes(value: unknown): value is NodeJS.ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || /^(Shared)?ArrayBuffer$/.test(tagOf(value));
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

/** Whether a text is a file in base64: its first 1,000 characters begin like a picture, or are one long mixed word. */
export function isBase64(text: string): boolean {
  // the expression below would overflow the stack on a text of 14 MB
  const head = text.slice(0, 1_000);
  const isMixed = /^(?=.*\d)(?=.*[a-z][A-Z])[\w+/\r\n-]{62,}={0,2}$/s;
  return /^(iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)/.test(head) || isMixed.test(head);
}
