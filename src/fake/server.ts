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

type HandleRequest = (
  request: Request,
  signal: AbortSignal,
  body: AsyncIterable<Uint8Array>,
) => Promise<Response>;

/** Serves a handler over real HTTP on 127.0.0.1. */
export async function serve(
  handle: HandleRequest,
  { port = 0, unref = false }: ListenOptions = {},
): Promise<FakeServer> {
  const server = createServer((incoming, outgoing) => void relayRequest(handle, incoming, outgoing));
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

async function relayRequest(
  handle: HandleRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const request = toRequest(incoming);
    if (!request) return void outgoing.writeHead(400).end();
    // to leave off reading must not end the connection: the answer is still to come
    const body = incoming.iterator({ destroyOnReturn: false });
    const response = await handle(request, gone.signal, body);
    // what was left of the body is read and dropped, or the connection would stand still
    incoming.resume();
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

/** Without its body, which a Request takes of some methods only; `undefined` where none can be made of it, as of TRACE. */
function toRequest(incoming: IncomingMessage): Request | undefined {
  const { method = 'GET', url = '/', headers } = incoming;
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  try {
    return new Request(`http://${headers.host ?? '127.0.0.1'}${url}`, { method, headers: pairs });
  } catch {
    return undefined;
  }
}
