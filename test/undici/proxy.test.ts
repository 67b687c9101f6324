import { execFileSync, spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan, OutcomeUnknownError } from '../../src/index.js';
import { createFakeApi, type FakeApi, type FakeServer } from '../../src/testing.js';
import { createUndiciFetch, type UndiciFetchOptions } from '../../src/undici.js';
import { listen, listenProxy, type TestProxy } from './proxy-server.js';

const password = 'p@ss:w/rd';
const login = `user:${password}`;
const userinfo = `user:${encodeURIComponent(password)}`;
const secrets = [password, encodeURIComponent(password), Buffer.from(login).toString('base64')];
const create = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;

let api: FakeApi;
let server: FakeServer;
beforeEach(async () => {
  api = createFakeApi({ videoSeconds: 0 });
  server = await api.listen();
});
afterEach(() => server.close());

function clientOf(options: UndiciFetchOptions, baseUrl = server.url) {
  const fetch = createUndiciFetch(options);
  onTestFinished(() => fetch.close());
  return createWan({ apiKey: 'k-12345678', baseUrl, fetch, maxRetries: 1 });
}

async function proxyOf(...options: Parameters<typeof listenProxy>): Promise<TestProxy> {
  const proxy = await listenProxy(...options);
  onTestFinished(() => proxy.close());
  return proxy;
}

async function endingOf(options: UndiciFetchOptions, baseUrl?: string): Promise<Error> {
  const error: unknown = await clientOf(options, baseUrl)
    .generateVideo(create)
    .catch((thrown) => thrown);
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error;
}

function expectNeverSent(error: Error, words: string, arrived = 0): void {
  expect(error).toMatchObject({ name: 'ConnectionError', attempts: 2 });
  expect(error).not.toBeInstanceOf(OutcomeUnknownError);
  expect(error.message).toContain(words);
  const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  expect(api.requests).toHaveLength(arrived);
}

