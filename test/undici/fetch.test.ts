import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import {
  createUndiciFetch,
  type FetchInit,
  type FetchResponse,
  type UndiciFetch,
  type UndiciFetchOptions,
} from '../../src/undici.js';
import { listen } from './proxy-server.js';

interface TestServer {
  url: string;
  server: Server;
  /** Every connection there was. */
  sockets: Socket[];
  /** The most that were open at one time. */
  most(): number;
}

async function serve(answer: RequestListener, port?: number): Promise<TestServer> {
  const server = createServer({ keepAlive: true }, answer);
  const sockets: Socket[] = [];
  let open = 0;
  let most = 0;
  server.on('connection', (socket) => {
    sockets.push(socket);
    open += 1;
    most = Math.max(most, open);
    socket.on('close', () => (open -= 1)).on('error', () => {});
  });
  onTestFinished(() => void server.close().closeAllConnections());
  if (port !== undefined) {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }
  return { url: `http://127.0.0.1:${port ?? (await listen(server))}`, server, sockets, most: () => most };
}

function fetchOf(options?: UndiciFetchOptions): UndiciFetch {
  const fetch = createUndiciFetch(options);
  onTestFinished(() => fetch.close());
  return fetch;
}

const get = (signal: AbortSignal = new AbortController().signal): FetchInit => ({
  method: 'GET',
  headers: {},
  signal,
  redirect: 'manual',
  cache: 'no-store',
});
const post = (signal?: AbortSignal): FetchInit => ({ ...get(signal), method: 'POST', body: '{}' });

async function textOf({ body }: FetchResponse): Promise<string> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await reader?.read();
    if (!chunk?.value) return Buffer.concat(chunks).toString();
    chunks.push(chunk.value);
  }
}

