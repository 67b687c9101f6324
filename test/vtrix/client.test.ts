import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import type * as z from 'zod/mini';
import { createWan, OutcomeUnknownError, type VideoJob } from '../../src/index.js';
import { createFakeApi, type FakeApiOptions, type Fault } from '../../src/testing.js';
import type { Wan22T2vPlusVtrixInput, wan22T2vPlusVtrix } from '../../src/vtrix/models/wan22_t2v_plus.js';
import { createVtrix, type VtrixOptions, type VtrixVideoInput } from '../../src/vtrix.js';

const input: VtrixVideoInput = { model: 'wan22_t2v_plus', input: { prompt: 'a dragon' } };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

function start(fake: FakeApiOptions = {}, options: VtrixOptions = {}) {
  const api = createFakeApi({ videoSeconds: 0, ...fake });
  return { api, vtrix: createVtrix({ apiKey: 'sa-12345678', fetch: api.fetch, ...options }) };
}

/** A client whose every answer is this body. */
function answering(body: unknown, status = 200) {
  return createVtrix({
    apiKey: 'sa-12345678',
    maxRetries: 0,
    fetch: async () => new Response(JSON.stringify(body), { status }),
  });
}

describe('createVtrix()', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes a video over real sockets, and saves it', async () => {
    const api = createFakeApi({ videoSeconds: 0.1 });
    const server = await api.listen();
    const vtrix = createVtrix({ apiKey: 'sa-12345678', baseUrl: server.url });
    const job = await vtrix.generateVideo(input);
    expect(job).toMatchObject({
      provider: 'vtrix',
      state: 'running',
      status: 'in_queue',
      model: 'wan22_t2v_plus',
    });
    const video = await vtrix.pollUntilDone(JSON.parse(JSON.stringify(job)), { intervalMs: 20 });
    expect(video).toMatchObject({
      provider: 'vtrix',
      durationSeconds: 5,
      usage: { usdSpent: 0.1, discount: 0 },
    });
    const saved = await vtrix.save(video, join(folder, 'v.mp4'));
    expect((await readFile(saved.path)).toString('latin1', 4, 8)).toBe('ftyp');
    expect(
      api.requests.map(({ method, path }) => `${method} ${path.replace(job.id, 'ID')}`).slice(0, 2),
    ).toEqual(['POST /model/v1/generation', 'GET /model/v1/generation/task/ID']);
    expect(api.generations).toBe(1);
    await server.close();
  });

  it('takes key and base URL from the environment, and names what is missing', async () => {
    vi.stubEnv('VTRIX_API_KEY', undefined);
    vi.stubEnv('VTRIX_BASE_URL', 'https://gate.example/vtrix/');
    const seen: string[] = [];
    const vtrix = createVtrix({
      fetch: async (url) => {
        seen.push(url);
        return new Response('{"id":"t","status":"in_progress"}');
      },
    });
    const missing = await failure(vtrix.generateVideo(input));
    expect(missing).toBeInstanceOf(TypeError);
    expect(missing.message).toContain(
      'Set VTRIX_API_KEY in the environment, or pass createVtrix({ apiKey })',
    );
    vi.stubEnv('VTRIX_API_KEY', 'sa-12345678');
    await vtrix.generateVideo(input);
    expect(seen).toEqual(['https://gate.example/vtrix/model/v1/generation']);
  });

  it.each([
    ['params', { input: [{ params: { input: input.input, parameters: { size: '832*480' } } }] }],
    ['flat', { input: input.input, parameters: { size: '832*480' } }],
  ] as const)('sends the body in the style "%s"', async (bodyStyle, body) => {
    const { api, vtrix } = start({ vtrixBody: bodyStyle }, { bodyStyle });
    await vtrix.generateVideo({ ...input, parameters: { size: '832*480' } });
    expect(api.requests[0]?.body).toEqual({ model: 'wan22_t2v_plus', ...body });
    const other = createVtrix({
      apiKey: 'sa-12345678',
      fetch: api.fetch,
      bodyStyle: bodyStyle === 'flat' ? 'params' : 'flat',
    });
    expect(await failure(other.generateVideo(input))).toMatchObject({
      name: 'ApiError',
      status: 400,
      fromApi: true,
    });
  });

  it('names a body style that is none', () => {
    // @ts-expect-error no such style
    expect(() => createVtrix({ bodyStyle: 'nested' })).toThrow(TypeError);
  });
});

