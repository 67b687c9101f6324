// an import would also load the parts of node:util that are not used
const { inspect } = process.getBuiltinModule('node:util');

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

/** {@link redact} of a text that may be missing. */
export function clean(text: string | undefined, secrets: readonly string[]): string | undefined {
  return text === undefined ? undefined : redact(text, secrets);
}

/** A value in words, whatever it is: what a caller's function throws may break any attempt to look at it. */
export function show(value: unknown): string {
  try {
    return inspect(value, { depth: 6, maxStringLength: 100_000 });
  } catch {
    return 'a value that cannot be shown';
  }
}

/** The error itself where nothing in it shows a secret, else a copy without them. */
export function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  const shown = show(cause);
  if (redact(shown, secrets) === shown) return cause;
  if (!(cause instanceof Error)) return new Error(redact(show(cause), secrets));
  const { name, message } = cause;
  const facts = { code: Reflect.get(cause, 'code'), syscall: Reflect.get(cause, 'syscall') };
  const kept = Object.entries(facts).flatMap(([fact, value]) =>
    typeof value === 'string' ? [[fact, redact(value, secrets)]] : [],
  );
  return Object.assign(new Error(redact(message, secrets)), {
    name: redact(name, secrets),
    ...Object.fromEntries(kept),
  });
}

const longestShown = 80;

/** A value as it may be shown in an error: short, without base64 and without the query of a URL. */
export function printable(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return shorten(typeof value === 'string' ? printableText(value) : outline(value, 2));
}

/** Safe for values of any kind: circular ones, buffers, objects without a prototype. */
function outline(value: unknown, depth: number): string {
  if (typeof value === 'string') return `"${printableText(value)}"`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'symbol' ? 'a symbol' : String(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `(${value.byteLength} bytes)`;
  if (depth === 0) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, 4).map((item) => outline(item, depth - 1));
    return `[${items.join(', ')}${value.length > 4 ? ', …' : ''}]`;
  }
  const fields = Object.entries(value).slice(0, 4);
  return `{ ${fields.map(([name, field]) => `${name}: ${outline(field, depth - 1)}`).join(', ')} }`;
}

function printableText(value: string): string {
  const text = value.trim();
  if (/^data:/i.test(text))
    return `${text.slice(0, Math.min(40, text.indexOf(',') + 1))}… (${text.length} characters)`;
  // any address, a broken one too: without user, password, query and fragment
  if (/^([a-z][\w+.-]*:)?\/\//i.test(text)) return text.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
  return isBase64(text) ? `(${text.length} characters of base64)` : redact(value);
}

/** A file as bare base64: it begins as pictures do, or is long, unbroken and mixed. */
function isBase64(text: string): boolean {
  if (/^(iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)/.test(text)) return true;
  return text.length > 60 && /^[\w+/\r\n-]+={0,2}$/.test(text) && /\d/.test(text) && /[a-z][A-Z]/.test(text);
}

function shorten(text: string): string {
  return text.length <= longestShown
    ? text
    : `${text.slice(0, longestShown - 20)}… (${text.length} characters)`;
}
