import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { version } from '../../src/base/version.js';
import { type Attempt, createWan, generateImage, type Wan } from '../../src/index.js';

const images = 'https://api.aimlapi.com/v1/images/generations';
const videos = 'https://api.aimlapi.com/v2/video/generations';
const input = { model: 'wan2.2-t2i-plus', prompt: 'a lighthouse' } as const;
const url = 'https://cdn.aimlapi.com/a.png?Expires=1769623633&OSSAccessKeyId=i&Signature=s%3D';
const made = { created: 1769537248382, data: [{ url }], meta: { usage: { credits_used: 105000 } } };

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());
let sent: { url: string; headers: Headers; body: unknown }[] = [];
beforeEach(() => void vi.stubEnv('AIMLAPI_API_KEY', 'key-of-the-environment'));
afterEach(() => {
  server.resetHandlers();
  sent = [];
});

/** Answers each request to `address` with the next of `answers`, the last one for ever. */
function answer(address: string, ...answers: (() => Response)[]): void {
  server.use(
    http.post(address, async ({ request }) => {
      sent.push({ url: request.url, headers: request.headers, body: await request.json() });
      return answers[Math.min(sent.length, answers.length) - 1]?.();
    }),
  );
}

const json = (body: unknown, init?: ResponseInit) => () => new Response(JSON.stringify(body), init);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe('generateImage() sends', () => {
  it('the long model id, the fields and the headers, with the key of the environment', async () => {
    answer(images, json(made));
    await generateImage({ ...input, seed: 7, negative_prompt: undefined });
    expect(sent[0]?.body).toEqual({ model: 'alibaba/wan2.2-t2i-plus', prompt: 'a lighthouse', seed: 7 });
    const headers = Object.fromEntries(sent[0]?.headers ?? []);
    expect(headers).toMatchObject({
      authorization: 'Bearer key-of-the-environment',
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': `aimlapi-wan/${version}`,
    });
    expect(headers['x-client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('the caller’s headers and client request id, the same on every attempt', async () => {
    const busy = json({ message: 'slow' }, { status: 429, headers: { 'retry-after-ms': '1' } });
    answer(images, busy, busy, json(made));
    const wan = createWan({ headers: { 'X-Team': 'a', 'X-Both': 'client' } });
    const result = await wan.generateImage(input, {
      headers: { 'x-both': 'request' },
      clientRequestId: 'order:7',
    });
    expect(result.clientRequestId).toBe('order:7');
    const ids = sent.map(({ headers }) => headers.get('x-client-request-id'));
    expect(ids).toEqual(['order:7', 'order:7', 'order:7']);
    expect(sent[0]?.headers.get('x-team')).toBe('a');
    expect(sent[0]?.headers.get('x-both')).toBe('request');
  });

  it('a key that a function gives anew', async () => {
    answer(images, json(made));
    const keys = ['key-number-1', 'key-number-2'];
    const wan = createWan({ apiKey: async () => keys[sent.length] ?? '' });
    await wan.generateImage(input);
    await wan.generateImage(input);
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(
      keys.map((key) => `Bearer ${key}`),
    );
  });

  it.each([
    ['https://gate.example/aiml/v1/', 'https://gate.example/aiml/v1/images/generations'],
    ['https://api.aimlapi.com/v2', images],
  ])('to the base URL %s', async (baseUrl, address) => {
    answer(address, json(made));
    await createWan({ baseUrl }).generateImage(input);
    expect(sent[0]?.url).toBe(address);
  });

  it('nothing where the input, the client request id or the key is wrong', async () => {
    const wan = createWan();
    const invalid = { name: 'InvalidInputError' };
    expect(await failure(wan.generateImage({ ...input, prompt: '' }))).toMatchObject(invalid);
    for (const clientRequestId of ['a b', '', 'é', 'x'.repeat(129)]) {
      expect(await failure(wan.generateImage(input, { clientRequestId }))).toMatchObject(invalid);
    }
    for (const name of ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY']) vi.stubEnv(name, '');
    const missing = await failure(wan.generateImage(input));
    expect(missing).toBeInstanceOf(TypeError);
    expect(missing.message).toContain('AIMLAPI_API_KEY or AIML_API_KEY or AIMLAPI_KEY');
    expect(sent).toEqual([]);
  });
});

describe('generateImage() reads', () => {
  it('url, expiry, time, usage and ids', async () => {
    answer(images, json(made, { headers: { 'x-inference-id': 'inf-1' } }));
    expect(await generateImage(input)).toEqual({
      images: [{ url, expiresAt: '2026-01-28T18:07:13.000Z' }],
      createdAt: '2026-01-27T18:07:28.382Z',
      model: 'alibaba/wan2.2-t2i-plus',
      usage: { creditsUsed: 105000, usdSpent: 0.0525 },
      inferenceId: 'inf-1',
      clientRequestId: sent[0]?.headers.get('x-client-request-id'),
      raw: made,
    });
  });

  it.each([
    [
      'usd_spent of the body',
      { meta: { usage: { credits_used: 78000, usd_spent: 0.039 } } },
      {},
      { creditsUsed: 78000, usdSpent: 0.039 },
    ],
    [
      'the headers',
      {},
      { 'x-aimlapi-credits-used': '2480', 'x-aimlapi-usd-spent': '0.001240000' },
      { creditsUsed: 2480, usdSpent: 0.00124 },
    ],
    ['credits alone', {}, { 'x-aimlapi-credits-used': '2000000' }, { creditsUsed: 2000000, usdSpent: 1 }],
    ['nothing', { meta: null }, {}, undefined],
  ])('usage from %s', async (_, body, headers, usage) => {
    answer(images, json({ ...made, meta: undefined, ...body }, { headers: Object.entries(headers) }));
    expect((await generateImage(input)).usage).toEqual(usage);
  });

  it('any 2xx, seconds as well as milliseconds, base64, and skips empty entries', async () => {
    const data = [{ url: null, b64_json: null }, null, { url: null, b64_json: 'aGk=' }];
    answer(images, json({ created: 1769537248, data }, { status: 201 }));
    expect(await generateImage(input)).toMatchObject({
      images: [{ base64: 'aGk=' }],
      createdAt: '2026-01-27T18:07:28.000Z',
    });
  });

  it.each<[string, unknown]>([
    ['data: null', { data: null }],
    ['no entries', { data: [] }],
    ['empty entries', { data: [{ url: null, b64_json: null }] }],
    ['a list', []],
    ['a number', 5],
  ])('%s as an error that holds all of the answer', async (_, body) => {
    answer(images, json(body, { headers: { 'x-inference-id': 'inf-2' } }));
    const error = await failure(generateImage(input));
    expect(error).toMatchObject({ name: 'UnexpectedResponseError', status: 200, inferenceId: 'inf-2' });
    expect(error.body).toEqual(body);
    expect(sent).toHaveLength(1);
  });

  it('no header that would give every create the same id', () => {
    expect(() => createWan({ headers: { 'X-Client-Request-Id': 'shared' } })).toThrow(TypeError);
  });

  it('5 MB of garbage as an error with a small part of it', async () => {
    answer(images, () => new Response('x'.repeat(5_000_000)));
    const error = await failure(generateImage(input));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', status: 200 });
    expect(error.body).toHaveLength(65_536);
  });

  it('an HTML error page of 5 MB as an error in a few words', async () => {
    const page = `<html><title>No</title>${'x'.repeat(5_000_000)}`;
    answer(images, () => new Response(page, { status: 404, headers: { 'content-type': 'text/html' } }));
    const error = await failure(generateImage(input));
    expect(error).toMatchObject({ name: 'ApiError', status: 404, fromApi: false });
    expect(error.message.length).toBeLessThan(300);
  });
});

describe('errors of the API', () => {
  const problem = (status: number, error: object) =>
    json({ title: 'x', status, message: 'said so', instance: '/v1/images/generations?', error }, { status });

  it.each<[string, () => Response, object]>([
    [
      '401',
      problem(401, { name: 'Unauthorized' }),
      { name: 'AuthenticationError', code: 'Unauthorized', fromApi: true },
    ],
    [
      '403',
      problem(403, { name: 'Forbidden', data: { kind: 'err_unverified_card' } }),
      { name: 'PermissionError', code: 'err_unverified_card' },
    ],
    [
      '403, out of credits',
      problem(403, { name: 'Forbidden', data: { kind: 'err_insufficent_credits' } }),
      { name: 'InsufficientCreditsError' },
    ],
    [
      '403, out of credits in words',
      json(
        { statusCode: 403, path: '/v1/images/generations', message: 'You’ve run out of credits' },
        { status: 403 },
      ),
      { name: 'InsufficientCreditsError', fromApi: true },
    ],
  ])('%s', async (_, response, expected) => {
    answer(images, response);
    const error = await failure(generateImage(input));
    const clientRequestId = sent[0]?.headers.get('x-client-request-id');
    expect(error).toMatchObject({ ...expected, clientRequestId });
    expect(sent).toHaveLength(1);
  });

  it('of a status check name no client request id: none was sent', async () => {
    const ids: unknown[] = [];
    server.use(
      http.get('https://api.aimlapi.com/*', ({ request }) => {
        ids.push(request.headers.get('x-client-request-id'));
        return HttpResponse.json({ message: 'no such video' }, { status: 404 });
      }),
    );
    const error = await failure(createWan().getVideo('g'));
    expect(error).toMatchObject({ name: 'ApiError', status: 404 });
    expect(error).not.toHaveProperty('clientRequestId');
    expect(ids).toEqual([null, null]);
  });

  it('of a validation show its issues', async () => {
    const data = [{ path: ['image_size', 'width'], message: 'Number must be a multiple of 32' }];
    answer(images, problem(400, { name: 'BadRequestException', message: 'Invalid payload provided', data }));
    expect((await failure(generateImage(input))).message).toContain(
      'Invalid payload provided (image_size.width: Number must be a multiple of 32)',
    );
  });
});

describe('generateVideo()', () => {
  const video = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;

  it.each<[string, unknown, Record<string, string>, object]>([
    [
      'id',
      { id: 'v-1', status: 'queued', meta: { usage: { credits_used: 1040000, usd_spent: 0.52 } } },
      {},
      { id: 'v-1', status: 'queued', state: 'running', usage: { creditsUsed: 1040000, usdSpent: 0.52 } },
    ],
    ['a number', { id: 12345, status: 'queued' }, {}, { id: '12345' }],
    ['the older generation_id', { generation_id: 'v-2', status: 'queued' }, {}, { id: 'v-2' }],
    [
      'x-inference-id where the body has none',
      { status: 'queued' },
      { 'x-inference-id': '-G3b/3' },
      { id: '-G3b/3', inferenceId: '-G3b/3' },
    ],
  ])('takes the id from %s', async (_, body, headers, expected) => {
    answer(videos, json(body, { headers }));
    const job = await createWan().generateVideo(video);
    expect(job).toMatchObject({
      provider: 'aimlapi',
      model: 'alibaba/wan2.2-t2v-plus',
      raw: body,
      ...expected,
    });
    expect(JSON.parse(JSON.stringify(job))).toEqual(job);
  });

  it('ends in an error with the whole body where there is no id at all', async () => {
    answer(videos, json({ status: 'queued', meta: null }));
    const error = await failure(createWan().generateVideo(video));
    expect(error).toMatchObject({ name: 'UnexpectedResponseError' });
    expect(error.body).toEqual({ status: 'queued', meta: null });
  });
});

describe('a fetch of the caller’s', () => {
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('boom');
    },
  });

  it.each<[string, () => unknown]>([
    ['throws an object without a prototype', () => Promise.reject(Object.create(null))],
    ['throws what cannot be looked at', () => Promise.reject(hostile)],
    ['throws at once', () => hostile.message],
    ['gives nothing', async () => undefined],
    ['gives an answer without a status', async () => ({ headers: new Headers(), body: null })],
    ['gives the response of an error', async () => Response.error()],
  ])('that %s leaves the outcome unknown, and a wait going', async (_, act) => {
    const fetch = (): Promise<Response> =>
      Promise.resolve()
        .then(() => act())
        .then((given) => Object(given));
    const wan = createWan({ fetch, maxRetries: 3 });
    const lost = await failure(wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }));
    expect(lost).toMatchObject({ name: 'OutcomeUnknownError', clientRequestId: expect.any(String) });
    const waited = await failure(wan.pollUntilDone('j', { intervalMs: 5, maxWaitMs: 20 }));
    expect(waited).toMatchObject({ name: 'PollTimeoutError', id: 'j' });
  });
});