describe('generateVideo() at Vtrix', () => {
  const sizes = [
    '832*480',
    '480*832',
    '624*624',
    '1920*1080',
    '1080*1920',
    '1440*1440',
    '1632*1248',
    '1248*1632',
  ];

  it.each<[string, object]>([
    ['800 characters', { input: { prompt: 'x'.repeat(800) } }],
    ['500 characters to avoid', { input: { prompt: 'x', negative_prompt: 'x'.repeat(500) } }],
    ...sizes.map((size): [string, object] => [size, { parameters: { size } }]),
    ['5 s', { parameters: { duration: 5 } }],
    ['the smallest seed', { parameters: { seed: 0 } }],
    ['the largest seed', { parameters: { seed: 2_147_483_647 } }],
    ['switches', { parameters: { prompt_extend: false, watermark: true } }],
  ])('takes %s', async (_, fields) => {
    const { api, vtrix } = start();
    await vtrix.generateVideo({ ...input, ...fields });
    expect(api.generations).toBe(1);
  });

  it.each<[string, object, string]>([
    [
      '801 characters',
      { input: { prompt: 'x'.repeat(801) } },
      'input.prompt takes a text of 1 to 800 characters',
    ],
    ['no prompt', { input: {} }, 'input.prompt is missing'],
    ['an empty prompt', { input: { prompt: '' } }, 'input.prompt takes'],
    ['a blank prompt', { input: { prompt: '\u200b ' } }, 'and this has none that is visible'],
    ['no input', { input: undefined }, 'input is missing: it takes { prompt, negative_prompt }'],
    [
      '501 characters to avoid',
      { input: { prompt: 'x', negative_prompt: 'x'.repeat(501) } },
      'input.negative_prompt takes a text of 0 to 500',
    ],
    ['a size that is none', { parameters: { size: '1280*720' } }, 'parameters.size takes "832*480"'],
    ['a size with an x', { parameters: { size: '1920x1080' } }, 'did you mean "1920*1080"?'],
    ['6 s', { parameters: { duration: 6 } }, 'parameters.duration takes 5'],
    [
      'a negative seed',
      { parameters: { seed: -1 } },
      'parameters.seed takes a whole number from 0 to 2147483647',
    ],
    ['a seed too large', { parameters: { seed: 2 ** 31 } }, 'parameters.seed takes'],
    ['an unknown parameter', { parameters: { resolution: '480P' } }, 'parameters.resolution is not a field'],
    ['a field of the AIML API', { prompt: 'x' }, 'prompt is not a field of this model'],
    ['a model of the AIML API', { model: 'wan2.2-t2v-plus' }, 'model takes "wan22_t2v_plus"'],
  ])('refuses %s, and sends nothing', async (_, fields, said) => {
    const { api, vtrix } = start();
    const error = await failure(vtrix.generateVideo({ ...input, ...fields }));
    expect(error).toMatchObject({ name: 'InvalidInputError' });
    expect(error.message).toContain(said);
    expect(api.requests).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'a dragon', 'the input takes { model, input, parameters } (received "a dragon")'],
    ['nothing', undefined, 'takes { model, input, parameters }'],
    ['a Promise', Promise.resolve(input), 'takes { model, input, parameters } (this is a Promise: await it)'],
    [
      'a getter that throws',
      Object.defineProperty({ ...input }, 'model', {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      }),
      'model cannot be read: it throws (no)',
    ],
  ])('refuses %s in place of an input', async (_, given, said) => {
    const { api, vtrix } = start();
    const error = await failure(Reflect.apply(vtrix.generateVideo, undefined, [given]));
    expect(error).toMatchObject({ name: 'InvalidInputError' });
    expect(error.message).toContain(said);
    expect(api.requests).toEqual([]);
  });

  it('has the type that its schema has', () => {
    expectTypeOf<z.input<ReturnType<typeof wan22T2vPlusVtrix>>>().toEqualTypeOf<Wan22T2vPlusVtrixInput>();
    // @ts-expect-error no such size
    expectTypeOf<VtrixVideoInput>().toExtend<{ parameters: { size: '1280*720' } }>();
  });

  it.each<[string, unknown, object]>([
    [
      'a bare answer',
      { id: 't', created_at: 1_769_537_248_382, status: 'in_progress', model: 'm' },
      { id: 't', state: 'running', createdAt: '2026-01-27T18:07:28.382Z' },
    ],
    [
      'a wrapped answer',
      { data: { id: 't', status: 'in_queue' }, status: { code: 200, message: 'success' } },
      { id: 't', status: 'in_queue' },
    ],
    [
      'an answer that is complete',
      {
        id: 't',
        status: 'completed',
        output: [{ content: [{ type: 'video', url: 'https://x.example/v.mp4' }] }],
      },
      { state: 'done', video: { url: 'https://x.example/v.mp4' } },
    ],
    [
      'a failure',
      { id: 't', status: 'failed', error: { code: 110001, message: 'no' } },
      { state: 'failed', error: { code: '110001', message: 'no' } },
    ],
  ])('reads %s', async (_, body, expected) => {
    expect(await answering(body).generateVideo(input)).toMatchObject({ ...expected, raw: body });
  });

  it('takes no header for the id: Vtrix has none that names a job', async () => {
    const vtrix = createVtrix({
      apiKey: 'sa-12345678',
      fetch: async () => new Response('{"id":"t', { headers: { 'x-inference-id': 'of a proxy' } }),
    });
    expect(await failure(vtrix.generateVideo(input))).toBeInstanceOf(OutcomeUnknownError);
  });

  it('ends in an error with the whole body where there is no id', async () => {
    const body = { data: null, status: { code: 500, message: 'busy' } };
    const error = await failure(answering(body).generateVideo(input));
    expect(error).toMatchObject({ name: 'UnexpectedResponseError', body });
    expect(error.message).toContain('busy');
  });
});