describe('createUndiciFetch()', () => {
  it('sends what it is given, and gives status, headers and body', async () => {
    const { url } = await serve(async (request, response) => {
      const sent = (await request.toArray()).join('');
      response.writeHead(418, { 'X-One': '1', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify([request.method, request.url, request.headers['x-two'], sent]));
    });
    const answer = await fetchOf()(`${url}/path?q=%20#no`, { ...post(), headers: { 'x-two': '2' } });
    expect(answer.status).toBe(418);
    expect(answer.type).toBeUndefined();
    expect(['x-one', 'X-One', 'set-cookie', 'constructor'].map((name) => answer.headers.get(name))).toEqual([
      '1',
      '1',
      'a=1, b=2',
      null,
    ]);
    expect(await textOf(answer)).toBe('["POST","/path?q=%20","2","{}"]');
  });

  it('joins a header that comes more than once', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'x-inference-id': ['1', '2'], 'x-empty': '', 'x-blank': ['', 'b'] }).end();
    });
    const { headers } = await fetchOf()(url, get());
    const names = ['x-inference-id', 'x-empty', 'x-blank', 'x-none', '__proto__', 'toString'];
    expect(names.map((name) => headers.get(name))).toEqual(['1, 2', '', ', b', null, null, null]);
  });

  it.each([get, post])('waits for the answer after those that only announce it', async (init) => {
    const { url } = await serve((_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.writeHead(200, { 'x-one': '1' }).end('whole');
    });
    const answer = await fetchOf()(url, init());
    expect([answer.status, answer.headers.get('x-one')]).toEqual([200, '1']);
    expect(await textOf(answer)).toBe('whole');
  });

  it('asks for no packing, and says who asks where the headers do not', async () => {
    const { url } = await serve(({ headers }, response) => response.end(JSON.stringify(headers)));
    const fetch = fetchOf();
    const headers = JSON.parse(await textOf(await fetch(url, get())));
    expect(headers['user-agent']).toMatch(/^aimlapi-wan\/\d/);
    expect(headers).not.toHaveProperty('accept-encoding');
    const own = { ...get(), headers: { 'user-agent': 'own' } };
    expect(JSON.parse(await textOf(await fetch(url, own)))['user-agent']).toBe('own');
  });

  it('does not follow a redirect', async () => {
    const seen: unknown[] = [];
    const { url } = await serve(({ url: path }, response) => {
      seen.push(path);
      response.writeHead(307, { location: '/there' }).end();
    });
    const answer = await fetchOf()(`${url}/here`, get());
    expect([answer.status, answer.headers.get('location'), seen]).toEqual([307, '/there', ['/here']]);
    await answer.body?.cancel();
  });

  it.each([204, 304])('gives no body with %d, and takes up the connection again', async (status) => {
    const { url, sockets } = await serve((_, response) => response.writeHead(status).end());
    const fetch = fetchOf({ connections: 1 });
    for (let count = 0; count < 3; count += 1) expect((await fetch(url, get())).body).toBeNull();
    expect(sockets).toHaveLength(1);
  });

  it('takes a body of 205, which must have none, so that it holds no connection', async () => {
    const { url } = await serve((_, response) => response.writeHead(205).end(Buffer.alloc(1_000_000)));
    const fetch = createUndiciFetch({ connections: 1 });
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch, maxRetries: 0 });
    for (let count = 0; count < 2; count += 1) {
      await expect(wan.getVideo('1')).rejects.toThrow('205 with 1000000 characters');
    }
    await fetch.close();
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate, gzip', (data: Buffer) => gzipSync(deflateSync(data))],
    ['identity', (data: Buffer) => data],
  ])('unpacks %s and keeps the header', async (encoding, pack) => {
    const whole = 'a lighthouse '.repeat(100_000);
    const { url } = await serve((_, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(pack(Buffer.from(whole)));
    });
    const answer = await fetchOf()(url, get());
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect((await textOf(answer)) === whole).toBe(true);
  });

  it('gives the head of an answer that is packed in an unknown way, and refuses its body', async () => {
    const { url } = await serve((_, response) => {
      response.setHeader('content-encoding', 'zstd');
      response.end('????');
    });
    const answer = await fetchOf()(url, get());
    expect(answer.status).toBe(200);
    await expect(textOf(answer)).rejects.toThrow('the answer is packed as "zstd", which was not asked for');
  });

  it('fails a packed body that breaks off', async () => {
    const packed = gzipSync(Buffer.from('a lighthouse '.repeat(1000)));
    const { url } = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(packed.subarray(0, packed.length - 20));
    });
    await expect(textOf(await fetchOf()(url, get()))).rejects.toThrow('unexpected end of file');
  });

  it.each([0, 1, 100_000])('gives a body of %d bytes that has arrived before it is read', async (length) => {
    const { url } = await serve((_, response) => response.end(Buffer.alloc(length, 'x')));
    const answer = await fetchOf()(url, get());
    await pause(50);
    expect(await textOf(answer)).toHaveLength(length);
  });

  it('gives what arrived of a body that is cut, and then the error', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const reader = (await fetchOf()(url, get())).body?.getReader();
    await pause(60);
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('half');
    await expect(reader?.read()).rejects.toThrow(/closed|match/);
    await expect(reader?.read()).rejects.toThrow(/closed|match/);
  });

  it('gives its body to one reader at a time', async () => {
    const { url } = await serve((_, response) => response.end('text'));
    const { body } = await fetchOf()(url, get());
    const reader = body?.getReader();
    expect(() => body?.getReader()).toThrow(TypeError);
    await expect(body?.cancel()).rejects.toThrow(TypeError);
    reader?.releaseLock();
    expect(Buffer.from((await body?.getReader().read())?.value ?? []).toString()).toBe('text');
  });

  it('ends an unpacked body with the reason of an abort', async () => {
    const reason = new Error('enough');
    const { url, sockets } = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.write(gzipSync(Buffer.from('a lighthouse')).subarray(0, 15));
    });
    const controller = new AbortController();
    const text = textOf(await fetchOf()(url, get(controller.signal)));
    text.catch(() => {});
    await pause(30);
    controller.abort(reason);
    await expect(text).rejects.toBe(reason);
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  });

  it('closes the connection of an unpacked body that is cancelled', async () => {
    const { url, sockets } = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.write(gzipSync(Buffer.from('a lighthouse')).subarray(0, 15));
    });
    const { body } = await fetchOf()(url, get());
    await body?.cancel();
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  });

  it.each(['ftp://127.0.0.1/x', 'data:text/plain,x', 'file:///etc/passwd'])(
    'does not fetch %s',
    async (url) => {
      const fetch = fetchOf({ connections: 1 });
      for (let count = 0; count < 2; count += 1) await expect(fetch(url, get())).rejects.toThrow(TypeError);
    },
  );

  it('does not quote an address that is no URL', async () => {
    const error: unknown = await fetchOf()('no-url?signature=secret', get()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(inspect(error, { showHidden: true })).not.toContain('secret');
  });
});

