import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface FakeServer {
  /** `http://127.0.0.1:<port>`: the `baseUrl` to use. */
  url: string;
  /** Ends the server and every connection to it. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** @defaultValue `0`: any free one */
  port?: number;
  /** Lets the process end while the server is up. @defaultValue `false` */
  unref?: boolean;
}

/** Serves a handler over real HTTP on 127.0.0.1. */
export async function serve(
  handle: (request: Request, signal: AbortSignal) => Promise<Response>,
  { port = 0, unref = false }: ListenOptions = {},
): Promise<FakeServer> {
  const server = createServer((incoming, outgoing) => void relay(handle, incoming, outgoing));
  if (unref) server.on('connection', (socket) => socket.unref());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  if (unref) server.unref();
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function relay(
  handle: (request: Request, signal: AbortSignal) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const response = await handle(await toRequest(incoming), gone.signal);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (!response.body) return void outgoing.end();
    outgoing.flushHeaders();
    await pipeline(Readable.fromWeb(response.body), outgoing, { signal: gone.signal });
  } catch {
    // whatever a handler throws is, to the client, a connection that breaks
    if (outgoing.headersSent) outgoing.destroy();
    else incoming.socket.resetAndDestroy();
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headers } = incoming;
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return new Request(`http://${headers.host ?? '127.0.0.1'}${url}`, {
    method,
    headers: pairs,
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
}