describe('a key function that never answers', () => {
  it('is given up after timeoutMs, and after the deadline of a wait', async () => {
    const wan = createWan({ apiKey: () => new Promise(() => {}), timeoutMs: 30 });
    const error = await failure(generateVideoOf(wan));
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 0 });
    expect(await failure(wan.pollUntilDone('j', { maxWaitMs: 50, intervalMs: 10 }))).toMatchObject({
      name: 'PollTimeoutError',
    });
  });
});

describe('an abort while the key is awaited', () => {
  it('ends the call at once, and leaves no timer', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const wan = createWan({ apiKey: () => new Promise(() => {}) });
    const ended = failure(wan.generateImage(input, { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(100);
    controller.abort('enough');
    expect(await ended).toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});

const generateVideoOf = (wan: Wan) => wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });

describe('onAttempt()', () => {
  it('is told of each attempt, and what it throws changes nothing', async () => {
    const busy = () =>
      HttpResponse.json({ message: 'slow' }, { status: 429, headers: { 'retry-after-ms': '1' } });
    answer(images, busy, json(made));
    const attempts: Attempt[] = [];
    const wan = createWan({
      onAttempt: (attempt) => {
        attempts.push(attempt);
        throw new Error('a broken logger');
      },
    });
    await wan.generateImage(input);
    expect(attempts).toEqual([
      {
        method: 'POST',
        url: images,
        attempt: 1,
        status: 429,
        waitMs: expect.any(Number),
        error: '429: slow',
      },
      { method: 'POST', url: images, attempt: 2, status: 200 },
    ]);
  });
});
