import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFakeApi } from '../src/testing.js';

const built = existsSync('dist/index.js');
const title = built ? 'webhook.mjs' : 'webhook.mjs: skipped, because dist/ is missing (npm run build)';

const key = 'sk-a-key-that-nobody-may-see';
const secret = `whsec_${Buffer.from('a secret of the webhooks').toString('base64')}`;
const input = { model: 'wan2.2-t2v-plus', prompt: 'a fox' };
/** So that no test waits for long. */
const quick = { firstPauseMs: 20, longestPauseMs: 100, lookEveryMs: 50, troubleMs: 50 };

interface Hit {
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

/** A receiver whose n-th answer is the n-th function, and then the last one. */
async function listen(...answers: ((response: ServerResponse) => void)[]) {
  const hits: Hit[] = [];
  const server = createServer(async (request, response) => {
    hits.push({ headers: request.headers, body: await text(request), at: Date.now() });
    (answers[hits.length - 1] ?? answers.at(-1))?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { hits, url: `http://127.0.0.1:${port}/hook?token=t`, port };
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !isSo(); ) {
    if (Date.now() > end) throw new Error('it took over 20 s');
    await new Promise((done) => setTimeout(done, 20));
  }
}

const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
const verify = ({ body, headers }: Hit): Payload => Object(new Webhook(secret).verify(body, Object(headers)));

interface Payload {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

describe.skipIf(!built)(title, () => {
  const recipe = pathToFileURL(resolve('examples/webhook.mjs')).href;
  let createWan: (options: object) => { orderVideo(input: object): Promise<{ clientRequestId: string }> };
  let createWebhooks: (options: object) => {
    order(input: object, url: string): Promise<string>;
    resume(): Promise<void>;
  };
  let delivery: { checkUrl(url: string, allowPrivateHosts?: boolean): Promise<void>; deliveryLimits: object };

  beforeAll(async () => {
    // with a key the recipe starts no embedded API of its own
    vi.stubEnv('AIMLAPI_API_KEY', 'test');
    ({ createWebhooks } = await import(recipe));
    delivery = await import(pathToFileURL(resolve('examples/webhook-delivery.mjs')).href);
    ({ createWan } = await import(pathToFileURL(resolve('dist/index.js')).href));
    vi.unstubAllEnvs();
  });

  const logs: string[] = [];
  afterEach(() => {
    expect(logs.join('\n')).not.toMatch(/sk-a-key|whsec|token=/);
    logs.length = 0;
  });

  function setUp(options: object = {}, fake: Parameters<typeof createFakeApi>[0] = {}) {
    const api = createFakeApi({ apiKey: key, videoSeconds: 0, ...fake });
    const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-webhook-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const wan = createWan({ apiKey: key, fetch: api.fetch, maxRetries: 0 });
    const log = (line: string) => logs.push(line);
    const webhooks = createWebhooks({
      wan,
      secret,
      folder,
      log,
      allowPrivateHosts: true,
      ...quick,
      ...options,
    });
    const isOver = () => list(folder).join() === 'failed';
    return { api, wan, folder, isOver, failed: () => list(join(folder, 'failed')), ...webhooks };
  }

  it('delivers what became of the video, signed by Standard Webhooks, once', async () => {
    const { hits, url } = await listen(status(204));
    const { order, api, isOver, failed } = setUp();
    const id = await order(input, url);
    await until(isOver);
    expect(failed()).toEqual([]);
    expect(hits).toHaveLength(1);
    const [hit] = hits;
    const { type, timestamp, data } = verify(hit as Hit);
    expect(type).toBe('video.completed');
    expect(Date.parse(timestamp)).toBeGreaterThan(Date.now() - 20_000);
    expect(data).toMatchObject({
      clientRequestId: id,
      status: 'completed',
      usage: { usdSpent: expect.any(Number) },
    });
    expect(data.id).toEqual(expect.any(String));
    expect(data.url).toMatch(/^http.*\.mp4/);
    expect(Date.parse(String(data.expiresAt))).toBeGreaterThan(Date.now());
    expect(Object.keys(data).toSorted()).toEqual([
      'clientRequestId',
      'expiresAt',
      'id',
      'status',
      'url',
      'usage',
    ]);
    expect(hit?.headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json' });
    expect(JSON.stringify(hits)).not.toMatch(/sk-a-key|whsec/);
    expect(api.generations).toBe(1);
  });

  it('tells of a video that failed', async () => {
    const { hits, url } = await listen(status(200));
    const { order, api, isOver } = setUp();
    api.fault({ kind: 'job-fails' });
    await order(input, url);
    await until(isOver);
    expect(verify(hits[0] as Hit)).toMatchObject({
      type: 'video.failed',
      data: { status: expect.any(String), error: { message: expect.any(String) } },
    });
  });

  it('tells of a create that was refused, without the words of the account', async () => {
    const { hits, url } = await listen(status(200));
    const { order, api, isOver } = setUp({}, { balanceUsd: 0 });
    await order(input, url);
    await until(isOver);
    const { type, data } = verify(hits[0] as Hit);
    expect({ type, error: data.error }).toEqual({
      type: 'video.failed',
      error: { message: 'no video was made, and nothing was paid for' },
    });
    expect(api.generations).toBe(0);
  });

  it.each([
    ['finds in the log', true, 'video.completed', 1],
    ['tells as unknown, where the log shows no row of it,', false, 'video.unknown', 0],
  ])('%s a create whose answer was lost, and never pays again', async (_, accepted, type, generations) => {
    const { hits, url } = await listen(status(200));
    const { order, api, isOver } = setUp({ lookForMs: 300 });
    api.fault({ on: 'video', kind: 'reset', accepted });
    await order(input, url);
    await until(isOver);
    expect(verify(hits[0] as Hit).type).toBe(type);
    const creates = api.requests.filter(({ method }) => method === 'POST');
    expect([hits.length, creates.length, api.generations]).toEqual([1, 1, generations]);
  });

  it('looks on where the log has only a failed row at first', async () => {
    const { hits, url } = await listen(status(200));
    const { order, api, isOver } = setUp();
    api.fault({ on: 'video', kind: 'reset', accepted: true });
    const id = await order(input, url);
    const row = {
      created: new Date().toISOString(),
      status: 'failed',
      model: 'alibaba/wan2.2-t2v-plus',
      inference_id: 'another-id',
      client_request_id: id,
    };
    const page = { data: [row], pagination: { limit: 100, offset: 0, total: 1, has_more: false } };
    api.fault({ on: 'log', kind: 'answer', status: 200, body: page });
    await until(isOver);
    expect(api.clearFaults()).toBe(0);
    expect(verify(hits[0] as Hit)).toMatchObject({ type: 'video.completed', data: { clientRequestId: id } });
    expect([hits.length, api.generations]).toEqual([1, 1]);
  });

  it('pays later for what cannot be paid for now', async () => {
    const { hits, url } = await listen(status(200));
    const unplugged = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('no network'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    });
    let refusals = 3;
    const api = createFakeApi({ apiKey: key, videoSeconds: 0 });
    const fetch = (...given: Parameters<typeof api.fetch>) => {
      refusals -= 1;
      return refusals >= 0 ? Promise.reject(unplugged) : api.fetch(...given);
    };
    const { order, isOver } = setUp({ wan: createWan({ apiKey: key, fetch, maxRetries: 0 }) });
    await order(input, url);
    await until(isOver);
    expect(verify(hits[0] as Hit).type).toBe('video.completed');
    expect(api.generations).toBe(1);
    expect(logs).toHaveLength(3);
  });

  it('goes on after trouble: a key that is refused for a while, and a broken log', async () => {
    const { hits, url } = await listen(status(200));
    const { order, api, isOver } = setUp();
    api.fault({ on: 'video', kind: 'reset', accepted: true });
    api.fault({ on: 'log', kind: 'error', status: 401, times: 2 });
    api.fault({ on: 'status', kind: 'error', status: 401, times: 2 });
    await order(input, url);
    await until(isOver);
    expect(verify(hits[0] as Hit).type).toBe('video.completed');
    expect([api.generations, api.clearFaults()]).toEqual([1, 0]);
    expect(logs.length).toBeGreaterThan(3);
  });

  it('tells as unknown a video that runs for longer than its time', async () => {
    const { hits, url } = await listen(status(200));
    const { order, isOver } = setUp({ videoMs: -1 }, { videoSeconds: 60 });
    await order(input, url);
    await until(isOver);
    expect(verify(hits[0] as Hit)).toMatchObject({
      type: 'video.unknown',
      data: { id: expect.any(String), error: { message: 'it is still running' } },
    });
  });

  it('keeps what several orders are about apart', async () => {
    const { hits, url } = await listen(status(200));
    const { order, isOver, api } = setUp();
    const ids = await Promise.all(Array.from({ length: 20 }, () => order(input, url)));
    await until(isOver);
    expect(new Set(hits.map((hit) => verify(hit).data.clientRequestId))).toEqual(new Set(ids));
    expect(new Set(hits.map((hit) => verify(hit).data.id)).size).toBe(20);
    expect([hits.length, api.generations]).toEqual([20, 20]);
  });

  it('refuses an input that breaks a rule, and stores and sends nothing', async () => {
    const { hits, url } = await listen(status(200));
    const { order, folder, api } = setUp();
    await expect(order({ ...input, prompt: '' }, url)).rejects.toThrow('prompt');
    expect([hits.length, api.requests.length, list(folder)]).toEqual([0, 0, []]);
  });

  it('tries again after a 500: the same id and body, a fresh timestamp and signature', async () => {
    const { hits, url } = await listen(status(500), status(200));
    const { order, isOver, failed } = setUp({ firstPauseMs: 2_400, longestPauseMs: 2_400 });
    await order(input, url);
    await until(isOver);
    expect(failed()).toEqual([]);
    const [first, second] = hits;
    expect(hits).toHaveLength(2);
    expect(verify(second as Hit)).toEqual(verify(first as Hit));
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    for (const name of ['webhook-timestamp', 'webhook-signature'])
      expect(second?.headers[name]).not.toBe(first?.headers[name]);
  });

  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 2_000).toUTCString()],
  ])('waits for the Retry-After of a 429: %s', async (_, retryAfter) => {
    const { hits, url } = await listen(
      (response) => status(429, { 'retry-after': retryAfter() })(response),
      status(200),
    );
    const { order, isOver } = setUp();
    await order(input, url);
    await until(isOver);
    expect(hits).toHaveLength(2);
    expect((hits[1]?.at ?? 0) - (hits[0]?.at ?? 0)).toBeGreaterThan(950);
  });