describe('a create', () => {
  /** Serves the embedded API, and drops a connection on which a create follows something else, as gateways do. */
  async function serveHasty() {
    const api = createFakeApi();
    const served = new WeakMap<Socket, number>();
    const { url, sockets } = await serve(async (request, response) => {
      const count = (served.get(request.socket) ?? 0) + 1;
      served.set(request.socket, count);
      if (request.method === 'POST' && count > 1) return void request.socket.resetAndDestroy();
      const sent = (await request.toArray()).join('');
      const answer = await api.fetch(`${url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: Object.entries(request.headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]),
        ...(sent && { body: sent }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    });
    return { api, url, sockets, requestsOn: (socket: Socket) => served.get(socket) };
  }
  const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;

  it('goes out on a connection of its own, so that one which the server is closing cannot lose it', async () => {
    const { api, url, sockets, requestsOn } = await serveHasty();
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch: fetchOf({ connections: 2 }) });
    for (let count = 1; count <= 5; count += 1) {
      const job = await wan.generateVideo(input);
      await wan.getVideo(job);
      expect(api.generations).toBe(count);
    }
    expect(sockets.map(requestsOn).filter((count) => count === 1)).toHaveLength(5);
    // the polls shared a warm one
    expect(sockets).toHaveLength(6);
  });

  it('is lost there with Node’s own fetch', async () => {
    const { url } = await serveHasty();
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url });
    const job = await wan.generateVideo(input);
    await wan.getVideo(job);
    await expect(wan.generateVideo(input)).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
  });

  it('that meets a server which hangs up while TLS begins was never sent', async () => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
    const baseUrl = `https://127.0.0.1:${await listen(server)}`;
    onTestFinished(() => void server.close());
    const wan = createWan({ apiKey: 'k-12345678', baseUrl, fetch: fetchOf(), maxRetries: 1 });
    await expect(wan.generateVideo(input)).rejects.toMatchObject({ name: 'ConnectionError', attempts: 2 });
  });

  it.each([
    ['expect', '100-continue'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'no-such'],
    ['upgrade', 'websocket'],
    ['keep-alive', 'timeout=5'],
    ['content-length', '3'],
    ['host', 'a b'],
  ])('with a header that undici refuses (%s: %s) was never sent', async (name, value) => {
    const { url, sockets } = await serve((_, response) => response.end('{"id":"1","status":"queued"}'));
    const fetch = fetchOf({ connections: 1 });
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch, maxRetries: 0 });
    const error = await wan.generateVideo(input, { headers: { [name]: value } }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    // and leaves no connection taken
    expect(await wan.generateVideo(input)).toMatchObject({ id: '1' });
    expect(sockets.length).toBeLessThanOrEqual(2);
  });

  it('is not held up by polls that use every connection, nor the other way round', async () => {
    const releases: (() => void)[] = [];
    const { url } = await serve((request, response) => {
      if (request.url === '/slow') releases.push(() => response.end());
      else response.end();
    });
    const fetch = fetchOf({ connections: 1 });
    for (const [count, [slow, quick]] of [[get(), post()] as const, [post(), get()] as const].entries()) {
      const waiting = fetch(`${url}/slow`, slow);
      await vi.waitFor(() => expect(releases).toHaveLength(count + 1));
      await textOf(await fetch(url, quick));
      releases[count]?.();
      await textOf(await waiting);
    }
  });
});

describe('a create that waits in line for a connection', () => {
  const input = { model: 'wan2.2-t2v-plus', prompt: 'a cat' } as const;

  it('is not timed: nothing of it was sent, so that its outcome is not in doubt', async () => {
    let created = 0;
    const { url } = await serve((_, response) => {
      created += 1;
      setTimeout(() => response.end(`{"id":"${created}","status":"queued"}`), 200);
    });
    const fetch = fetchOf({ connections: 1 });
    // less than the six take together, and enough for one on a loaded machine
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch, timeoutMs: 1000 });
    const jobs = await Promise.all(Array.from({ length: 6 }, () => wan.generateVideo(input)));
    expect(jobs.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('is timed from when it has one', async () => {
    const { url } = await serve((request) => void request.resume());
    const fetch = fetchOf({ connections: 1 });
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch, timeoutMs: 50 });
    const endings = await Promise.allSettled([wan.generateVideo(input), wan.generateVideo(input)]);
    expect(endings.map((ending) => ending.status === 'rejected' && ending.reason.name)).toEqual([
      'OutcomeUnknownError',
      'OutcomeUnknownError',
    ]);
  });

  it('leaves the line on abort, and was never sent', async () => {
    const seen: unknown[] = [];
    const { url } = await serve((request) => seen.push(request.url));
    const fetch = fetchOf({ connections: 1 });
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch });
    const first = new AbortController();
    const second = new AbortController();
    const under = wan.generateVideo(input, { signal: first.signal });
    const inLine = wan.generateVideo(input, { signal: second.signal });
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    second.abort('enough');
    await expect(inLine).rejects.toBe('enough');
    first.abort('enough');
    await expect(under).rejects.toBe('enough');
    await pause(50);
    expect(seen).toHaveLength(1);
  });

  it.each(['generateVideo', 'getVideo'] as const)('is not joined by a %s aborted before', async (name) => {
    const { url } = await serve((request) => void request.resume());
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch: fetchOf({ connections: 1 }) });
    const call = (signal: AbortSignal) =>
      name === 'getVideo' ? wan.getVideo('1', { signal }) : wan.generateVideo(input, { signal });
    const [first, second] = [new AbortController(), new AbortController()];
    const under = call(first.signal);
    await pause(50);
    const inLine = call(second.signal);
    // before there is a line to leave
    second.abort('enough');
    await expect(inLine).rejects.toBe('enough');
    first.abort('done');
    await expect(under).rejects.toBe('done');
  });
});

