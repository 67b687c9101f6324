import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan } from '../../src/index.js';
import { createFakeApi, type FakeApiOptions } from '../../src/testing.js';
import { serveFiles, shortenPauses } from './file-server.js';

let folder: string;
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
  shortenPauses();
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

const wan = createWan({ apiKey: 'secret-key-1' });
const file = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) & 255));
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

type Turn = (request: IncomingMessage, response: ServerResponse) => void;

/** A file server that takes its turns in order, the last one for ever, and keeps what was asked. */
async function serveTurns(...turns: Turn[]) {
  const asked: {
    range: string | undefined;
    ifRange: string | undefined;
    authorization: string | undefined;
  }[] = [];
  const listener: RequestListener = (request, response) => {
    const { range, authorization, 'if-range': ifRange } = request.headers;
    asked.push({ range, ifRange: typeof ifRange === 'string' ? ifRange : undefined, authorization });
    turns[Math.min(asked.length, turns.length) - 1]?.(request, response);
  };
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    asked,
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v.mp4`,
  };
}

const etag = '"v1"';
const cutAt =
  (end: number, headers: Record<string, string> = { etag }): Turn =>
  (_, response) => {
    response.writeHead(200, { 'content-length': file.length, 'content-type': 'video/mp4', ...headers });
    response.write(file.subarray(0, end), () => setTimeout(() => response.destroy(), 20));
  };
const rest =
  (from: number, to = file.length, contentRange = `bytes ${from}-${to - 1}/${file.length}`): Turn =>
  (_, response) => {
    response.writeHead(206, { 'content-range': contentRange, etag });
    response.write(file.subarray(from, to), () => (to === file.length ? response.end() : response.destroy()));
  };
const whole: Turn = (_, response) =>
  void response.writeHead(200, { 'content-length': file.length, etag }).end(file);
const status =
  (code: number, headers: Record<string, string> = {}): Turn =>
  (_, response) =>
    void response.writeHead(code, headers).end('no');

const modified = 'Wed, 01 Jul 2026 10:00:00 GMT';
const dated = { etag, 'last-modified': modified };
const restWith =
  (headers: Record<string, string>, total: number | '*' = file.length): Turn =>
  (_, response) =>
    void response
      .writeHead(206, { 'content-range': `bytes 30000-99999/${total}`, ...headers })
      .end(file.subarray(30_000));

/** Answers for the rest that may be of another file: what the first answer says, what the one for the rest says. */
const unlike: [string, Record<string, string>, Record<string, string>, (number | '*')?][] = [
  ['neither an ETag nor a date comes with the part', { etag }, {}],
  ['no ETag comes with the part, and only its date', { etag }, { 'last-modified': modified }],
  ['neither an ETag nor the date comes with the part', dated, {}],
  [
    'no ETag and another date come with the part',
    dated,
    { 'last-modified': 'Wed, 01 Jul 2026 10:00:01 GMT' },
  ],
  ['no ETag and no length come with the part', dated, { 'last-modified': modified }, '*'],
  ['no ETag and another length come with the part', dated, { 'last-modified': modified }, 100_001],
  ['a weak ETag comes with the part', dated, { etag: 'W/"v1"', 'last-modified': modified }],
  ['another ETag and the same date come with the part', dated, { etag: '"v2"', 'last-modified': modified }],
  ['the part is packed', dated, { ...dated, 'content-encoding': 'gzip' }],
];

async function savedFrom(url: string) {
  const saved = await wan.save(url, join(folder, 'v.mp4'));
  // toEqual() looks at each byte, which takes half a second
  expect((await readFile(saved.path)).equals(file)).toBe(true);
  expect(await readdir(folder)).toEqual(['v.mp4']);
  return saved;
}

describe('a transfer that breaks off', () => {
  it('goes on where it stopped, as often as it takes, without the key', async () => {
    const { url, asked } = await serveTurns(
      cutAt(30_000),
      rest(30_000, 60_000),
      rest(60_000, 61_000),
      rest(61_000),
    );
    expect(await savedFrom(url)).toMatchObject({ bytes: file.length, contentType: 'video/mp4' });
    expect(asked.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=30000-',
      'bytes=60000-',
      'bytes=61000-',
    ]);
    expect(asked.slice(1).every(({ ifRange }) => ifRange === etag)).toBe(true);
    expect(asked.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('goes on after a stall', async () => {
    const stalls: Turn = (_, response) => {
      response.writeHead(200, { 'content-length': file.length, etag });
      response.write(file.subarray(0, 50_000));
    };
    const { url, asked } = await serveTurns(stalls, rest(50_000));
    await wan.save(url, join(folder, 'v.mp4'), { stallTimeoutMs: 150 });
    expect(await readFile(join(folder, 'v.mp4'))).toEqual(file);
    expect(asked[1]?.range).toBe('bytes=50000-');
  });

  it.each<[string, Turn[], (string | undefined)[]]>([
    ['the server names no strong ETag', [cutAt(30_000, { etag: 'W/"v1"' }), whole], [undefined, undefined]],
    ['the server names no ETag', [cutAt(30_000, {}), whole], [undefined, undefined]],
    ['the file has changed (200)', [cutAt(30_000), whole], [undefined, 'bytes=30000-']],
    ['the part is another one', [cutAt(30_000), rest(20_000), whole], [undefined, 'bytes=30000-', undefined]],
    [
      'the part is of a file of another length',
      [cutAt(30_000), rest(30_000, file.length, `bytes 30000-99999/${file.length + 1}`), whole],
      [undefined, 'bytes=30000-', undefined],
    ],
    [
      'the part is of another file',
      [
        cutAt(30_000),
        (_, response) =>
          response
            .writeHead(206, { 'content-range': `bytes 30000-99999/${file.length}`, etag: '"v2"' })
            .end(file.subarray(30_000)),
        whole,
      ],
      [undefined, 'bytes=30000-', undefined],
    ],
    ...unlike.map(([what, firstHeaders, restHeaders, total]): [string, Turn[], (string | undefined)[]] => [
      what,
      [cutAt(30_000, firstHeaders), restWith(restHeaders, total), whole],
      [undefined, 'bytes=30000-', undefined],
    ]),
    [
      'the part ends behind the end of the file',
      [cutAt(30_000), rest(30_000, file.length, `bytes 30000-100004/${file.length}`), whole],
      [undefined, 'bytes=30000-', undefined],
    ],
    ...[29_000, 40_000].map((from): [string, Turn[], (string | undefined)[]] => [
      `the part begins at ${from} in place of 30000`,
      [cutAt(30_000), rest(from), whole],
      [undefined, 'bytes=30000-', undefined],
    ]),
    [
      'the first answer was packed, so that its bytes are not counted as the server counts them',
      [
        (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip', etag });
          const half = gzipSync(file).subarray(0, 600);
          response.write(half, () => setTimeout(() => response.destroy(), 20));
        },
        whole,
      ],
      [undefined, undefined],
    ],
    [
      'a long page came in place of the file',
      [
        (_, response) => response.writeHead(200, { etag }).end(`<html>${'<p>busy</p>'.repeat(100)}</html>`),
        whole,
      ],
      [undefined, undefined],
    ],
    [
      'the file is said to be shorter (416)',
      [cutAt(30_000), status(416, { 'content-range': 'bytes */30000' }), whole],
      [undefined, 'bytes=30000-', undefined],
    ],
    [
      'the part cannot be had (416)',
      [cutAt(30_000), status(416, { 'content-range': 'bytes */10' }), whole],
      [undefined, 'bytes=30000-', undefined],
    ],
  ])('starts over where %s', async (_, turns, ranges) => {
    const { url, asked } = await serveTurns(...turns);
    await savedFrom(url);
    expect(asked.map(({ range }) => range)).toEqual(ranges);
  });

  it('goes on with a part without an ETag where date and length agree', async () => {
    const { url, asked } = await serveTurns(cutAt(30_000, dated), restWith({ 'last-modified': modified }));
    await savedFrom(url);
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=30000-']);
  });

  const cutChunked =
    (headers: Record<string, string> = { etag }): Turn =>
    (_, response) => {
      response.writeHead(200, headers);
      response.write(file.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 20));
    };

  it.each<[string, Turn, Turn]>([
    ['an end (416) at no length', cutChunked(), status(416, { 'content-range': 'bytes */*', etag })],
    [
      'no length, though the date is the same',
      cutChunked(dated),
      restWith({ 'last-modified': modified }, '*'),
    ],
  ])('starts over where an answer without a length is followed by one that says %s', async (_, ...turns) => {
    const { url, asked } = await serveTurns(...turns, whole);
    await savedFrom(url);
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=30000-', undefined]);
  });

  it('takes no word for the end (416) that may be about another file', async () => {
    const { url, asked } = await serveTurns(
      cutChunked(),
      status(416, { 'content-range': 'bytes */30000' }),
      cutChunked(),
      status(416, { 'content-range': 'bytes */30000', etag: '"v2"' }),
      whole,
    );
    await savedFrom(url);
    expect(asked.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=30000-',
      undefined,
      'bytes=30000-',
      undefined,
    ]);
    const short = await serveTurns(cutChunked(), status(416, { 'content-range': 'bytes */30000', etag }));
    expect(await wan.download(short.url)).toHaveLength(30_000);
  });

  it('does not go on with what an ETag that HTTP does not take stands for', async () => {
    const { url, asked } = await serveTurns(cutAt(30_000, { etag: '"a"b"' }), whole);
    await savedFrom(url);
    expect(asked.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  it('keeps nothing of a longer file that it began with', async () => {
    const shorter: Turn = (_, response) => void response.end(file.subarray(0, 20_000));
    const saving = await serveTurns(cutAt(30_000), shorter);
    const saved = await wan.save(saving.url, join(folder, 'v.mp4'));
    expect(saved.bytes).toBe(20_000);
    expect(await readFile(saved.path)).toEqual(file.subarray(0, 20_000));
    const loading = await serveTurns(cutAt(30_000), shorter);
    expect(Buffer.from(await wan.download(loading.url))).toEqual(file.subarray(0, 20_000));
  });

  it('asks on where a part ends early and names no total', async () => {
    const some: Turn = (_, response) =>
      void response
        .writeHead(206, { 'content-range': 'bytes 30000-59999/*', etag })
        .end(file.subarray(30_000, 60_000));
    const { url } = await serveTurns(cutChunked(), some, rest(60_000));
    await savedFrom(url);
  });

  it('is no file where nothing was asked for in part, or nothing comes', async () => {
    const client = createWan({ apiKey: 'k', maxRetries: 0 });
    const part: Turn = (_, response) =>
      void response.writeHead(206, { 'content-range': 'bytes 0-99/*' }).end(file.subarray(0, 100));
    const empty: Turn = (_, response) => void response.writeHead(200, { 'content-length': 0 }).end();
    for (const turn of [part, empty]) {
      const { url } = await serveTurns(turn);
      expect(await failure(client.save(url, join(folder, 'v.mp4')))).toMatchObject({ name: 'DownloadError' });
    }
    expect(await failure(client.save({ base64: '@@@@' }, join(folder, 'v.mp4')))).toMatchObject({
      name: 'DownloadError',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is whole where only its end was missing', async () => {
    const { url } = await serveTurns(cutAt(file.length));
    await savedFrom(url);
  });

  it('waits out error pages', async () => {
    const { url } = await serveTurns(status(503), status(500), status(429), whole);
    await savedFrom(url);
  });

  it('gives up after maxRetries further tries that bring nothing', async () => {
    const { url, asked } = await serveTurns(cutAt(30_000), rest(30_000, 30_000));
    const client = createWan({ apiKey: 'k', maxRetries: 2 });
    const error = await failure(client.save(url, join(folder, 'w.mp4')));
    expect(error).toMatchObject({ name: 'DownloadError', bytesReceived: 30_000 });
    expect(asked).toHaveLength(1 + 3);
    expect(await readdir(folder)).toEqual([]);
  });

  const more = Buffer.alloc(70_001, 'x');
  const tooMuch: [string, Turn][] = [
    [
      'the rest',
      (_, response) =>
        void response.writeHead(206, { 'content-range': `bytes 30000-99999/100000`, etag }).end(more),
    ],
    [
      'the rest, in pieces',
      async (_, response) => {
        response.writeHead(206, { 'content-range': `bytes 30000-99999/100000`, etag });
        for (let at = 0; at < more.length; at += 7_000) {
          response.write(more.subarray(at, at + 7_000));
          await new Promise(setImmediate);
        }
        response.end();
      },
    ],
    [
      'the part, and less than the rest',
      (_, response) =>
        void response
          .writeHead(206, { 'content-range': `bytes 30000-39999/100000`, etag })
          .end(more.subarray(0, 20_000)),
    ],
    [
      'the part',
      (_, response) =>
        void response.writeHead(206, { 'content-range': `bytes 30000-39999/100000`, etag }).end(more),
    ],
    [
      'the part of an unknown total',
      (_, response) =>
        void response.writeHead(206, { 'content-range': `bytes 30000-39999/*`, etag }).end(more),
    ],
  ];

  it.each(tooMuch)('starts over where more comes than %s', async (_, turn) => {
    const { url, asked } = await serveTurns(cutAt(30_000), turn, whole);
    await savedFrom(url);
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=30000-', undefined]);
  });

  it.each(tooMuch)('gives up where each answer brings more than %s', async (_, turn) => {
    const { url, asked } = await serveTurns((request, response) =>
      (request.headers.range ? turn : cutAt(30_000))(request, response),
    );
    const client = createWan({ apiKey: 'k', maxRetries: 3 });
    const error = await failure(client.save(url, join(folder, 'w.mp4')));
    expect(error).toMatchObject({ name: 'DownloadError' });
    // the first brings 30,000 bytes, and none of the others any more
    expect(asked).toHaveLength(1 + 4);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused where it is longer than announced', async () => {
    const headers = { 'content-length': '3' };
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      return new Response('four', { headers });
    };
    const client = createWan({ apiKey: 'k', maxRetries: 2, fetch });
    expect(await failure(client.download('https://x.example/v.mp4'))).toMatchObject({
      name: 'DownloadError',
      message: expect.stringContaining('more bytes came than the answer announced (3)'),
    });
    expect(asked).toBe(3);
  });

  it('has its length checked, but for a packed one, which is taken as it comes', async () => {
    const short: Turn = (_, response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf`);
      response.socket?.end();
    };
    const { url } = await serveTurns(short);
    expect(await failure(createWan({ apiKey: 'k', maxRetries: 0 }).download(url))).toMatchObject({
      name: 'DownloadError',
    });
    const packed = gzipSync(file);
    const zipped = await serveTurns((_, response) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length, etag })
        .end(packed),
    );
    expect(Buffer.from(await wan.download(zipped.url))).toEqual(file);
  });

  it('has no known length where content-length is no number', async () => {
    const headers = { 'content-length': 'abc' };
    const client = createWan({
      apiKey: 'k',
      maxRetries: 0,
      fetch: async () => new Response('hi', { headers }),
    });
    const seen: object[] = [];
    const onProgress = (progress: object) => seen.push(progress);
    expect(Buffer.from(await client.download('https://x.example/v.mp4', { onProgress })).toString()).toBe(
      'hi',
    );
    expect(seen).toEqual([{ bytes: 2 }]);
  });

  it('leaves no answer open that comes after it was given up', async () => {
    let answer = (_: Response): void => {};
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    // does not heed its signal
    const fetch = () =>
      new Promise<Response>((resolve) => {
        answer = resolve;
      });
    const client = createWan({ apiKey: 'k', maxRetries: 0, fetch });
    const error = await failure(client.download('https://x.example/v.mp4', { stallTimeoutMs: 10 }));
    expect(error.message).toContain('nothing arrived for 10 ms');
    answer(new Response(body));
    await vi.waitFor(() => expect(isCancelled).toBe(true));
  });

  it('is told of in progress, from the start again where it starts over', async () => {
    const { url } = await serveTurns(cutAt(30_000, {}), whole);
    const seen: number[] = [];
    await wan.save(url, join(folder, 'v.mp4'), { onProgress: ({ bytes }) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(file.length);
    expect(Math.max(...seen)).toBe(file.length);
  });
});

describe('a link that is refused', () => {
  async function videoOf(options: FakeApiOptions = {}) {
    const api = createFakeApi({ videoSeconds: 0, ...options });
    const client = createWan({ apiKey: 'secret-key-1', fetch: api.fetch });
    const job = await client.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    return { api, client, job };
  }

  it('is replaced by a new one from the API, once, and the video is saved', async () => {
    const { api, client, job } = await videoOf();
    api.fault({ kind: 'expired-link' });
    const video = await client.pollUntilDone(job.id);
    expect(Date.parse(video.expiresAt ?? '')).toBeLessThan(Date.now());
    const saved = await client.save(video, join(folder, 'v.mp4'));
    expect(saved.bytes).toBeGreaterThan(10_000);
    const last = api.requests.slice(-3);
    expect(last.map(({ path }) => path.split('/')[1])).toEqual(['alpaca', 'v2', 'alpaca']);
    expect(last.map(({ headers }) => 'authorization' in headers)).toEqual([false, true, false]);
  });

  it.each([401, 410])('with %i ends in a DownloadError where the new one is refused too', async (code) => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    const before = api.requests.length;
    api.fault({ kind: 'answer', on: 'file', status: code, body: '<Error/>', times: 9 });
    const error = await failure(client.save(video, join(folder, 'v.mp4')));
    expect(error).toMatchObject({ name: 'DownloadError', status: code });
    expect(error.message).not.toContain('Signature');
    expect(api.requests).toHaveLength(before + 3);
  });

  it.each([403, 404])(
    'with %i is asked for again with new links until the file is there, and maxRetries times at most',
    async (code) => {
      const { api, job } = await videoOf();
      const client = createWan({ apiKey: 'k', fetch: api.fetch, maxRetries: 3 });
      const video = await client.pollUntilDone(job.id);
      const kindsSince = (start: number) =>
        api.requests.slice(start).map(({ path }) => (path.startsWith('/v2') ? 'check' : 'file'));
      const turn = ['file', 'check'];
      const early = { kind: 'answer', on: 'file', status: code, body: '<Error/>' } as const;
      for (const media of [video, await client.getVideo(job)]) {
        let start = api.requests.length;
        api.fault({ ...early, times: 3 });
        expect((await client.save(media, join(folder, 'v.mp4'))).bytes).toBeGreaterThan(10_000);
        expect(kindsSince(start)).toEqual([...turn, ...turn, ...turn, 'file']);
        start = api.requests.length;
        api.fault({ ...early, times: 9 });
        expect(await failure(client.save(media, join(folder, 'v.mp4')))).toMatchObject({
          name: 'DownloadError',
          status: code,
        });
        expect(kindsSince(start)).toEqual([...turn, ...turn, ...turn, 'file']);
        expect(api.clearFaults()).toBe(5);
      }
    },
  );

  const answers: Record<string, unknown> = {
    'status 500': [500],
    'status 404': [404],
    'status 429': [429, { 'retry-after': '120' }],
    'the video of another job': { id: 'other', status: 'completed', video: { url: 'https://x.example/v' } },
    'a job that runs': { id: 'v', status: 'queued' },
  };
  it.each([...Object.keys(answers), 'no connection', 'no key'])(
    'comes late, and is tried on where no new one can be had: %s',
    async (name) => {
      let [files, checks, late] = [0, 0, 2];
      const url = await serveFiles((request, response) => {
        if (request.url?.startsWith('/v.mp4')) {
          files += 1;
          response.statusCode = files > late ? 200 : 404;
          return void response.end(files > late ? file : 'not yet');
        }
        checks += 1;
        const answer = answers[name];
        if (!answer) return void request.socket.destroy();
        const [code, headers] = Array.isArray(answer) ? answer : [200];
        response.writeHead(code, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(code === 200 ? answer : {}));
      });
      const apiKey = name === 'no key' ? undefined : 'k';
      const client = createWan({ apiKey, baseUrl: url, maxRetries: 3 });
      const video = { id: 'v', provider: 'aimlapi', url: `${url}/v.mp4`, raw: {} } as const;
      expect(Buffer.from(await client.download(video))).toEqual(file);
      expect(files).toBe(3);
      // a check may ask two paths, and repeats nothing
      expect(checks).toBeLessThanOrEqual(2 * 2);
      [files, late] = [0, Infinity];
      const error = await failure(client.download(video));
      expect(error).toMatchObject({ name: 'DownloadError', status: 404 });
      expect(files).toBe(4);
      if (name !== 'a job that runs') expect(error.cause.message).not.toContain('the answer was 404');
    },
  );

  it('is replaced once where nothing is tried again', async () => {
    const { api, job } = await videoOf();
    const client = createWan({ apiKey: 'k', fetch: api.fetch, maxRetries: 0 });
    const video = await client.pollUntilDone(job.id);
    for (const status of [401, 403, 404, 410]) {
      api.fault({ kind: 'answer', on: 'file', status, times: 2 });
      expect(await failure(client.download(video))).toMatchObject({ name: 'DownloadError', status });
      expect(api.clearFaults()).toBe(0);
      api.fault({ kind: 'answer', on: 'file', status });
      expect((await client.download(video)).byteLength).toBeGreaterThan(10_000);
    }
  });

  it('is replaced again where bytes came by the last one', async () => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    for (let turn = 0; turn < 2; turn += 1) {
      api.fault({ kind: 'cut', on: 'file', afterBytes: 1000 });
      api.fault({ kind: 'answer', on: 'file', status: 410 });
    }
    expect((await client.download(video)).byteLength).toBeGreaterThan(10_000);
    expect(api.clearFaults()).toBe(0);
  });

  /** The timers of pauses between two tries. */
  const pausesOf = (timers: Parameters<typeof setTimeout>[]) =>
    timers.filter(([, ms = 0]) => ms >= 500 && ms <= 2000);

  it.each([
    [410, 1, 0],
    [401, 1, 0],
    [403, 1, 1],
    [404, 2, 2],
  ])('with %i, %i times, is followed by the new one after %i pauses', async (status, times, pauses) => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    api.fault({ kind: 'answer', on: 'file', status, times });
    await client.download(video);
    expect(pausesOf(timers.mock.calls)).toHaveLength(pauses);
  });

  it('because it has expired is replaced at once', async () => {
    const { api, client, job } = await videoOf();
    api.fault({ kind: 'expired-link' });
    const video = await client.pollUntilDone(job.id);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await client.download(video);
    expect(pausesOf(timers.mock.calls)).toEqual([]);
  });

  it('and has expired is tried again where the refusal is a passing one', async () => {
    const { api, client, job } = await videoOf();
    api.fault({ kind: 'expired-link' });
    const video = await client.pollUntilDone(job.id);
    api.fault({ kind: 'answer', on: 'file', status: 503 });
    expect((await client.download(video)).byteLength).toBeGreaterThan(10_000);
  });

  it('ends with the abort that comes while a new one is asked for', async () => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    const before = api.requests.length;
    api.fault({ kind: 'answer', on: 'file', status: 410 });
    api.fault({ kind: 'stall', on: 'status' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const ending = failure(client.download(video, { signal: controller.signal }));
    await vi.waitFor(() => expect(api.requests).toHaveLength(before + 2));
    controller.abort(reason);
    expect(await ending).toBe(reason);
  });

  it('is replaced once after other trouble, too', async () => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    api.fault({ kind: 'html', on: 'file' });
    api.fault({ kind: 'answer', on: 'file', status: 410 });
    expect((await client.download(video)).byteLength).toBeGreaterThan(10_000);
  });

  it.each([403, 404])('of an image, with %i, is asked for again as it is', async (code) => {
    const { api, client } = await videoOf();
    const { images } = await client.generateImage({
      model: 'wan2.5-t2i-preview',
      prompt: 'x',
      image_size: 'square',
    });
    api.fault({ kind: 'answer', on: 'file', status: code, times: 2 });
    expect((await client.download(images[0])).byteLength).toBeGreaterThan(1_000);
    api.fault({ kind: 'answer', on: 'file', status: 410 });
    expect(await failure(client.download(images[0]))).toMatchObject({ status: 410 });
  });

  it('that the caller passes is not asked for again', async () => {
    for (const code of [401, 403, 404, 410]) {
      const { url, asked } = await serveTurns(status(code));
      expect(await failure(wan.download(url))).toMatchObject({ name: 'DownloadError', status: code });
      expect(asked).toHaveLength(1);
    }
  });

  it('of an image, once it has expired, is not replaced', async () => {
    const { api, client } = await videoOf();
    api.fault({ kind: 'expired-link' });
    const { images } = await client.generateImage({
      model: 'wan2.5-t2i-preview',
      prompt: 'x',
      image_size: 'square',
    });
    expect(await failure(client.save(images[0], join(folder, 'x.png')))).toMatchObject({
      name: 'DownloadError',
      status: 403,
    });
  });

  it('keeps the refusal and says why no new one came', async () => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    api.fault({ kind: 'answer', on: 'file', status: 403, times: 9 });
    api.fault({ kind: 'error', on: 'status', status: 401, times: 9 });
    const error = await failure(client.save(video, join(folder, 'v.mp4')));
    expect(error).toMatchObject({
      name: 'DownloadError',
      status: 403,
      cause: { name: 'AuthenticationError' },
    });
  });

  it('of a video of another provider is not asked for at this one', async () => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    const before = api.requests.length;
    api.fault({ kind: 'answer', on: 'file', status: 403, times: 9 });
    const ofOther = { ...video, provider: 'vtrix' } as const;
    const error = await failure(client.save(ofOther, join(folder, 'v.mp4')));
    expect(error).toMatchObject({ name: 'DownloadError', status: 403 });
    const asked = api.requests.slice(before).map(({ path }) => path.split('/')[1]);
    expect(new Set(asked)).toEqual(new Set(['alpaca']));
  });

  it('goes on from the part that has arrived', async () => {
    const { api, client, job } = await videoOf();
    const video = await client.pollUntilDone(job.id);
    api.fault({ kind: 'cut', on: 'file', afterBytes: 1000 });
    api.fault({ kind: 'answer', on: 'file', status: 403 });
    await client.save(video, join(folder, 'v.mp4'));
    expect(api.requests.at(-1)?.headers.range).toBe('bytes=1000-');
    expect(Buffer.from(await readFile(join(folder, 'v.mp4')))).toEqual(
      Buffer.from(await client.download(video)),
    );
  });
});