  it('gives up after the time for it, with one attempt at its end, and keeps the message in failed/', async () => {
    const { hits, url } = await listen(status(500));
    const { order, isOver, failed, folder } = setUp({ tryForMs: 2_000 });
    const id = await order(input, url);
    await until(isOver);
    expect(failed()).toEqual([`${id}.json`]);
    const kept = JSON.parse(readFileSync(join(folder, 'failed', `${id}.json`), 'utf8'));
    expect(kept).toMatchObject({ why: 'answered 500', payload: { type: 'video.completed' } });
    expect(JSON.stringify(kept)).not.toMatch(/sk-a-key|whsec/);
    expect(hits.length).toBeGreaterThan(1);
    expect((hits.at(-1)?.at ?? 0) - (hits[0]?.at ?? 0)).toBeGreaterThan(1_500);
  });

  it('tries for an hour, and leaves a receiver that hangs after 10 s, where nothing else is said', () => {
    expect(delivery.deliveryLimits).toMatchObject({ tryForMs: 3_600_000, answerMs: 10_000 });
  });

  it('tries no later than the end of the hour, whatever Retry-After says', async () => {
    const { hits, url } = await listen(status(503, { 'retry-after': '86400' }));
    const { order, isOver, failed } = setUp({ tryForMs: 2_000 });
    await order(input, url);
    await until(isOver);
    expect([hits.length, failed().length]).toEqual([2, 1]);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['no answer', () => {}, 'no answer within 150 ms'],
    ['a reset', (response) => void response.destroy(), 'other side closed'],
    ['half an answer to a 500', (response) => void response.writeHead(500).write('a'), 'answered 500'],
  ])('tries again after %s', async (_, answer, why) => {
    const { hits, url } = await listen(answer, status(200));
    const { order, isOver, failed } = setUp({ answerMs: 150 });
    await order(input, url);
    await until(isOver);
    expect([hits.length, failed().length]).toEqual([2, 0]);
    expect(logs).toEqual([expect.stringContaining(why)]);
  });

