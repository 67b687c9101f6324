import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan, DownloadError } from '../../src/index.js';
import { createUndiciFetch, type UndiciFetchOptions } from '../../src/undici.js';
import { failureOf } from '../media/file-server.js';
import { stubNames } from '../media/stub-names.js';
import { listen, listenProxy } from './proxy-server.js';

const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
const readPem = (name: string) => readFileSync(`test/fixtures/tls/${name}.pem`);

/** A server on 127.0.0.1, and the address of its file by the name `files.example`. */
async function serve(scheme = 'http') {
  const sockets: Socket[] = [];
  const answer: RequestListener = (_, response) => response.end(png);
  const tls = { cert: readPem('cert'), key: readPem('key') };
  const server = scheme === 'https' ? createTlsServer(tls, answer) : createServer(answer);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  onTestFinished(() => void server.close().closeAllConnections());
  const port = await listen(server);
  return { url: `${scheme}://files.example:${port}/v.png`, port, sockets };
}

function open(options: UndiciFetchOptions = {}) {
  const fetch = createUndiciFetch({ tls: { rejectUnauthorized: false }, ...options });
  onTestFinished(() => fetch.close());
  const wan = createWan({ apiKey: 'k', baseUrl: 'https://api.example', fetch, maxRetries: 2 });
  return { fetch, wan };
}

describe('a name whose addresses change between the look-up and the connection', () => {
  it.each([
    ['http', ['127.0.0.1']],
    ['https', ['127.0.0.1']],
    ['http', ['8.8.8.8', '127.0.0.1']],
    ['http', ['64:ff9b::7f00:1']],
  ])('is refused over %s where it is %s then: no connection is opened', async (scheme, second) => {
    const { url, sockets } = await serve(scheme);
    const asked = stubNames({ 'files.example': [['8.8.8.8'], second] });
    const { wan, fetch } = open();
    const error = await failureOf(wan.download({ url }));
    expect(error).toBeInstanceOf(DownloadError);
    const named = second.at(-1);
    expect(error.message).toContain(
      `"files.example" resolves to the private address ${named}; allowPrivateHosts: true allows it`,
    );
    // it is not tried again
    expect(asked).toEqual(['files.example', 'files.example']);
    await fetch.close();
    expect(sockets).toEqual([]);
  });

  it('is refused where a connection to that origin is open, which was made for the caller', async () => {
    const { url, sockets } = await serve();
    stubNames({ 'files.example': [['127.0.0.1'], ['8.8.8.8'], ['127.0.0.1']] });
    const { wan } = open();
    expect(await wan.download(url)).toEqual(png);
    expect((await failureOf(wan.download({ url }))).message).toContain('resolves to');
    expect(sockets.length).toBe(1);
  });

  it('does no harm with allowPrivateHosts', async () => {
    const { url } = await serve();
    const asked = stubNames({ 'files.example': [['127.0.0.1']] });
    expect(await open().wan.download({ url }, { allowPrivateHosts: true })).toEqual(png);
    expect(asked).toEqual(['files.example']);
  });
});

describe('through a proxy', () => {
  it('no name is looked up here, and no address is judged', async () => {
    const { url, port } = await serve();
    const proxy = await listenProxy();
    onTestFinished(() => proxy.close());
    const asked = stubNames({ 'files.example': [['127.0.0.1']] });
    const { wan } = open({ proxy: `http://${proxy.name}` });
    expect(await wan.download({ url })).toEqual(png);
    expect(proxy.asked.map(({ target }) => target)).toEqual([`files.example:${port}`]);
    // by the proxy, which is in this process
    expect(asked).toEqual(['files.example']);
  });

  it('of the environment, a name is judged where NO_PROXY excepts it', async () => {
    const { url, sockets } = await serve();
    vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
    vi.stubEnv('no_proxy', '.example');
    const asked = stubNames({ 'files.example': [['8.8.8.8'], ['127.0.0.1']] });
    const { wan, fetch } = open({ proxy: 'env' });
    expect([url, 'http://a.test', 'x'].map(fetch.resolvesElsewhere)).toEqual([false, true, false]);
    expect((await failureOf(wan.download({ url }))).message).toContain('resolves to');
    expect([asked.length, sockets]).toEqual([2, []]);
  });
});

describe('publicOnly', () => {
  const init = {
    method: 'GET',
    headers: {},
    signal: new AbortController().signal,
    redirect: 'manual',
    cache: 'no-store',
  } as const;

  it.each(['127.0.0.1', 'localhost', '[::1]'])('refuses %s as it is written', async (host) => {
    const { port, sockets } = await serve();
    const { fetch } = open();
    const error = await failureOf(fetch(`http://${host}:${port}/`, { ...init, publicOnly: true }));
    expect(error).toMatchObject({ code: 'ERR_PRIVATE_HOST', syscall: 'connect' });
    expect(error.message).toContain('is a private address');
    expect(sockets).toEqual([]);
  });

  it('tells other failures of a look-up as they are', async () => {
    stubNames({});
    const error = await failureOf(open().fetch('http://files.example/', { ...init, publicOnly: true }));
    expect(error).toMatchObject({ code: 'ENOTFOUND', syscall: 'connect' });
  });

  it('does not refuse a fake address of a VPN', async () => {
    const asked = stubNames({ 'files.example': [['198.18.0.5']] });
    const signal = AbortSignal.timeout(100);
    const error = await failureOf(
      open().fetch('http://files.example/', { ...init, signal, publicOnly: true }),
    );
    expect(error).not.toMatchObject({ code: 'ERR_PRIVATE_HOST' });
    expect(asked).toEqual(['files.example']);
  });
});
