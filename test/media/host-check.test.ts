import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan, DownloadError, type Fetch, type FetchInit } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { failureOf, serveFiles } from './file-server.js';
import { stubNames } from './stub-names.js';

const url = 'https://files.example/v.png';
const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');

/** A client over a fetch that gives a picture, or redirects to where the table says. */
function open({ redirects = {}, ...options }: { redirects?: Record<string, string>; baseUrl?: string } = {}) {
  const sent: { url: string; init: FetchInit }[] = [];
  const fetch: Fetch = async (address, init) => {
    sent.push({ url: address, init });
    const location = redirects[address];
    return location ? new Response(null, { status: 302, headers: { location } }) : new Response(png);
  };
  const start = (own: Fetch = fetch) =>
    createWan({ apiKey: 'k', baseUrl: 'https://api.example', maxRetries: 0, fetch: own, ...options });
  return { wan: start(), start, fetch, sent, urls: () => sent.map((each) => each.url) };
}

describe('a name in an answer', () => {
  it.each([
    [['127.0.0.1'], '127.0.0.1'],
    [['10.1.2.3'], '10.1.2.3'],
    [['::1'], '::1'],
    [['169.254.169.254'], '169.254.169.254'],
    [['100.100.100.200'], '100.100.100.200'],
    [['168.63.129.16'], '168.63.129.16'],
    [['fd00:ec2::254'], 'fd00:ec2::254'],
    [['64:ff9b::0a00:0001'], '64:ff9b::0a00:0001'],
    [['::ffff:192.168.0.1'], '::ffff:192.168.0.1'],
    [['2002:7f00:1::'], '2002:7f00:1::'],
    // fetch may take any of them, or turn to the next one
    [['8.8.8.8', '10.1.2.3'], '10.1.2.3'],
    [['2606:4700::1111', '8.8.8.8', '::'], '::'],
  ])('that resolves to %s is refused, and nothing is sent', async (addresses, named) => {
    const asked = stubNames({ 'files.example': [addresses] });
    const { wan, sent } = open();
    const error = await failureOf(wan.download({ url }));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toContain(
      `"files.example" resolves to the private address ${named}; allowPrivateHosts: true allows it`,
    );
    expect(asked).toEqual(['files.example']);
    expect(sent).toEqual([]);
  });

  it.each([
    ['to a public address', [['8.8.8.8', '2606:4700::1111']]],
    ['to a fake address of a VPN', [['198.18.0.5']]],
    ['to a fake address of another VPN', [['100.64.0.7']]],
    ['to a public address behind NAT64', [['64:ff9b::0808:0808']]],
    ['to none', [[]]],
  ])('that resolves %s goes on, after one look-up', async (_, lists) => {
    const asked = stubNames({ 'files.example': lists });
    const { wan, sent } = open();
    expect(await wan.download({ url })).toEqual(png);
    expect(asked).toEqual(['files.example']);
    expect(sent.map(({ init }) => init.publicOnly)).toEqual([true]);
  });

  it('that does not resolve here goes on', async () => {
    const asked = stubNames({});
    const { wan, sent } = open();
    await wan.download({ url });
    expect([asked, sent.length]).toEqual([['files.example'], 1]);
  });

  it('is looked up for each try: nothing is kept', async () => {
    const asked = stubNames({ 'files.example': [['8.8.8.8'], ['10.0.0.1']] });
    const { start } = open();
    let tries = 0;
    const wan = start(async () => {
      tries += 1;
      throw new Error('reset');
    });
    const error = await failureOf(wan.download({ url }, {}));
    expect(error.message).toContain('reset');
    expect((await failureOf(wan.download({ url }))).message).toContain('10.0.0.1');
    expect([asked.length, tries]).toEqual([2, 1]);
  });

  it('is judged at each redirect', async () => {
    const asked = stubNames({ 'files.example': [['8.8.8.8']], 'in.example': [['10.0.0.1']] });
    const redirects = {
      [url]: 'https://files.example/w.png',
      'https://files.example/w.png': 'https://in.example',
    };
    const { wan, urls } = open({ redirects });
    expect((await failureOf(wan.download({ url }))).message).toContain('"in.example" resolves to');
    expect(asked).toEqual(['files.example', 'files.example', 'in.example']);
    expect(urls()).toEqual([url, 'https://files.example/w.png']);
  });

  it('is refused by name where it is the metadata service of Google, without a look-up', async () => {
    const asked = stubNames({});
    const { wan, sent } = open();
    const media = { url: 'http://metadata.google.internal/computeMetadata/v1/' };
    expect((await failureOf(wan.download(media))).message).toContain('is a private address');
    expect([asked, sent]).toEqual([[], []]);
  });
});

