/** The parsed URL, or `undefined`; unlike `new URL` it never throws an error that quotes its input. */
export function parseUrl(text: string | URL, base?: URL): URL | undefined {
  return URL.canParse(String(text), base?.href) ? new URL(text, base) : undefined;
}

/** What of an address may be printed: no user, password, query, fragment or embedded data. */
export function printableUrl(address: string | URL): string {
  const url = parseUrl(address);
  if (!url) return '(not a URL)';
  return isHttp(url) ? `${url.origin}${url.pathname}` : `${url.protocol}…`;
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

/** {@link redact} of a text that may be missing. */
export function clean(text: string | undefined, secrets: readonly string[]): string | undefined {
  return text === undefined ? undefined : redact(text, secrets);
}

/** A value in words, whatever it is: what a caller's function throws may break any attempt to look at it. */
function show(value: unknown): string {
  try {
    // an import of node:util would load all that it can do
    return process.getBuiltinModule('node:util').inspect(value, { depth: 6, maxStringLength: 100_000 });
  } catch {
    return 'a value that cannot be shown';
  }
}

/** What a thrown value says, whatever it is. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return show(thrown);
  return thrown.message || String(Reflect.get(thrown, 'code') ?? thrown.name);
}

/** The error itself where nothing in it shows a secret, else a copy without them. */
export function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  const shown = show(cause);
  if (redact(shown, secrets) === shown) return cause;
  if (!(cause instanceof Error)) return new Error(redact(shown, secrets));
  const copy = new Error(redact(cause.message, secrets));
  for (const fact of ['name', 'code', 'syscall']) {
    const value: unknown = Reflect.get(cause, fact);
    if (typeof value === 'string') Object.assign(copy, { [fact]: redact(value, secrets) });
  }
  return copy;
}

/** A value as it may be shown in an error: short, without base64 and without the query of a URL. */
export function printable(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string') {
    const text = printableText(value);
    return text.length > 80 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
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
  if (/^([a-z][\w+.-]*:)?\/\//i.test(text))
    return value.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
  return isBase64(text) ? `(${text.length} characters of base64)` : redact(value);
}

/** A file as bare base64: it begins as pictures do, or is long, unbroken and mixed. */
export function isBase64(text: string): boolean {
  const isMixed = /^(?=.*\d)(?=.*[a-z][A-Z])[\w+/\r\n-]{62,}={0,2}$/s;
  return /^(iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)/.test(text) || isMixed.test(text);
}