  it('does not read an answer without end', async () => {
    let isClosed = false;
    const { hits, url } = await listen((response) => {
      response.writeHead(200).on('close', () => {
        clearInterval(timer);
        isClosed = true;
      });
      const timer = setInterval(() => {
        response.write(Buffer.alloc(65_536));
      }, 5);
    });
    const { order, isOver } = setUp();
    await order(input, url);
    await until(isOver);
    await until(() => isClosed);
    expect(hits).toHaveLength(1);
  });

  it('ends at a 410', async () => {
    const { hits, url } = await listen(status(410));
    const { order, isOver, failed } = setUp();
    await order(input, url);
    await until(isOver);
    expect([hits.length, failed().length]).toEqual([1, 1]);
  });

  it('follows no redirect', async () => {
    const target = await listen(status(200));
    const { hits, url } = await listen(status(302, { location: target.url }));
    const { order, isOver, failed } = setUp({ tryForMs: 2_000 });
    await order(input, url);
    await until(isOver);
    expect(failed()).toHaveLength(1);
    expect(hits.length).toBeGreaterThan(1);
    expect(target.hits).toEqual([]);
  });

  it('leaves files alone that hold no order of their name, and goes on with the others', async () => {
    const { hits, url } = await listen(status(200));
    const { wan, folder, resume, api } = setUp();
    const kept = await wan.orderVideo(input);
    const stored = JSON.stringify({ order: kept, url });
    const foreign: Record<string, string> = {
      '00.json': '{"url":"http://a.example/?token=t',
      '01.json': 'null',
      '02.json': '{}',
      '03.json': '{"order":{"clientRequestId":"../03"}}',
      '04.json': stored,
    };
    for (const [name, words] of Object.entries(foreign)) writeFileSync(join(folder, name), words);
    mkdirSync(join(folder, '05.json'));
    writeFileSync(join(folder, `${kept.clientRequestId}.json`), stored);
    await resume();
    const left = [...Object.keys(foreign), '05.json'];
    await until(() => list(folder).join() === [...left, 'failed'].join());
    expect([hits.length, api.generations]).toEqual([1, 1]);
    expect(logs.map((line) => line.slice(0, 19))).toEqual(left.map((name) => `${name}: left alone`));
  });