describe('a proxy', () => {
  it('opens a tunnel for creates, polls and downloads, to a server without TLS too', async () => {
    const proxy = await proxyOf(login);
    const wan = clientOf({ proxy: `http://${userinfo}@${proxy.name}` });
    const video = await wan.pollUntilDone(await wan.generateVideo(create), { intervalMs: 10 });
    expect((await wan.download(video)).byteLength).toBeGreaterThan(1000);
    expect(api.generations).toBe(1);
    const { host } = new URL(server.url);
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([host]));
    // one for the create; the last two GETs come so close that they may take one each
    expect(proxy.asked.length).toBeLessThanOrEqual(3);
    expect(api.requests.filter(({ headers }) => 'proxy-authorization' in headers)).toEqual([]);
  });

  it('opens a tunnel to a server with TLS, whose certificate is checked', async () => {
    const proxy = await proxyOf(login);
    const cert = readFileSync('test/fixtures/tls/cert.pem', 'utf8');
    const key = readFileSync('test/fixtures/tls/key.pem', 'utf8');
    const secure = createHttpsServer({ cert, key }, (_, response) =>
      response.end('{"id":"1","status":"queued"}'),
    );
    const port = await listen(secure);
    onTestFinished(() => void secure.close());
    const url = `https://localhost:${port}`;
    const options = { proxy: `http://${userinfo}@${proxy.name}` };
    expect(await clientOf({ ...options, tls: { ca: cert } }, url).generateVideo(create)).toMatchObject({
      id: '1',
    });
    expect(proxy.asked.map(({ target }) => target)).toEqual([`localhost:${port}`]);
    expectNeverSent(
      await endingOf(options, url),
      `self-signed certificate (through the proxy ${proxy.name})`,
    );
    expect(
      await clientOf({ ...options, tls: { rejectUnauthorized: false } }, url).generateVideo(create),
    ).toMatchObject({ id: '1' });
  });

  it('that speaks TLS itself is known by its own name', async () => {
    const cert = readFileSync('test/fixtures/tls/cert.pem', 'utf8');
    const key = readFileSync('test/fixtures/tls/key.pem', 'utf8');
    const names: unknown[] = [];
    const inner = await proxyOf(login);
    const outer = createHttpsServer({
      cert,
      key,
      SNICallback: (name, done) => done(null, void names.push(name)),
    });
    outer.on('connect', (_, client) => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      const upstream = connectTcp(Number(new URL(server.url).port), '127.0.0.1');
      upstream
        .on('error', () => {})
        .pipe(client)
        .pipe(upstream);
      client.on('error', () => {}).on('close', () => upstream.destroy());
    });
    const port = await listen(outer);
    onTestFinished(() => void outer.close().closeAllConnections());
    const proxy = `https://${userinfo}@localhost:${port}`;
    expect((await clientOf({ proxy, tls: { ca: cert } }).generateVideo(create)).state).toBe('running');
    expect(names).toEqual(['localhost']);
    expect(inner.asked).toEqual([]);
    expectNeverSent(await endingOf({ proxy }), `the proxy localhost:${port} cannot be used: self-signed`, 1);
  });

  it.each(['', 'user:wrong@', `${encodeURIComponent(password)}@`])(
    'that wants another login than "%s" leaves the create unsent',
    async (given) => {
      const proxy = await proxyOf(login);
      const error = await endingOf({ proxy: `http://${given}${proxy.name}` });
      expectNeverSent(error, `the proxy ${proxy.name} cannot be used: it answered 407`);
      expect(proxy.asked).toHaveLength(2);
    },
  );

  it('that is down leaves the create unsent', async () => {
    const proxy = await listenProxy();
    await proxy.close();
    const error = await endingOf({ proxy: `http://${userinfo}@${proxy.name}` });
    expectNeverSent(error, `the proxy ${proxy.name} cannot be used: connect ECONNREFUSED`);
  });

  it('that has no address leaves the create unsent', async () => {
    const error = await endingOf({ proxy: `http://${userinfo}@proxy.invalid:3128` });
    expectNeverSent(error, 'the proxy proxy.invalid:3128 cannot be used: getaddrinfo');
  });

  it.each([
    ['403', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'it answered 403 and opened no tunnel'],
    [
      '502',
      'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 5\r\n\r\nsorry',
      'it answered 502 and opened no tunnel',
    ],
    ['302', 'HTTP/1.1 302 Found\r\nlocation: /login\r\n\r\n', 'it answered 302 and opened no tunnel'],
    ['no HTTP', 'hello\r\n', 'Expected HTTP'],
    ['nothing', '', 'other side closed'],
  ])('that answers with %s leaves the create unsent', async (_, words, told) => {
    const proxy = await proxyOf(login, (socket) => void socket.end(words));
    const error = await endingOf({ proxy: `http://${userinfo}@${proxy.name}` });
    expectNeverSent(error, told);
    expect(error.message).toContain(`the proxy ${proxy.name} cannot be used: `);
    expect(proxy.asked).toHaveLength(2);
  });

  it('that resets the connection leaves the create unsent', async () => {
    const resetting = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const name = `127.0.0.1:${await listen(resetting)}`;
    onTestFinished(() => void resetting.close());
    expectNeverSent(
      await endingOf({ proxy: `http://${userinfo}@${name}` }),
      `the proxy ${name} cannot be used: `,
    );
  });

  it('that breaks the tunnel while TLS begins leaves the create unsent', async () => {
    const proxy = await proxyOf(login, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.destroy());
    });
    const error = await endingOf({ proxy: `http://${userinfo}@${proxy.name}` }, 'https://api.invalid');
    expectNeverSent(error, `(through the proxy ${proxy.name})`);
  });

  it('that breaks the tunnel after the create arrived leaves the outcome unknown', async () => {
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const proxy = await proxyOf(login);
    const error = await endingOf({ proxy: `http://${userinfo}@${proxy.name}` });
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(api.generations).toBe(1);
    const shown = inspect(error, { depth: 20, showHidden: true });
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  });

  it('that never answers is given up after 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const proxy = await proxyOf(login, () => {});
    const call = endingOf({ proxy: `http://${userinfo}@${proxy.name}` });
    for (const count of [1, 2]) {
      // time stands still until the proxy is asked
      while (proxy.asked.length < count)
        await new Promise(setImmediate).then(() => vi.advanceTimersByTime(5));
      vi.advanceTimersByTime(10_000);
    }
    const told = `the proxy ${proxy.name} cannot be used: it gave no connection within 10000 ms`;
    expectNeverSent(await call, told);
  });

  it('that never answers is left when the signal aborts', async () => {
    let closed = 0;
    const proxy = await proxyOf(login, (socket) => socket.resume().on('end', () => (closed += 1)));
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = clientOf({ proxy: `http://${userinfo}@${proxy.name}` }).generateVideo(create, {
      signal: controller.signal,
    });
    await vi.waitFor(() => expect(proxy.asked).toHaveLength(1));
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await vi.waitFor(() => expect(closed).toBe(1));
  });
});