describe('getVideo() at Vtrix', () => {
  it.each<[string, object, object]>([
    ['progress', { status: 'in_progress', progress: 0.4 }, { state: 'running', progress: 0.4 }],
    [
      'SUCCESS',
      { status: 'SUCCESS', output: [{ content: [{ type: 'video', url: 'u' }] }] },
      { state: 'done' },
    ],
    ['pending', { status: 'pending' }, { state: 'running' }],
    ['an error as a text', { status: 'failed', error: 'no' }, { error: { message: 'no' } }],
    ['error_message', { status: 'failed', error_message: 'no' }, { error: { message: 'no' } }],
    [
      'error_message in error',
      { status: 'failed', error: { code: 'SYNC_TIMEOUT', error_message: 'late' } },
      { error: { message: 'late', code: 'SYNC_TIMEOUT' } },
    ],
    [
      'cost as a text',
      { status: 'in_progress', usage: { cost: '0.25', discount: 0.05 } },
      { usage: { usdSpent: 0.25, discount: 0.05 } },
    ],
    ['cost as a number', { status: 'in_progress', usage: { cost: 0.25 } }, { usage: { usdSpent: 0.25 } }],
    [
      'the first video that has a link',
      { status: 'completed', output: [{ content: [{ type: 'video' }, { type: 'video', url: 'v2' }] }] },
      { state: 'done', video: { url: 'v2' } },
    ],
    [
      'the first video of several outputs',
      {
        status: 'completed',
        output: [
          { content: [{ type: 'image', url: 'i' }] },
          {
            content: [
              { type: 'video', url: 'v1', jobId: 'j', duration: 5 },
              { type: 'video', url: 'v2' },
            ],
          },
        ],
      },
      { video: { url: 'v1', durationSeconds: 5 }, inferenceId: 'j' },
    ],
  ])('reads %s', async (_, body, expected) => {
    expect(await answering({ id: 't', ...body }).getVideo('t')).toMatchObject(expected);
  });

  it('reads no usage from an empty cost', async () => {
    expect(
      await answering({ id: 't', status: 'done', usage: { cost: '' } }).getVideo('t'),
    ).not.toHaveProperty('usage');
  });

  it('refuses a job of the AIML API, and the AIML client one of Vtrix', async () => {
    const { api, vtrix } = start();
    const job = await vtrix.generateVideo(input);
    const wan = createWan({ apiKey: 'k-12345678', fetch: api.fetch });
    expect(await failure(wan.pollUntilDone(job))).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('it is a job of "vtrix"'),
    });
    const other: VideoJob = { provider: 'aimlapi', id: 'a', state: 'running', status: 'queued', raw: null };
    for (const promise of [vtrix.getVideo(other), vtrix.pollUntilDone(other)]) {
      expect(await failure(promise)).toMatchObject({
        name: 'TypeError',
        message: expect.stringContaining('it is a job of "aimlapi"'),
      });
    }
  });
});

