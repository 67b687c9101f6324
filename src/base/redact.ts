import { isBytes } from './kind.js';
import { longestExcerpt, shorten } from './shorten.js';
import { isHttp, parseUrl } from './url.js';

/** The part of an address that may be printed: no user, password, query, fragment or embedded data. */
export function printableUrl(address: string | URL): string {
  const url = parseUrl(address);
  if (!url) return /^data:/i.test(String(address)) ? 'data:…' : '(not a URL)';
  return isHttp(url) ? shorten(`${url.origin}${url.pathname}`, longestExcerpt) : `${url.protocol}…`;
}

/** A shorter secret is masked only as a whole word: with the key `test`, "latest" stays. */
const leastMaskedAnywhere = 8;

/**
 * A text without these secrets, and without the parts of addresses that may be secret: user and password, query and
 * fragment. It takes linear time.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let rest = text;
  for (const secret of secrets) {
    rest = mask(rest, secret);
    if (rest.includes('%')) rest = mask(rest, encode(secret));
  }
  // a plain word, such as the status in each answer to a wait, holds no address
  if (!/[\s:?#@%]/.test(rest)) return rest;
  rest = rest
    .replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 ***')
    // the address ends at a blank, a double quote or a bracket. encodeURIComponent leaves ( ) ' ! ~ * as they are
    .replace(/([a-z][a-z\d+.-]{0,30}(?::|%(?:25)*3A)(?:\/|%(?:25)*2F){2})([^\s"<>]+)/gi, redactAddress)
    // a path alone, if its query looks signed
    .replace(/([?#])[^\s?#"<>]*(?:key|sig|token|secret|password)[^\s"<>]*/gi, redactTail);
  // a login without a scheme before it; the limits keep the time linear
  return rest.includes('@') ? rest.replace(/[^\s/"'<>@:]{1,100}:[^\s/"'<>@:]{1,100}@/g, '***@') : rest;
}

function redactAddress(_: string, scheme: string, rest: string): string {
  const host = /^(?:(?![/?#]|%(?:25)*(?:2F|3F|23)).)*/is.exec(rest)?.[0] ?? '';
  const login = /^.*(?:@|%(?:25)*40)/s.exec(host)?.[0] ?? '';
  const shown = login === '' ? rest : `***@${rest.slice(login.length)}`;
  return `${scheme}${shown.replace(/(\?|#|%(?:25)*3F|%(?:25)*23).*/is, redactTail)}`;
}

/** What follows a question mark or a number sign goes, except for what closes a sentence. */
function redactTail(tail: string, mark: string): string {
  const closing = /[)'\],.;:!]*$/.exec(tail.slice(mark.length).slice(-10))?.[0] ?? '';
  return `${mark}***${closing}`;
}

function encode(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // half of a character
    return '';
  }
}

function mask(text: string, secret: string): string {
  if (secret === '' || !text.includes(secret)) return text;
  if (secret.length >= leastMaskedAnywhere) return text.replaceAll(secret, '***');
  const pattern = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${pattern}(?![A-Za-z0-9])`, 'g'), '***');
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

function printableText(value: string): string {
  const text = value.trim();
  if (/^data:/i.test(text))
    return `${text.slice(0, Math.min(40, text.indexOf(',') + 1))}… (${text.length} characters)`;
  // any address, a broken one too: without user, password, query and fragment
  if (/^([a-z][\w+.-]{0,80}:)?\/\//i.test(text))
    return value.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
  return isBase64(text) ? `(${text.length} characters of base64)` : redact(value.slice(0, longestExcerpt));
}

/** Whether a text is a file in base64: its first 1,000 characters begin like a picture, or are one long mixed word. */
export function isBase64(text: string): boolean {
  // the expression below would overflow the stack on a text of 14 MB
  const head = text.slice(0, 1_000);
  const isMixed = /^(?=.*\d)(?=.*[a-z][A-Z])[\w+/\r\n-]{62,}={0,2}$/s;
  return /^(iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)/.test(head) || isMixed.test(head);
}