describe('the option proxy', () => {
  const secret = 'hunter2hunter2';
  it.each([
    `user:${secret}@proxy:8080`,
    `socks5://user:${secret}@proxy:1080`,
    `http://user:${secret}@`,
    `http://user:${secret}%zz@proxy:8080`,
    `http://user:${secret}@proxy:99999`,
    '',
    'ENV',
  ])('refuses %s without quoting it', (proxy) => {
    const error = (() => {
      try {
        return createUndiciFetch({ proxy });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/^TypeError: Cannot use proxy: it is no http or https URL/);
    expect(inspect(error, { showHidden: true })).not.toContain(secret);
  });

  /** The hosts that a fetch goes to connect to when it is asked for an address; nothing is sent. */
  function hostsFor(url: string): string[] {
    const channel = 'undici:client:beforeConnect';
    const hosts: string[] = [];
    const note = (message: unknown) => void hosts.push(Object(message).connectParams.host);
    const controller = new AbortController();
    subscribe(channel, note);
    try {
      const { signal } = controller;
      const init = { method: 'GET', headers: {}, signal, redirect: 'manual', cache: 'no-store' } as const;
      createUndiciFetch({ proxy: 'env' })(url, init).catch(() => {});
      return hosts;
    } finally {
      unsubscribe(channel, note);
      controller.abort();
    }
  }
  const proxyFor = (url: string) => hostsFor(url)[1];
  const stub = (variables: Record<string, string>) => {
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
      vi.stubEnv(name, variables[name]);
      vi.stubEnv(name.toUpperCase(), variables[name.toUpperCase()]);
    }
  };

  it('env: takes the variable of the protocol, the lower-case one first', () => {
    stub({ HTTP_PROXY: 'http://upper', http_proxy: 'http://lower:81', HTTPS_PROXY: 'https://secure' });
    expect(proxyFor('http://a.example')).toBe('lower:81');
    expect(proxyFor('https://a.example')).toBe('secure');
    stub({ HTTP_PROXY: 'http://upper' });
    expect(proxyFor('https://a.example')).toBe('upper');
    stub({ HTTPS_PROXY: 'http://secure' });
    expect(hostsFor('http://a.example')).toEqual(['a.example']);
    stub({});
    expect(hostsFor('https://a.example')).toEqual(['a.example']);
  });

  it('env: names the variable that cannot be used', () => {
    stub({ HTTPS_PROXY: `proxy:${secret}` });
    expect(() => createUndiciFetch({ proxy: 'env' })).toThrow(
      /^Cannot use HTTPS_PROXY of the environment: it is no http/,
    );
  });

  it.each([
    // names
    ['a.example', 'https://a.example', true],
    ['a.example', 'https://b.a.example', true],
    ['a.example', 'https://ba.example', false],
    ['b.a.example', 'https://a.example', false],
    ['.a.example', 'https://a.example', true],
    ['.a.example', 'https://b.a.example', true],
    ['.a.example', 'https://ba.example', false],
    ['*.a.example', 'https://b.a.example', true],
    ['*.a.example', 'https://c.b.a.example', true],
    ['*.a.example', 'https://a.example', false],
    ['*.a.example', 'https://ba.example', false],
    ['A.Example', 'https://a.example', true],
    ['*.A.Example', 'https://b.a.example', true],
    ['a.example.', 'https://a.example', true],
    ['a.example', 'https://a.example.', true],
    ['.a.example.', 'https://b.a.example.', true],
    ['bücher.example', 'https://bücher.example', true],
    ['*.bücher.example', 'https://www.xn--bcher-kva.example', true],
    ['my_host', 'https://my_host', true],
    ['localhost', 'http://localhost:3000', true],
    // lists
    ['x, a.example y', 'https://a.example', true],
    ['x,a.example', 'https://a.example', true],
    [',, ,', 'https://a.example', false],
    ['', 'https://a.example', false],
    ['.', 'https://a.example', false],
    // all hosts
    ['*', 'https://a.example', true],
    ['*', 'http://[::1]', true],
    ['x,*', 'http://10.0.0.1', true],
    // ports
    ['a.example:443', 'https://a.example', true],
    ['a.example:80', 'https://a.example', false],
    ['a.example:80', 'http://a.example', true],
    ['a.example:8443', 'https://a.example', false],
    ['a.example:8443', 'https://a.example:8443', true],
    ['.a.example:8443', 'https://b.a.example:8443', true],
    ['a.example.:443', 'https://a.example', true],
    [':443', 'https://a.example', false],
    ['127.0.0.1:3000', 'http://127.0.0.1:3000', true],
    ['127.0.0.1:3000', 'http://127.0.0.1:3001', false],
    ['[::1]:8080', 'http://[::1]:8080', true],
    ['[::1]:8080', 'http://[::1]:8081', false],
    // addresses
    ['127.0.0.1', 'http://127.0.0.1:3000', true],
    ['127.0.0.1', 'http://127.0.0.2', false],
    ['0.0.1', 'http://127.0.0.1', false],
    ['.0.0.1', 'http://127.0.0.1', false],
    ['::1', 'http://[::1]', true],
    ['::1', 'http://[::1]:3000', true],
    ['[::1]', 'http://[::1]:3000', true],
    ['0:0:0:0:0:0:0:1', 'http://[::1]', true],
    ['2001:DB8::A', 'http://[2001:db8::a]', true],
    ['::1', 'http://[::2]', false],
    ['::1', 'http://127.0.0.1', false],
    ['127.0.0.1', 'http://[::ffff:127.0.0.1]', true],
    // ranges
    ['10.0.0.0/8', 'http://10.255.0.1', true],
    ['10.0.0.0/8', 'http://11.0.0.1', false],
    ['10.1.2.3/8', 'http://10.9.9.9', true],
    ['192.168.1.0/25', 'http://192.168.1.127', true],
    ['192.168.1.0/25', 'http://192.168.1.128', false],
    ['192.168.1.7/32', 'http://192.168.1.7', true],
    ['0.0.0.0/0', 'http://8.8.8.8', true],
    ['0.0.0.0/0', 'http://[::1]', false],
    ['10.0.0.0/33', 'http://10.0.0.1', false],
    ['10.0.0.0/8', 'http://10.example', false],
    ['fd00::/8', 'http://[fd12::1]', true],
    ['fd00::/8', 'http://[fe80::1]', false],
    ['[fd00::]/8', 'http://[fd12::1]', true],
    ['[fd00::/8]', 'http://[fd12::1]', true],
    ['fe80::/10', 'http://[febf::1]', true],
    ['fe80::/10', 'http://[fec0::1]', false],
    ['::1/128', 'http://[::1]', true],
    ['::/129', 'http://[::1]', false],
    ['10.0.0.0/8', 'http://[::ffff:10.1.2.3]', true],
  ])('env: NO_PROXY=%s for %s: %s', (list, url, exempt) => {
    stub({ HTTP_PROXY: 'http://proxy', NO_PROXY: list });
    const { host } = new URL(url);
    expect(hostsFor(url)).toEqual(exempt ? [host] : [host, 'proxy']);
  });

  it('env: is used by a client', async () => {
    const proxy = await proxyOf(login);
    stub({ http_proxy: `http://${userinfo}@${proxy.name}` });
    expect((await clientOf({ proxy: 'env' }).generateVideo(create)).state).toBe('running');
    expect(proxy.asked).toHaveLength(1);
    stub({ http_proxy: `http://${userinfo}@${proxy.name}`, no_proxy: '127.0.0.1' });
    expect((await clientOf({ proxy: 'env' }).generateVideo(create)).state).toBe('running');
    expect(proxy.asked).toHaveLength(1);
  });
});

const hasTinyproxy = (() => {
  try {
    execFileSync('tinyproxy', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const title = hasTinyproxy ? 'tinyproxy' : 'tinyproxy: skipped, because it is not installed';

describe.skipIf(!hasTinyproxy)(title, () => {
  it('is used with a login, and refuses without the right one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-tinyproxy-'));
    const probe = createServer();
    const port = await listen(probe);
    probe.close();
    await once(probe, 'close');
    const config = join(folder, 'tinyproxy.conf');
    writeFileSync(
      config,
      [
        'Listen 127.0.0.1',
        `Port ${port}`,
        'Timeout 60',
        'BasicAuth user pass-word-1',
        'LogLevel Critical',
      ].join('\n'),
    );
    const child = spawn('tinyproxy', ['-d', '-c', config], { stdio: 'ignore' });
    onTestFinished(async () => {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    });
    const isUp = async () => {
      const socket = connectTcp(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
      } finally {
        socket.destroy();
      }
    };
    await vi.waitFor(isUp, { timeout: 10_000 });

    const wan = clientOf({ proxy: `http://user:pass-word-1@127.0.0.1:${port}` });
    const video = await wan.pollUntilDone(await wan.generateVideo(create), { intervalMs: 10 });
    expect((await wan.download(video)).byteLength).toBeGreaterThan(1000);
    expect(api.generations).toBe(1);

    const arrived = api.requests.length;
    const error = await endingOf({ proxy: `http://user:wrong@127.0.0.1:${port}` });
    expectNeverSent(error, `the proxy 127.0.0.1:${port} cannot be used: it answered 40`, arrived);
  });
});
