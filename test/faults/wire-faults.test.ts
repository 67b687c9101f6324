import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUndiciFetch, type Fetch, type FetchInit } from '../../src/undici.js';
import { type Transport, toThrown, transports, type WireFaultName, wireFaults } from './wire-faults.js';

/** The errors of wire-faults.ts, which the exhaustive run throws without a socket, beside those of real sockets. */
const files = {
  cert: readFileSync('test/fixtures/tls/cert.pem', 'utf8'),
  key: readFileSync('test/fixtures/tls/key.pem', 'utf8'),
};
const partOfAnswer = 'HTTP/1.1 200 OK\r\nx-inference-id: v1\r\nContent-Length: 100\r\n\r\n{"id":"v1"';
const bytesOfPart = '{"id":"v1"'.length;

const cleanups: (() => unknown)[] = [];

async function portOf(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function serve(onRequest: (socket: Socket) => unknown): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => onRequest(socket));
    cleanups.push(() => socket.destroy());
  });
  cleanups.push(() => server.close());
  return `127.0.0.1:${await portOf(server)}`;
}

async function serveTls(host: string): Promise<string> {
  const server = createHttpsServer(files);
  cleanups.push(() => server.close().closeAllConnections());
  return `https://${host}:${await portOf(server, host)}`;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

const silent = () => {};
const hostOfTwo = 'two.invalid';
/** Addresses that end a request in each way. */
const places: Record<WireFaultName, () => Promise<string> | string> = {
  refused: async () => `http://127.0.0.1:${await closedPort()}`,
  refusedTwice: async () => `http://${hostOfTwo}:${await closedPort()}`,
  unknownHost: () => 'http://localhost.invalid',
  // the handshake is a part of connecting
  connectTimeout: async () => `https://${await serve(silent)}`,
  selfSigned: () => serveTls('127.0.0.1'),
  wrongHost: () => serveTls('127.0.0.2'),
  noTls: async () => `https://${await serve((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'))}`,
  resetInHandshake: async () => `https://${await serve((socket) => socket.resetAndDestroy())}`,
  reset: async () => `http://${await serve((socket) => socket.resetAndDestroy())}`,
  closed: async () => `http://${await serve((socket) => socket.end())}`,
  closedInHead: async () => `http://${await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nx-inf'))}`,
  garbage: async () => `http://${await serve((socket) => socket.end('<html>\r\n\r\n'))}`,
  bodyClosed: async () => `http://${await serve((socket) => socket.end(partOfAnswer))}`,
  bodyReset: async () =>
    `http://${await serve((socket) => {
      socket.write(partOfAnswer);
      // the reset may not overtake the part
      setTimeout(() => socket.resetAndDestroy(), 50);
    })}`,
  badPort: () => 'http://127.0.0.1:6000',
};

/** How the real transport ends there, and how many bytes of the body came. */
async function endingAt(fetch: Fetch, url: string): Promise<{ error: unknown; bytes: number }> {
  const { signal } = new AbortController();
  const init: FetchInit = {
    method: 'POST',
    headers: {},
    body: '{}',
    signal,
    redirect: 'manual',
    cache: 'no-store',
  };
  let bytes = 0;
  try {
    const reader = (await fetch(`${url}/v2/video/generations`, init)).body?.getReader();
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk?.value) return { error: undefined, bytes };
      bytes += chunk.value.byteLength;
    }
  } catch (error) {
    return { error, bytes };
  }
}

/** What the sending table may look at. */
function shapeOf(error: unknown, isOuter = true): unknown {
  if (!(error instanceof Error)) return error;
  const { name, cause } = error;
  const facts = ['code', 'syscall'].map((fact) => Reflect.get(error, fact));
  const errors = error instanceof AggregateError ? error.errors.map((each) => shapeOf(each, false)) : [];
  const isFetch = isOuter && error instanceof TypeError;
  return { name, facts, errors, words: isFetch ? error.message : undefined, cause: shapeOf(cause, false) };
}

const names = Object.keys(wireFaults) as WireFaultName[];
const usual = createUndiciFetch();
const trusting = createUndiciFetch({ tls: { ca: files.cert } });
const fetchOf = { fetch: globalThis.fetch, undici: usual };
const endings = new Map<string, Awaited<ReturnType<typeof endingAt>>>();

async function visit(transport: Transport, name: WireFaultName): Promise<void> {
  // Node's own fetch cannot be told to trust a certificate, and undici connects to every port
  if (name === (transport === 'fetch' ? 'wrongHost' : 'badPort')) return;
  const fetch = name === 'wrongHost' ? trusting : fetchOf[transport];
  endings.set(`${transport} ${name}`, await endingAt(fetch, await places[name]()));
}

/** Gives one host two addresses. */
function spyOnLookup(): void {
  const real = dns.lookup;
  const lookUp = (host: string, options: dns.LookupOptions, done: (...found: unknown[]) => void) => {
    if (host !== hostOfTwo) return real(host, options, done);
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    return options.all ? done(null, addresses) : done(null, '127.0.0.1', 4);
  };
  vi.spyOn(dns, 'lookup').mockImplementation(lookUp as typeof dns.lookup);
}

beforeAll(spyOnLookup);
// all at once: a connection takes 10 s to time out
beforeAll(() => Promise.all(transports.flatMap((each) => names.map((name) => visit(each, name)))));
afterAll(async () => {
  for (const cleanUp of cleanups.splice(0)) cleanUp();
  await Promise.all([usual.close(), trusting.close()]);
});

describe.each(transports)('%s on real sockets ends as the exhaustive run has it', (transport) => {
  it.for(names)('%s', (name, { skip }) => {
    const real = endings.get(`${transport} ${name}`) ?? skip();
    const fault = wireFaults[name];
    expect(shapeOf(real.error)).toEqual(shapeOf(toThrown(transport, fault)));
    expect(real.bytes).toBe(fault.when === 'body' ? bytesOfPart : 0);
  });

  it('an abort, in the headers or in the body, is the reason of the signal', async () => {
    const reason = new Error('enough');
    for (const part of ['', partOfAnswer]) {
      const controller = new AbortController();
      const address = await serve((socket) => {
        if (part) socket.write(part);
        setTimeout(() => controller.abort(reason), 50);
      });
      const { signal } = controller;
      const fetch: Fetch = (url, init) => fetchOf[transport](url, { ...init, signal });
      expect((await endingAt(fetch, `http://${address}`)).error).toBe(reason);
    }
  });
});