describe('a wrapper around it', () => {
  it.each<[string, (fetch: UndiciFetch, seen: () => void) => UndiciFetch]>([
    [
      'Proxy',
      (fetch, seen) =>
        new Proxy(fetch, {
          apply: (target, _, [url, init]) => {
            seen();
            return target(url, init);
          },
        }),
    ],
    [
      'copy',
      (fetch, seen) => {
        const wrapper = (url: string, init: FetchInit) => {
          seen();
          return fetch(url, init);
        };
        return Object.assign(wrapper, fetch);
      },
    ],
  ])('is called for each request: a %s', async (_, wrap) => {
    const { url } = await serve((_, response) => response.end('{"id":"1","status":"queued"}'));
    const seen = vi.fn();
    const fetch = wrap(fetchOf(), seen);
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch });
    await wan.getVideo(await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }));
    expect(seen).toHaveBeenCalledTimes(2);
  });
});

describe('connections', () => {
  it('is the most that are open for 10,000 jobs', async () => {
    const { url, most } = await serve((_, response) => response.end('{"id":"1","status":"queued"}'));
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch: fetchOf({ connections: 20 }) });
    const jobs = await Promise.all(Array.from({ length: 10_000 }, () => wan.getVideo('1')));
    expect(jobs.every(({ state }) => state === 'running')).toBe(true);
    expect(most()).toBe(20);
  }, 60_000);

  it('bounds the creates as well', async () => {
    const { url, most, sockets } = await serve((_, response) => void setTimeout(() => response.end(), 5));
    const fetch = fetchOf({ connections: 4 });
    await Promise.all(Array.from({ length: 40 }, async () => textOf(await fetch(url, post()))));
    expect(sockets).toHaveLength(40);
    // the server may learn of the end of one after the beginning of the next
    expect(most()).toBeLessThanOrEqual(8);
  });

  it('holds when the server was down at first', async () => {
    const probe = createTcpServer();
    const port = await listen(probe);
    probe.close();
    await once(probe, 'close');
    const fetch = fetchOf({ connections: 3 });
    const address = `http://127.0.0.1:${port}`;
    const endings = Array.from({ length: 30 }, () => fetch(address, get()).catch((error) => error));
    expect(await endings[0]).toMatchObject({ syscall: 'connect', code: 'ECONNREFUSED' });
    const { most } = await serve((_, response) => void setTimeout(() => response.end('ok'), 5), port);
    const later = Array.from({ length: 30 }, async () => textOf(await fetch(address, get())));
    expect(new Set(await Promise.all(later))).toEqual(new Set(['ok']));
    await Promise.all(endings);
    expect(most()).toBeLessThanOrEqual(3);
  });

  it('holds when answers break off, and each waiting request is served', async () => {
    let count = 0;
    const { url, most } = await serve((_, response) => {
      count += 1;
      response.writeHead(200, { 'content-length': 4 }).write('ha');
      if (count % 3 === 0) response.socket?.resetAndDestroy();
      else response.end('lf');
    });
    const fetch = fetchOf({ connections: 3 });
    const endings = await Promise.all(
      Array.from({ length: 60 }, async () => {
        try {
          return await textOf(await fetch(url, get()));
        } catch {
          return 'broke';
        }
      }),
    );
    expect(endings.filter((ending) => ending === 'half')).toHaveLength(40);
    expect(endings.filter((ending) => ending === 'broke')).toHaveLength(20);
    // as above: a broken one may still be counted when its successor comes
    expect(most()).toBeLessThanOrEqual(6);
  });
});

