import { tagOf } from './kind.js';
import { isRecord } from './record.js';

// headers that steer the connection. Fetch refuses some of them with an error that could also follow a paid request.
// HTTP/2 has none of them
const connectionHeader =
  /^(connection|content-length|expect|host|http2-settings|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

/** Throws a `TypeError` where the header is set by the connection, never by the caller. */
export function checkHeaderName(name: string): void {
  if (!connectionHeader.test(name)) return;
  throw new TypeError(`Cannot use the header "${name}": it belongs to the connection. Leave it out.`);
}

/** Checks header names and values here, because fetch's own error would quote them. */
export function checkHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const checked = new Headers();
  if (!isRecord(headers) || (Symbol.iterator in headers && !isHeaders(headers))) {
    throw new TypeError('Cannot use headers: it takes an object of names and values, or Headers.');
  }
  const entries = isHeaders(headers) ? [...headers] : Object.entries(headers);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    checkHeaderName(name);
    try {
      if (value === null) throw new TypeError();
      checked.set(name, value);
    } catch {
      throw new TypeError(`Cannot use the header "${name.slice(0, 80)}": HTTP takes no such name or value.`);
    }
  }
  return Object.fromEntries(checked);
}

/** By its tag: under Jest, one of Node belongs to another realm. */
function isHeaders(value: object): value is Headers {
  return tagOf(value) === 'Headers';
}
