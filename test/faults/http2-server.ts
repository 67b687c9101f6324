import { readFileSync } from 'node:fs';
import { constants, createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tls from 'node:tls';
import type { FakeApi, FakeServer } from '../../src/testing.js';

/** The first Node whose fetch speaks HTTP/2 where a server offers it. */
export const speaksHttp2 = Number(process.versions.node.split('.')[0]) >= 26;

/** Serves an embedded API over TLS and HTTP/2; `versions` collects what the requests came by. */
export async function listenHttp2(
  api: FakeApi,
  host = '127.0.0.1',
): Promise<FakeServer & { versions: Set<string> }> {
  const cert = readFileSync('test/fixtures/tls/cert.pem', 'utf8');
  const key = readFileSync('test/fixtures/tls/key.pem', 'utf8');
  trust(cert);
  const versions = new Set<string>();
  const server = createSecureServer({ cert, key }, (incoming, outgoing) => {
    versions.add(incoming.httpVersion);
    void relay(api, incoming, outgoing);
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const session of sessions) session.destroy();
    });
  return { url: `https://${host === '127.0.0.1' ? 'localhost' : host}:${port}`, versions, close };
}

/** `tls.setDefaultCACertificates`, which the types of Node 20 do not know. */
function trust(cert: string): void {
  const set: unknown = Reflect.get(tls, 'setDefaultCACertificates');
  if (typeof set === 'function') set([cert]);
}

async function relay(
  api: FakeApi,
  incoming: Http2ServerRequest,
  outgoing: Http2ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const headers = Object.entries(incoming.headers).filter(([name]) => !name.startsWith(':'));
    const response = await api.fetch(`https://${incoming.authority}${incoming.url}`, {
      method: incoming.method,
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      signal: gone.signal,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body) await pipeline(Readable.fromWeb(response.body), outgoing, { signal: gone.signal });
    else outgoing.end();
  } catch {
    outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}