describe('keepAliveMs', () => {
  it('is how long an idle connection is kept', async () => {
    const { url, sockets } = await serve((_, response) => {
      response.setHeader('connection', 'keep-alive');
      response.setHeader('keep-alive', 'timeout=60');
      response.end();
    });
    const fetch = fetchOf({ keepAliveMs: 100 });
    await textOf(await fetch(url, get()));
    const [socket] = sockets;
    expect(socket?.destroyed).toBe(false);
    await vi.waitFor(() => expect(socket?.destroyed).toBe(true));
    await textOf(await fetch(url, get()));
    expect(sockets).toHaveLength(2);
  });

  it('0 gives each request a connection of its own', async () => {
    const { url, sockets } = await serve((_, response) => response.end());
    const fetch = fetchOf({ keepAliveMs: 0, connections: 1 });
    for (let count = 0; count < 3; count += 1) await textOf(await fetch(url, get()));
    expect(sockets).toHaveLength(3);
  });
});

describe('an abort', () => {
  const reason = new Error('enough');

  async function abortedAt(url: string, init: typeof get, at: () => Promise<unknown>) {
    const fetch = fetchOf({ connections: 1 });
    const controller = new AbortController();
    const call = fetch(url, init(controller.signal)).then(textOf);
    call.catch(() => {});
    await at();
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    return fetch;
  }

  it('before the call sends nothing', async () => {
    const { url, sockets } = await serve((_, response) => response.end());
    await expect(fetchOf()(url, get(AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(sockets).toEqual([]);
  });

  it.each([
    ['GET', get],
    ['POST', post],
  ])('of a %s before its answer closes the connection, opens no other, and makes room', async (_, init) => {
    let asked = 0;
    const { url, sockets } = await serve((_, response) => {
      asked += 1;
      if (asked > 1) response.end('next');
    });
    const fetch = await abortedAt(url, init, () => vi.waitFor(() => expect(asked).toBe(1)));
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
    await pause(50);
    expect(sockets).toHaveLength(1);
    expect(await textOf(await fetch(url, init()))).toBe('next');
  });

  it('in the middle of a body closes the connection', async () => {
    const { url, sockets } = await serve((_, response) => void response.write('half'));
    await abortedAt(url, get, () => pause(50));
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  });

  it('of a request in line takes it out of the line', async () => {
    const seen: unknown[] = [];
    const releases: (() => void)[] = [];
    const { url } = await serve((request, response) => {
      seen.push(request.url);
      releases.push(() => response.end());
    });
    const fetch = fetchOf({ connections: 1 });
    const first = fetch(`${url}/first`, get());
    const controller = new AbortController();
    const second = fetch(`${url}/second`, get(controller.signal));
    const third = fetch(`${url}/third`, get());
    await vi.waitFor(() => expect(seen).toEqual(['/first']));
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    releases[0]?.();
    await textOf(await first);
    await vi.waitFor(() => expect(seen).toEqual(['/first', '/third']));
    releases[1]?.();
    await textOf(await third);
  });

  it('leaves nothing on the signal', async () => {
    const { url } = await serve((_, response) => response.end('x'));
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await textOf(await fetchOf()(url, get(signal)));
    await vi.waitFor(() => expect(removed).toHaveBeenCalledTimes(added.mock.calls.length));
    expect(added).toHaveBeenCalled();
  });
});

describe('a body', () => {
  const chunk = Buffer.alloc(64 * 1024, 7);

  /** Serves bytes as fast as they are taken. */
  async function serveBytes(total: number) {
    let written = 0;
    const { url, sockets } = await serve((_, response) => {
      response.setHeader('content-length', total);
      const pour = (): void => {
        while (written < total) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', pour);
        }
        response.end();
      };
      pour();
    });
    return { url, sockets, written: () => written };
  }

  it('is taken no faster than it is read', async () => {
    const total = 200 * 1024 * 1024;
    const { url, written } = await serveBytes(total);
    const reader = (await fetchOf()(url, get())).body?.getReader();
    let read = (await reader?.read())?.value?.length ?? 0;
    await pause(200);
    // what the kernel holds for both ends, and little of ours
    expect(written()).toBeLessThan(32 * 1024 * 1024);
    for (;;) {
      const { value } = (await reader?.read()) ?? {};
      if (!value) break;
      read += value.length;
    }
    expect(read).toBe(total);
  }, 30_000);

  it.each(['the body', 'its reader'])(
    'that is cancelled through %s closes its connection and makes room',
    async (by) => {
      const { url, sockets } = await serveBytes(100 * 1024 * 1024);
      const fetch = fetchOf({ connections: 1 });
      const { body } = await fetch(url, get());
      if (by === 'the body') await body?.cancel();
      else {
        const reader = body?.getReader();
        await reader?.read();
        await reader?.cancel();
        expect(await reader?.read()).toEqual({ done: true });
      }
      await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
      await (await fetch(url, get())).body?.cancel();
      await vi.waitFor(() => expect(sockets[1]?.destroyed).toBe(true));
      expect(sockets).toHaveLength(2);
    },
  );

  it('that is small and never read frees its connection all the same', async () => {
    const { url, sockets } = await serve((_, response) => response.end('small'));
    const fetch = fetchOf({ connections: 1 });
    for (let count = 0; count < 5; count += 1) await fetch(url, get());
    expect(sockets).toHaveLength(1);
  });

  it('that is large and never read is let go by an abort', async () => {
    const { url, sockets } = await serveBytes(100 * 1024 * 1024);
    const controller = new AbortController();
    await fetchOf()(url, get(controller.signal));
    controller.abort();
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  });
});

describe('close()', () => {
  it('lets what is under way finish, closes every connection, and takes no more', async () => {
    let release = () => {};
    const { url, sockets } = await serve((request, response) => {
      if (request.url === '/slow') release = () => response.end('done');
      else response.end();
    });
    const fetch = createUndiciFetch({ connections: 1 });
    await textOf(await fetch(url, get()));
    const slow = fetch(`${url}/slow`, get());
    const inLine = fetch(url, get());
    await pause(20);
    const closed = fetch.close();
    expect(fetch.close()).toBe(closed);
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: url, fetch, maxRetries: 0 });
    await expect(wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' })).rejects.toMatchObject({
      name: 'ConnectionError',
      message: expect.stringContaining('close() was called'),
    });
    release();
    expect(await textOf(await slow)).toBe('done');
    await textOf(await inLine);
    await closed;
    await vi.waitFor(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true));
  });

  it('is at once where nothing was sent, and is what disposing does', async () => {
    const fetch = createUndiciFetch();
    await fetch[Symbol.asyncDispose]();
    await expect(fetch('http://127.0.0.1:1', get())).rejects.toThrow('close() was called');
  });
});

