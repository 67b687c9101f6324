import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { FakeApi } from '../../src/testing.js';
import type { OnTestFinished } from './fleet.js';

async function listen(onTestFinished: OnTestFinished, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('there is no port');
  return `http://127.0.0.1:${address.port}`;
}

export interface LimitedApi {
  url: string;
  /** When each create was let through, and when each was answered with 429, by `performance.now()`. */
  acceptedMs: number[];
  refusedMs: number[];
}

/** The embedded API on a socket, with the limit of an account: so many creates within any second. */
export async function limitCreates(
  onTestFinished: OnTestFinished,
  api: FakeApi,
  perSecond: number,
): Promise<LimitedApi> {
  const [acceptedMs, refusedMs]: [number[], number[]] = [[], []];
  const forward = async (incoming: IncomingMessage) => {
    const { method = 'GET', url, headers } = incoming;
    const body = method === 'POST' ? new Uint8Array(await buffer(incoming)) : undefined;
    if (method === 'POST') {
      const now = performance.now();
      const isOver = acceptedMs.filter((time) => now - time < 1_000).length >= perSecond;
      (isOver ? refusedMs : acceptedMs).push(now);
      if (isOver) api.fault({ kind: 'rate-limit', on: 'video', retryAfterSeconds: 1 });
    }
    const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const kept = pairs.filter(([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name));
    return api.fetch(`http://${headers.host}${url}`, { method, headers: kept, ...(body && { body }) });
  };
  const url = await listen(onTestFinished, async (incoming, outgoing) => {
    const answer = await forward(incoming);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  return { url, acceptedMs, refusedMs };
}

/** A store that takes files as S3 does: `PUT /bucket/key`. */
export async function serveFiles(
  onTestFinished: OnTestFinished,
  { refuseFirst = false }: { refuseFirst?: boolean } = {},
): Promise<{ url: string; stored: Map<string, Buffer> }> {
  const stored = new Map<string, Buffer>();
  let left = refuseFirst ? 1 : 0;
  const url = await listen(onTestFinished, async (incoming, outgoing) => {
    const bytes = await buffer(incoming);
    if (incoming.method !== 'PUT' || incoming.headers['content-type'] !== 'video/mp4') {
      outgoing.writeHead(400).end();
    } else if (left > 0) {
      left -= 1;
      outgoing.writeHead(503).end();
    } else {
      stored.set(String(incoming.url), bytes);
      outgoing.writeHead(200).end();
    }
  });
  return { url: `${url}/bucket`, stored };
}
