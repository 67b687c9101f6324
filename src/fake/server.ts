import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkOptionNames, type OptionNames } from '../base/option-names.js';

export interface FakeServer {
  /** `http://127.0.0.1:<port>`: the `baseUrl` to use. */
  url: string;
  /** Stops the server and closes all its connections. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** The port to listen on. @defaultValue `0`: any free port */
  port?: number;
  /** Whether the process may exit while the server runs. @defaultValue `false` */
  unref?: boolean;
}

const optionNames: OptionNames<ListenOptions> = { port: true, unref: true };

type HandleRequest = (
  request: Request,
  signal: AbortSignal,
  body: AsyncIterable<Uint8Array>,
) => Promise<Response>;

/** Serves the handler over real HTTP on 127.0.0.1. */
export async function serve(handle: HandleRequest, options: ListenOptions = {}): Promise<FakeServer> {
  checkOptionNames('call listen', options, optionNames);
  const { port = 0, unref = false } = options;
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
    // destroyOnReturn would close the connection when the handler stops reading, before the answer is sent
    const body = incoming.iterator({ destroyOnReturn: false });
    const response = await handle(request, gone.signal, body);
    // read and drop the rest of the body, or the connection hangs
    incoming.resume();
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (!response.body) return void outgoing.end();
    outgoing.flushHeaders();
    await pipeline(Readable.fromWeb(response.body), outgoing, { signal: gone.signal });
  } catch {
    // the handler throws to break the connection, so no error answer is sent
    if (outgoing.headersSent) outgoing.destroy();
    else incoming.socket.resetAndDestroy();
  }
}

/**
 * Makes a Request without the body, because a GET Request cannot hold a body. Returns `undefined` if no Request can be
 * made, as for TRACE.
 */
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