describe('waiting at Vtrix', () => {
  it('passes progress on', async () => {
    const { vtrix } = start({ videoSeconds: 0.3, statuses: ['in_progress'] });
    const job = await vtrix.generateVideo(input);
    const progress: (number | undefined)[] = [];
    await vtrix.pollUntilDone(job, {
      intervalMs: 50,
      onUpdate: (update) => void progress.push(update.progress),
    });
    // the answer to the create tells none
    expect(progress[0]).toBeUndefined();
    expect(progress[1]).toBeGreaterThan(0);
    expect(progress.at(-1)).toBe(1);
  });

  it('gives the job back in each error, and refreshes a refused link', async () => {
    const { api, vtrix } = start();
    const job = await vtrix.generateVideo(input);
    api.fault({ kind: 'error', on: 'status', status: 403 });
    const stopped = await failure(vtrix.pollUntilDone(job.id));
    expect(stopped).toMatchObject({
      name: 'PollStoppedError',
      id: job.id,
      cause: { name: 'PermissionError' },
    });
    api.fault({ kind: 'expired-link' });
    const video = await vtrix.pollUntilDone(stopped.job);
    expect((await vtrix.download(video)).byteLength).toBeGreaterThan(1000);
    api.fault({ kind: 'job-fails' });
    const failing = await vtrix.generateVideo(input);
    expect(await failure(vtrix.pollUntilDone(failing.id))).toMatchObject({
      name: 'VideoFailedError',
      code: 'GenerationError',
    });
  });
});

describe('a status check at Vtrix that never answers', () => {
  /** The first checks are answered, then none is; files are refused. */
  function silentAfter(answered: number) {
    const counts = { checks: 0 };
    const video = { type: 'video', url: 'https://cdn.example/v.mp4' };
    const vtrix = createVtrix({
      apiKey: 'sa-12345678',
      fetch: async (address, { signal }) => {
        if (address.startsWith('https://cdn.example/')) return new Response('', { status: 403 });
        counts.checks += 1;
        if (counts.checks <= answered)
          return new Response(
            JSON.stringify({ id: 'v', status: 'completed', output: [{ content: [video] }] }),
          );
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    return { vtrix, counts };
  }

  it('ends with the wait: the time that is left holds for the check', async () => {
    const error = await failure(silentAfter(0).vtrix.pollUntilDone('v', { maxWaitMs: 100 }));
    expect(error).toMatchObject({ name: 'PollTimeoutError', id: 'v' });
    expect(error.cause).toMatchObject({ name: 'RequestTimeoutError' });
    expect(error.waitedMs).toBeLessThan(10_000);
  });

  it('ends with the abort of a save that asks for a new link', { timeout: 10_000 }, async () => {
    const { vtrix, counts } = silentAfter(1);
    const video = await vtrix.pollUntilDone('v');
    const controller = new AbortController();
    const ending = failure(vtrix.download(video, { signal: controller.signal }));
    await vi.waitFor(() => expect(counts.checks).toBe(2));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await ending).toBe(reason);
  });
});

describe('sending to Vtrix', () => {
  it.each<[string, Fault, ending: string, paid: number]>([
    ['reset, accepted', { kind: 'reset', accepted: true }, 'OutcomeUnknownError', 1],
    ['502 with HTML, accepted', { kind: 'html', accepted: true }, 'OutcomeUnknownError', 1],
    ['cut', { kind: 'cut' }, 'OutcomeUnknownError', 1],
    ['broken JSON', { kind: 'broken-json' }, 'OutcomeUnknownError', 1],
    [
      '500 in JSON of something else',
      { kind: 'answer', status: 500, body: { message: 'x' }, accepted: true },
      'OutcomeUnknownError',
      1,
    ],
    ['500 in its own words', { kind: 'error', status: 500 }, 'ok', 1],
    ['503 in its own words', { kind: 'error', status: 503 }, 'ok', 1],
    ['504 in its own words', { kind: 'error', status: 504 }, 'ApiError', 0],
    ['429', { kind: 'rate-limit' }, 'ok', 1],
    ['401', { kind: 'error', status: 401 }, 'AuthenticationError', 0],
    [
      '403, out of balance',
      { kind: 'error', status: 403, message: 'Insufficient balance' },
      'InsufficientCreditsError',
      0,
    ],
    ['307', { kind: 'answer', status: 307, headers: { location: 'https://x.example' } }, 'ApiError', 0],
  ])('%s: ends in the table’s way', async (_, fault, ending, paid) => {
    const { api, vtrix } = start();
    api.fault({ on: 'video', ...fault });
    const error = await failure(vtrix.generateVideo(input));
    expect(error?.name ?? 'ok').toBe(ending);
    expect(api.generations).toBe(paid);
  });

  it('says that a lost create cannot be found again there', async () => {
    const { api, vtrix } = start();
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const error = await failure(vtrix.generateVideo(input));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toContain('Vtrix has no request log');
    expect(error.message).not.toContain('recoverVideo');
    expect(vtrix).not.toHaveProperty('recoverVideo');
  });
});
