import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFakeApi } from '../../src/testing.js';

const mostBytes = 64 * 2 ** 20;
const authorization = 'Bearer sk-1';
const videoPath = '/v2/video/generations';
const vtrixPath = '/model/v1/generation';
const body = JSON.stringify({ model: 'alibaba/wan2.2-t2v-plus', prompt: 'a dragon' });
/** JSON of so many bytes: blanks change nothing of it. */
const padded = (bytes: number) => body + ' '.repeat(bytes - body.length);

async function start() {
  const api = createFakeApi();
  const server = await api.listen();
  onTestFinished(() => server.close());
  return { api, origin: server.url };
}

/** A request that fetch would not make. */
function open(url: string, method: string, headers: Record<string, string> = {}): ClientRequest {
  // one that the server breaks off shows in its answer
  return request(url, { method, headers: { authorization, ...headers } }).on('error', () => {});
}

async function answerTo(sent: ClientRequest): Promise<{ status: number | undefined; body: string }> {
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  return { status: answer?.statusCode, body: answer ? await text(answer) : '' };
}

describe.each(['api.fetch', 'a socket'])('a long body by %s', (by) => {
  test('is taken up to 64 MiB, and is 413 above', async () => {
    const { api, origin } = await start();
    const fetch = by === 'a socket' ? globalThis.fetch : api.fetch;
    const post = (path: string, bytes: number) =>
      fetch(origin + path, { method: 'POST', headers: { authorization }, body: padded(bytes) });

    expect((await post(videoPath, mostBytes)).status).toBe(200);
    const refused = await post(videoPath, mostBytes + 1);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({
      status: 413,
      instance: `${videoPath}?`,
      error: { name: 'PayloadTooLargeException' },
    });
    const atVtrix = await post(vtrixPath, mostBytes + 1);
    expect(atVtrix.status).toBe(413);
    expect(await atVtrix.json()).toMatchObject({ error: { code: 'RequestEntityTooLarge' } });

    expect(api.generations).toBe(1);
    expect(api.requests.map(({ path, body }) => [path, body !== undefined])).toEqual([
      [videoPath, true],
      [videoPath, false],
      [vtrixPath, false],
    ]);
    expect((await post(videoPath, 1000)).status).toBe(200);
  }, 60_000);
});

describe('over a socket', () => {
  test('a body that is announced as too long is 413 before it is sent', async () => {
    const { api, origin } = await start();
    const sent = open(origin + videoPath, 'POST', { 'content-length': String(2 ** 40) });
    sent.write(body);
    expect((await answerTo(sent)).status).toBe(413);
    sent.destroy();
    expect(api.generations).toBe(0);
  });

  test('a body without an end is 413, and the server lives on when it breaks off', async () => {
    const { api, origin } = await start();
    const sent = open(origin + videoPath, 'POST');
    const answer = answerTo(sent);
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    const chunk = Buffer.alloc(2 ** 20, ' ');
    for (let chunks = 0; !isAnswered && chunks < 1000; chunks += 1)
      await new Promise((done) => sent.write(chunk, done));
    expect((await answer).status).toBe(413);
    sent.destroy();
    await once(sent, 'close');
    const next = await fetch(origin + videoPath, { method: 'POST', headers: { authorization }, body });
    expect(next.status).toBe(200);
    expect(api.generations).toBe(1);
  }, 60_000);

  test.each(['GET', 'HEAD', 'DELETE'])(
    'a %s with a body is answered, and the body is kept',
    async (method) => {
      const { api, origin } = await start();
      const sent = open(`${origin}/v1/models`, method, { 'content-length': '9' }).end('{"a":"b"}');
      expect((await answerTo(sent)).status).toBe(method === 'GET' ? 200 : 404);
      expect(api.requests).toMatchObject([{ method, body: { a: 'b' } }]);
      const chunked = open(`${origin}/v1/models`, method, { 'transfer-encoding': 'chunked' });
      chunked.write('{"a":');
      chunked.end('"c"}');
      await answerTo(chunked);
      expect(api.requests[1]).toMatchObject({ method, body: { a: 'c' } });
    },
  );

  test.each([
    ['TRACE', {}],
    ['GET', { host: 'a b' }],
  ])('a %s that no Request can be made of is 400', async (method, headers) => {
    const { origin } = await start();
    expect((await answerTo(open(origin, method, headers).end())).status).toBe(400);
  });
});