describe('bad options', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '8'])(
    'connections: %s is refused',
    (connections) => {
      const shown = typeof connections === 'string' ? `"${connections}"` : connections;
      expect(() => Reflect.apply(createUndiciFetch, undefined, [{ connections }])).toThrow(
        new RangeError(`Cannot use connections: it takes a whole number from 1, not ${shown}.`),
      );
    },
  );

  it.each([-1, Number.NaN, '8', null])('keepAliveMs: %s is refused', (keepAliveMs) => {
    const shown = typeof keepAliveMs === 'string' ? `"${keepAliveMs}"` : keepAliveMs;
    expect(() => Reflect.apply(createUndiciFetch, undefined, [{ keepAliveMs }])).toThrow(
      new RangeError(`Cannot use keepAliveMs: it takes milliseconds from 0, not ${shown}.`),
    );
  });

  it('a longer keepAliveMs than a timer can hold is taken', async () => {
    const { url } = await serve((_, response) => response.end('x'));
    expect(await textOf(await fetchOf({ keepAliveMs: Number.POSITIVE_INFINITY })(url, get()))).toBe('x');
  });

  it('tls: a key that cannot be read is refused, and not quoted', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nsecret';
    expect(() => createUndiciFetch({ tls: { key } })).toThrow(/^Cannot use tls: ERR_\w+\.$/);
  });
});

const built = existsSync('dist/undici.js');
const title = built ? 'a process' : 'a process: skipped, because dist/ is missing (npm run build)';

describe.skipIf(!built)(title, () => {
  it('ends while idle connections are kept', async () => {
    const { url, sockets } = await serve((_, response) => {
      response.setHeader('keep-alive', 'timeout=600');
      response.end('x');
    });
    const script = `
      import { createUndiciFetch } from ${JSON.stringify(resolve('dist/undici.js'))};
      const fetch = createUndiciFetch({ keepAliveMs: 600_000 });
      const { signal } = new AbortController();
      const { body } = await fetch(${JSON.stringify(url)}, { method: 'GET', headers: {}, signal });
      const reader = body.getReader();
      while (!(await reader.read()).done);
      console.log('read');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(sockets[0]?.destroyed).toBe(false);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