describe('a name is not looked up', () => {
  const table = { 'files.example': [['10.0.0.1']], 'in.example': [['10.0.0.2']] };

  it('with allowPrivateHosts, or where baseUrl is a private address', async () => {
    const asked = stubNames(table);
    const { wan, sent } = open();
    await wan.download({ url }, { allowPrivateHosts: true });
    const local = open({ baseUrl: 'http://127.0.0.1:9' });
    await local.wan.download({ url });
    expect(asked).toEqual([]);
    expect([...sent, ...local.sent].map(({ init }) => 'publicOnly' in init)).toEqual([false, false]);
  });

  it('where the caller names the address', async () => {
    const asked = stubNames(table);
    const { wan, sent } = open();
    await wan.download(url);
    await wan.download(new URL(url));
    expect(asked).toEqual([]);
    expect(sent.map(({ init }) => 'publicOnly' in init)).toEqual([false, false]);
  });

  it('where the link is at baseUrl, which the caller named too; with allowPrivateHosts: false it is', async () => {
    const asked = stubNames(table);
    const { wan, sent } = open({ baseUrl: 'https://files.example/v1' });
    await wan.download({ url });
    expect([asked, sent.length]).toEqual([[], 1]);
    // another port is another server
    for (const [media, options] of [
      [{ url: 'https://files.example:8443/v.png' }, {}],
      [{ url }, { allowPrivateHosts: false }],
    ] as const) {
      expect((await failureOf(wan.download(media, options))).message).toContain('10.0.0.1');
    }
    expect(sent.length).toBe(1);
  });

  it('where it is an address', async () => {
    const asked = stubNames(table);
    const { wan, urls } = open();
    const links = ['http://8.8.8.8/v.png', 'http://[2606:4700::1111]/v.png'];
    for (const link of links) await wan.download({ url: link });
    expect([asked, urls()]).toEqual([[], links]);
  });

  it('where the fetch says that the name is resolved elsewhere', async () => {
    const asked = stubNames(table);
    const { start, fetch } = open();
    const told: string[] = [];
    const resolvesElsewhere = (address: string) => {
      told.push(address);
      return !address.includes('in.example');
    };
    const wan = start(Object.assign((...given: Parameters<Fetch>) => fetch(...given), { resolvesElsewhere }));
    await wan.download({ url });
    expect([asked, told]).toEqual([[], [url]]);
    expect((await failureOf(wan.download({ url: 'https://in.example/' }))).message).toContain('10.0.0.2');
  });

  it('in the embedded API', async () => {
    const asked = stubNames(table);
    const api = createFakeApi();
    const wan = createWan({ apiKey: 'k', fetch: api.fetch });
    const { images } = await wan.generateImage({ model: 'wan2.2-t2i-plus', prompt: 'a fox' });
    expect((await wan.download(images[0] ?? {})).byteLength).toBeGreaterThan(0);
    expect(asked).toEqual([]);
  });
});

describe("a redirect from a caller's address", () => {
  const redirects = { [url]: 'https://in.example/w.png' };

  it('may not lead from a public name to a private one', async () => {
    stubNames({ 'files.example': [['8.8.8.8']], 'in.example': [['10.0.0.2']] });
    const { wan, urls } = open({ redirects });
    expect((await failureOf(wan.download(url))).message).toContain('"in.example" resolves to');
    expect(urls()).toEqual([url]);
  });

  it('may stay in the private network of the name that the caller passed', async () => {
    const asked = stubNames({ 'files.example': [['10.0.0.1']], 'in.example': [['10.0.0.2']] });
    const { wan, urls } = open({ redirects });
    expect(await wan.download(url)).toEqual(png);
    expect(asked).toEqual(['files.example']);
    expect(urls()).toEqual([url, 'https://in.example/w.png']);
  });
});

describe('over sockets of Node', () => {
  it('a name that leads to this machine is refused before fetch connects, and allowed where the option says so', async () => {
    let answers = 0;
    const address = await serveFiles((_, response) => {
      answers += 1;
      response.end(png);
    });
    stubNames({ 'files.example': [['127.0.0.1']] });
    const link = address.replace('127.0.0.1', 'files.example');
    const wan = createWan({ apiKey: 'k', baseUrl: 'https://api.example', maxRetries: 0 });
    expect((await failureOf(wan.download({ url: link }))).message).toContain('resolves to');
    expect(answers).toBe(0);
    expect(await wan.download({ url: link }, { allowPrivateHosts: true })).toEqual(png);
    expect(answers).toBe(1);
  });
});

describe('a look-up without an answer', () => {
  function useClock() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
  }

  it.each([30_000, 300])(
    'goes on after 2 s, also where a transfer may stall for %i ms',
    async (stallTimeoutMs) => {
      useClock();
      stubNames({ 'files.example': 'never' });
      const { wan, sent } = open();
      const download = wan.download({ url }, { stallTimeoutMs });
      await vi.advanceTimersByTimeAsync(1_999);
      expect(sent).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(await download).toEqual(png);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("ends at once with the caller's reason, and leaves no timer and no listener", async () => {
    useClock();
    stubNames({ 'files.example': 'never' });
    const { wan, sent } = open();
    const controller = new AbortController();
    const { signal } = controller;
    const failure = failureOf(wan.download({ url }, { signal }));
    await vi.advanceTimersByTimeAsync(500);
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await failure).toBe(reason);
    expect([sent, getEventListeners(signal, 'abort').length, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });
});
