// they steer the connection: fetch refuses some of them with an error that could also follow a paid request, and
// HTTP/2 has none of them
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Throws a `TypeError` where the header is set by the connection, never by the caller. */
export function checkHeaderName(name: string): void {
  if (!connectionHeaders.has(name.toLowerCase())) return;
  throw new TypeError(`Cannot use the header "${name}": it belongs to the connection. Leave it out.`);
}
