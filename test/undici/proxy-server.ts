import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TestProxy {
  /** `host:port`. */
  name: string;
  port: number;
  /** The targets that were asked for, with what was sent for authorization. */
  asked: { target: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

type Answer = (socket: Duplex, open: () => void) => void;

/** A proxy that opens tunnels, for those who know its user and password; `answer` has the first word. */
export async function listenProxy(login?: string, answer: Answer = (_, open) => open()): Promise<TestProxy> {
  const sockets = new Set<Duplex>();
  const asked: TestProxy['asked'] = [];
  const onConnect = (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const authorization = request.headers['proxy-authorization'];
    asked.push({ target: request.url ?? '', authorization });
    client.on('error', () => {});
    if (login && authorization !== `Basic ${Buffer.from(login).toString('base64')}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n');
      return;
    }
    answer(client, () => {
      const { hostname, port } = new URL(`http://${request.url}`);
      const upstream: Socket = connect(Number(port || 80), hostname, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
  };
  const server = createHttpServer().on('connect', onConnect);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { name: `127.0.0.1:${port}`, port, asked, close };
}
