import { inspect } from 'node:util';

/** The parsed URL, or `undefined`; unlike `new URL` it never throws an error that quotes its input. */
export function parseUrl(text: string | URL): URL | undefined {
  return URL.canParse(String(text)) ? new URL(text) : undefined;
}

/** What of an address may be printed: no user, password, query, fragment or embedded data. */
export function printableUrl(address: string | URL): string {
  const url = parseUrl(address);
  if (!url) return '(not a URL)';
  return isHttp(url) ? `${url.origin}${url.pathname}` : `${url.protocol}…`;
}

export function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** A text without these secrets, and without the query of any URL in it, which may be signed. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const safe = secrets.reduce(
    (rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '***')),
    text,
  );
  return safe.replace(/(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>)]*/gi, '$1?***');
}

/** The error itself where nothing in it shows a secret, else a copy without them. */
export function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  const shown = inspect(cause, { depth: 6, maxStringLength: 100_000 });
  if (redact(shown, secrets) === shown) return cause;
  const safe = new Error(redact(cause instanceof Error ? cause.message : String(cause), secrets));
  if (cause instanceof Error) safe.name = redact(cause.name, secrets);
  return safe;
}

const longestShown = 80;

/** A value as it may be shown in an error: short, without base64 and without the query of a URL. */
export function printable(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return printableText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (value === undefined || typeof value !== 'object') return String(value).slice(0, longestShown);
  const shown = JSON.stringify(value, (_, inner) =>
    typeof inner === 'string' ? printableText(inner) : inner,
  );
  return shorten(shown ?? 'a value without a form in JSON');
}

function printableText(value: string): string {
  if (value.startsWith('data:'))
    return `${value.slice(0, Math.min(40, value.indexOf(',') + 1))}… (${value.length} characters)`;
  // any address, a broken one too: without user, password, query and fragment
  if (/^[a-z][\w+.-]*:\/\//i.test(value)) {
    return shorten(value.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, ''));
  }
  // long, unbroken and mixed: a file as bare base64
  const base64 =
    value.length > 60 && /^[\w+/-]+={0,2}$/.test(value) && /\d/.test(value) && /[a-z][A-Z]/.test(value);
  return base64 ? `(${value.length} characters of base64)` : shorten(redact(value));
}

function shorten(text: string): string {
  return text.length <= longestShown
    ? text
    : `${text.slice(0, longestShown - 20)}… (${text.length} characters)`;
}