  it('pays later for an order that the API took for one too many', async () => {
    const { hits, url } = await listen(status(200));
    const { order, isOver, api } = setUp();
    api.fault({ on: 'video', kind: 'rate-limit', times: 2 });
    await order(input, url);
    await until(isOver);
    expect(verify(hits[0] as Hit).type).toBe('video.completed');
    expect(api.generations).toBe(1);
  });

  it.each([
    ['took', 200, 0],
    ['refused', 410, 1],
  ])(
    'delivers once what the receiver %s while the folder cannot be written to',
    async (_, code, failures) => {
      const made = setUp();
      const { hits, url } = await listen((response) => {
        // a folder in the place of the file: it can neither be replaced nor removed
        const [name = ''] = list(made.folder).filter((each) => each.endsWith('.json'));
        rmSync(join(made.folder, name));
        mkdirSync(join(made.folder, name));
        setTimeout(() => rmSync(join(made.folder, name), { recursive: true }), 300);
        status(code)(response);
      });
      await made.order(input, url);
      await until(made.isOver);
      expect([hits.length, made.failed().length]).toEqual([1, failures]);
      expect(logs.length).toBeGreaterThan(1);
    },
  );

  it('ends in time where the clock is set back', async () => {
    const { hits, url } = await listen(status(500));
    const { order, isOver, failed } = setUp({ tryForMs: 500 });
    await order(input, url);
    await until(() => hits.length > 0);
    const { now } = Date;
    vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    await until(isOver);
    vi.restoreAllMocks();
    expect(failed()).toHaveLength(1);
  });

