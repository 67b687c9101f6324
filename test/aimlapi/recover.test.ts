import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan, OutcomeUnknownError, type RecoverOptions, VideoFailedError } from '../../src/index.js';
import { createFakeApi, type FakeApiOptions } from '../../src/testing.js';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const day = 24 * 60 * minute;
const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;

async function settle<T>(promise: Promise<T>): Promise<T> {
  let open = true;
  promise.then(
    () => {
      open = false;
    },
    () => {
      open = false;
    },
  );
  while (open) await vi.advanceTimersByTimeAsync(1000);
  return promise;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

function start(options: FakeApiOptions = {}) {
  const api = createFakeApi({ videoSeconds: 10, ...options });
  const wan = createWan({ apiKey: 'k-12345678', fetch: api.fetch });
  return { api, wan };
}

describe('recoverVideo()', () => {
  it('finds the job of a create whose answer was lost, which is then waited for: one payment', async () => {
    const { api, wan } = start({ logDelaySeconds: 100 });
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const lost = await failure(wan.generateVideo(input));
    expect(lost).toBeInstanceOf(OutcomeUnknownError);
    const job = await settle(wan.recoverVideo(lost));
    expect(job).toMatchObject({
      state: 'running',
      model: 'alibaba/wan2.2-t2v-plus',
      clientRequestId: lost.clientRequestId,
    });
    expect(job?.usage).toEqual({ creditsUsed: 200_000, usdSpent: 0.1 });
    const video = await settle(wan.pollUntilDone(job ?? ''));
    expect(video.url).toContain('.mp4');
    expect(api.generations).toBe(1);
  });

  it('looks every 15 s, around the time of the create', async () => {
    const { api, wan } = start();
    const facts = {
      clientRequestId: 'nobody',
      startedAt: new Date().toISOString(),
      model: 'alibaba/wan2.2-t2v-plus',
    };
    expect(await settle(wan.recoverVideo(facts, { maxWaitMs: 45_000 }))).toBeUndefined();
    expect(api.requests).toHaveLength(3);
    expect(api.requests[0]?.query).toMatchObject({
      start: '2026-11-21T11:50:00.000Z',
      end: '2026-11-21T12:10:00.000Z',
      limit: '100',
      offset: '0',
    });
  });

  it('reads on through all pages', async () => {
    const { api, wan } = start();
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const lost = await failure(wan.generateVideo(input));
    for (let count = 0; count < 250; count += 1) await wan.generateVideo(input);
    const before = api.requests.length;
    expect(await settle(wan.recoverVideo(lost))).toMatchObject({ clientRequestId: lost.clientRequestId });
    expect(api.requests.slice(before).map(({ query }) => query.offset)).toEqual(['0', '100', '200']);
  });

  it('never gives a failed row; only failed rows by the deadline mean that nothing was billed', async () => {
    const { api, wan } = start();
    api.fault({ kind: 'error', on: 'video', status: 504 });
    const clientRequestId = 'order-7';
    await failure(wan.generateVideo(input, { clientRequestId }));
    const facts = { clientRequestId, startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
    const error = await failure(settle(wan.recoverVideo(facts, { maxWaitMs: minute })));
    expect(error).toBeInstanceOf(VideoFailedError);
    expect(error.message).toContain('billed nothing');
    await wan.generateVideo(input, { clientRequestId });
    expect(await settle(wan.recoverVideo(facts))).toMatchObject({ clientRequestId });
  });

  it('waits out a log that cannot be read, and says so at the deadline instead of "not found"', async () => {
    const { api, wan } = start();
    const facts = {
      clientRequestId: 'order-8',
      startedAt: new Date().toISOString(),
      model: 'wan2.2-t2v-plus',
    };
    await wan.generateVideo(input, { clientRequestId: 'order-8' });
    api.fault({ kind: 'html', on: 'log', times: 12 });
    expect(await settle(wan.recoverVideo(facts))).toMatchObject({ clientRequestId: 'order-8' });
    api.fault({ kind: 'answer', on: 'log', status: 200, body: '{"data": [', times: 1000 });
    expect(await failure(settle(wan.recoverVideo(facts, { maxWaitMs: minute })))).toMatchObject({
      name: 'UnexpectedResponseError',
    });
  });

  it('gives no row of another model, and none without an id', async () => {
    const { wan } = start();
    const clientRequestId = 'order-1';
    const facts = { clientRequestId, startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
    const video = await wan.generateVideo(input, { clientRequestId });
    await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' }, { clientRequestId });
    expect(await settle(wan.recoverVideo(facts))).toMatchObject({ id: video.id });
    const nameless: object = { clientRequestId: undefined };
    expect(await failure(wan.recoverVideo({ ...facts, ...nameless }))).toMatchObject({
      name: 'InvalidInputError',
    });
  });

  it('takes facts of a machine whose clock runs ahead, and keeps to its deadline', async () => {
    const { api, wan } = start();
    const startedAt = new Date(Date.now() + 5 * minute).toISOString();
    const facts = { clientRequestId: 'order-1', startedAt, model: 'wan2.2-t2v-plus' };
    const job = await wan.generateVideo(input, { clientRequestId: 'order-1' });
    expect(await settle(wan.recoverVideo(facts))).toMatchObject({ id: job.id });
    api.fault({ kind: 'stall', on: 'log', times: 99 });
    const before = Date.now();
    await failure(settle(wan.recoverVideo(facts, { maxWaitMs: 20_000 })));
    expect(Date.now() - before).toBeLessThan(22_000);
  });

  it('waits as long as a 429 of the log asks', async () => {
    const { api, wan } = start();
    const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
    api.fault({ kind: 'rate-limit', on: 'log', retryAfterSeconds: 50 });
    await settle(wan.recoverVideo(facts, { maxWaitMs: 60_000 }));
    expect(api.requests).toHaveLength(2);
  });

  it.each([
    ['50 s of a 429', 50, 50_000],
    ['an hour of a 429, for 60 s', 3600, 60_000],
    ['2 s of a 429, for one interval', 2, 15_000],
  ])('waits out %s', async (_, retryAfterSeconds, waitMs) => {
    const { api, wan } = start();
    const facts = { clientRequestId: 'order-1', startedAt: new Date().toISOString(), model: input.model };
    await wan.generateVideo(input, { clientRequestId: 'order-1' });
    api.fault({ kind: 'rate-limit', on: 'log', retryAfterSeconds });
    const before = Date.now();
    expect(await settle(wan.recoverVideo(facts))).toMatchObject({ clientRequestId: 'order-1' });
    expect(Date.now() - before).toBeGreaterThanOrEqual(waitMs);
    expect(Date.now() - before).toBeLessThan(waitMs + 2000);
  });

  it.each([
    [40_000, [0, 15_000, 30_000, 38_000]],
    [10_000, [0, 9000]],
    [2500, [0, 2250]],
  ])(
    'within %i ms of nothing but trouble asks once more shortly before the end',
    async (maxWaitMs, times) => {
      const asked: number[] = [];
      const start = Date.now();
      const fetch = async () => {
        asked.push(Date.now() - start);
        throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });
      };
      const wan = createWan({ apiKey: 'k-12345678', fetch });
      const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: input.model };
      expect(await failure(settle(wan.recoverVideo(facts, { maxWaitMs })))).toMatchObject({
        name: 'ConnectionError',
      });
      expect(asked).toEqual(times);
    },
  );

  it('stops at once where fetch itself refuses the request, and where there is no key', async () => {
    const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: input.model };
    const before = Date.now();
    const closed = createWan({ apiKey: 'k-12345678', baseUrl: 'http://127.0.0.1:1' });
    expect(await failure(settle(closed.recoverVideo(facts)))).toMatchObject({ name: 'ConnectionError' });
    const keyless = createWan({ apiKey: '' });
    expect(await failure(settle(keyless.recoverVideo(facts)))).toBeInstanceOf(TypeError);
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('in one look ends at once with the caller’s reason', async () => {
    const { api, wan } = start();
    api.fault({ kind: 'stall', on: 'log', times: 9 });
    const controller = new AbortController();
    const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: input.model };
    const ended = failure(wan.recoverVideo(facts, { maxWaitMs: 0, signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(1000);
    controller.abort('enough');
    expect(await ended).toBe('enough');
    expect(api.requests).toHaveLength(1);
  });

  it('stops at a refusal', async () => {
    const { api, wan } = start();
    api.fault({ kind: 'error', on: 'log', status: 403 });
    const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
    expect(await failure(settle(wan.recoverVideo(facts)))).toMatchObject({ name: 'PermissionError' });
  });

  it('ends at once with the caller’s reason', async () => {
    const { wan } = start();
    const controller = new AbortController();
    const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
    const ended = failure(wan.recoverVideo(facts, { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(20_000);
    controller.abort('enough');
    expect(await ended).toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('names misuse', async () => {
    const { wan } = start();
    const facts = { clientRequestId: 'x', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
    const old = { ...facts, startedAt: new Date(Date.now() - 93 * day).toISOString() };
    const bad: [object, RecoverOptions, typeof Error][] = [
      [old, {}, RangeError],
      [{ ...facts, startedAt: 'yesterday' }, {}, TypeError],
      [{ ...facts, model: 'wan2.5-t2i-preview' }, {}, TypeError],
      [facts, { intervalMs: 0 }, RangeError],
      [facts, { maxWaitMs: -1 }, RangeError],
      [facts, { maxWaitMs: '5' as never }, RangeError],
    ];
    for (const [given, options, type] of bad) {
      expect(await failure(wan.recoverVideo({ ...facts, ...given }, options))).toBeInstanceOf(type);
    }
    expect((await failure(wan.recoverVideo(old))).message).toContain('92 days');
  });
});

describe('findRequest()', () => {
  it('gives all rows of an id, the failed ones too', async () => {
    const { api, wan } = start();
    const clientRequestId = 'order-9';
    api.fault({ kind: 'error', on: 'image', status: 500 });
    const image = wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' }, { clientRequestId });
    const { inferenceId } = await settle(image);
    await wan.generateVideo(input);
    const rows = await wan.findRequest({ clientRequestId, since: new Date(Date.now() - day) });
    expect(rows).toMatchObject([
      {
        status: 'succeeded',
        inferenceId,
        model: 'alibaba/wan2.5-t2i-preview',
        usage: { creditsUsed: 63_000, usdSpent: 0.0315 },
      },
      { status: 'failed', usage: { creditsUsed: 0, usdSpent: 0 } },
    ]);
    expect(
      await wan.findRequest({ clientRequestId, since: '2026-11-21', model: 'wan2.5-t2i-preview' }),
    ).toHaveLength(2);
    const model = 'alibaba/wan2.2-t2v-plus';
    expect(
      await wan.findRequest({ clientRequestId, since: '2026-11-21T00:00:00Z', until: new Date(), model }),
    ).toEqual([]);
  });

  it('finds a model by each of its names', async () => {
    const { wan } = start();
    const clientRequestId = 'order-10';
    await settle(wan.generateVideo({ model: 'wan2.6-t2v', prompt: 'x' }, { clientRequestId }));
    for (const model of ['wan2.6-t2v', 'wan-2-6-t2v', 'alibaba/wan-2-6-t2v']) {
      const since = new Date(Date.now() - day);
      expect(await settle(wan.findRequest({ clientRequestId, since, model })), model).toHaveLength(1);
    }
  });

  it('waits as long as a 429 asks', async () => {
    const { api, wan } = start();
    api.fault({ kind: 'rate-limit', on: 'log', retryAfterSeconds: 30 });
    const before = Date.now();
    expect(await settle(wan.findRequest({ clientRequestId: 'x', since: new Date() }))).toEqual([]);
    expect(Date.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  it('names a window that the log does not take', async () => {
    const { wan } = start();
    const since = new Date(Date.now() - 92 * day - minute);
    expect(await failure(wan.findRequest({ clientRequestId: 'x', since }))).toBeInstanceOf(RangeError);
    expect(
      await failure(wan.findRequest({ clientRequestId: 'x', since: new Date(), until: since })),
    ).toBeInstanceOf(RangeError);
    expect(await failure(wan.findRequest({ clientRequestId: 'x', since: 'soon' }))).toBeInstanceOf(TypeError);
  });
});