  const hosts = [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '172.16.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
  ];
  const odd = ['2130706433', '0x7f000001', '0177.0.0.1', '127.1', 'localhost', 'LOCALHOST', '①②⑦.0.0.1'];
  const six = [
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:8.8.8.8]',
    '[fe80::1]',
    '[fd00::1]',
    '[64:ff9b::7f00:1]',
  ];
  it.each([...hosts, ...odd, ...six, '[2002:7f00:1::]', '[2001:0:1::1]', '[::ffff:0:127.0.0.1]'])(
    'refuses https://%s before anything is paid for',
    async (host) => {
      const { order, api, folder } = setUp({ allowPrivateHosts: false });
      await expect(order(input, `https://${host}/hook`)).rejects.toThrow(
        'Cannot call the webhook: its host is private',
      );
      expect([api.requests.length, list(folder)]).toEqual([0, []]);
    },
  );

  it.each([
    ['http://example.com/', 'it takes https'],
    ['ftp://example.com/', 'it takes https'],
    ['file:///etc/passwd', 'it takes https'],
    ['example.com', 'its address is no URL'],
    ['https://user:word@example.com/', 'a user and a password'],
    ['https://no-such-name.invalid/', 'the name of its host is not known'],
  ])('refuses %s', async (url, why) => {
    await expect(delivery.checkUrl(url)).rejects.toThrow(why);
  });

  it('refuses a name that resolves to a private address among others', async () => {
    const addresses = [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    vi.spyOn(dns.promises, 'lookup').mockImplementation(async () => Object(addresses));
    await expect(delivery.checkUrl('https://hook.example/')).rejects.toThrow('its host is private');
    addresses.pop();
    await expect(delivery.checkUrl('https://hook.example/')).resolves.toBeUndefined();
    addresses.push({ address: '::ffff:10.0.0.1', family: 6 });
    await expect(delivery.checkUrl('https://hook.example/')).rejects.toThrow('its host is private');
  });

  it('connects to no private address where the name resolves to one later', async () => {
    const { hits, port } = await listen(status(200));
    vi.spyOn(dns.promises, 'lookup').mockImplementation(async () =>
      Object([{ address: '93.184.216.34', family: 4 }]),
    );
    vi.spyOn(dns, 'lookup').mockImplementation((...given: unknown[]) => {
      Object(given.at(-1))(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const { order, isOver, failed } = setUp({ allowPrivateHosts: false, tryForMs: 100 });
    await order(input, `https://hook.example:${port}/`);
    await until(isOver);
    expect([hits.length, failed().length]).toEqual([0, 1]);
    expect(logs[0]).toContain('resolves to the private address 127.0.0.1');
  });

  describe('killed and started again', () => {
    /** A process that orders a video for this URL, or goes on with what is in the folder. */
    function serve(apiUrl: string, folder: string, url = '') {
      const options = JSON.stringify({ secret, folder, allowPrivateHosts: true, ...quick });
      const code = `import { createWan } from 'aimlapi-wan';
        import { createWebhooks } from ${JSON.stringify(recipe)};
        const { order, resume } = createWebhooks({ wan: createWan({ maxRetries: 0 }), ...${options} });
        if (${url === ''}) await resume();
        else console.log('ordered', await order(${JSON.stringify(input)}, ${JSON.stringify(url)}));`;
      const env = { ...process.env, AIMLAPI_API_KEY: key, AIMLAPI_BASE_URL: apiUrl };
      const child = spawn(process.execPath, ['--input-type=module', '-e', code], { env });
      const printed = { text: '' };
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (part) => {
          printed.text += part;
        });
      onTestFinished(() => void child.kill('SIGKILL'));
      const die = async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      };
      return { child, printed, die };
    }

    async function setUpKill(fake: Parameters<typeof createFakeApi>[0] = {}) {
      const api = createFakeApi({ apiKey: key, videoSeconds: 0, ...fake });
      const { url: apiUrl, close } = await api.listen();
      const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-webhook-'));
      onTestFinished(async () => {
        await close();
        rmSync(folder, { recursive: true, force: true });
      });
      return { api, apiUrl, folder };
    }

    it.each([
      ['while the create is under way', 'create'],
      ['while the video is in the making', 'wait'],
      ['while it is being delivered', 'deliver'],
    ])('%s: one payment, and one delivery with the same id', async (_, point) => {
      let isUp = false;
      const { hits, url } = await listen((response) => status(isUp ? 204 : 500)(response));
      const { api, apiUrl, folder } = await setUpKill({ videoSeconds: point === 'wait' ? 2 : 0 });
      if (point === 'create') api.fault({ on: 'video', kind: 'stall', accepted: true });
      const first = serve(apiUrl, folder, url);
      await until(() => {
        if (point === 'create') return api.generations === 1;
        if (point === 'deliver') return hits.length > 1;
        return api.requests.filter(({ method }) => method === 'GET').length > 0;
      });
      await first.die();
      const [id] = list(folder).filter((name) => name.endsWith('.json'));
      const before = hits.length;
      isUp = true;
      const second = serve(apiUrl, folder);
      await until(() => list(folder).every((name) => !name.endsWith('.json')));
      expect(api.generations).toBe(1);
      expect(hits.length - before).toBe(1);
      const taken = hits.at(-1) as Hit;
      expect(verify(taken)).toMatchObject({ type: 'video.completed' });
      expect(`${taken.headers['webhook-id']}.json`).toBe(id);
      expect(new Set(hits.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      const all = [first.printed.text, second.printed.text, JSON.stringify(hits)].join();
      expect(all).not.toMatch(/sk-a-key|whsec/);
      expect(first.printed.text + second.printed.text).not.toContain('token=');
    });

    it('counts the hour from the first attempt', async () => {
      const { hits, url } = await listen(status(500));
      const { folder, resume, order, isOver, failed } = setUp({ tryForMs: 400 });
      await order(input, url);
      await until(isOver);
      const [name = ''] = failed();
      const count = hits.length;
      // as after a stop of a day: one more attempt, and it is set aside
      const { rename } = await import('node:fs/promises');
      await rename(join(folder, 'failed', name), join(folder, name));
      await resume();
      await until(isOver);
      expect(hits.length).toBe(count + 1);
      expect(failed()).toEqual([name]);
    });
  });
});
