import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { windowSince } from '../../src/aimlapi/look.js';
import { createWan, mayHaveBeenPaid, type VideoOrder } from '../../src/index.js';
import { createFakeApi, type FakeApiOptions } from '../../src/testing.js';
import { cutPage, day, minute, otherRows, outcomeOf, pageOf, rowOf, serveLog } from './log-server.js';

const now = Date.parse('2026-11-21T12:00:00.000Z');
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => void vi.useRealTimers());

const again = { again: true } as const;
const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;

/** An order that was made so long ago. */
function orderOf(ageMs = 0, fields: Partial<VideoOrder> = {}): VideoOrder {
  return {
    provider: 'aimlapi',
    model: 'alibaba/wan2.2-t2v-plus',
    body: { model: 'alibaba/wan2.2-t2v-plus', prompt: 'x' },
    clientRequestId: 'order-1',
    orderedAt: new Date(Date.now() - ageMs).toISOString(),
    ...fields,
  };
}

const created = (ageMs: number) => ({ created: new Date(Date.now() - ageMs).toISOString() });

function start(options: FakeApiOptions = {}) {
  const api = createFakeApi({ videoSeconds: 10, ...options });
  return { api, wan: createWan({ apiKey: 'k-12345678', fetch: api.fetch }) };
}

test.each([
  ['just now', 0, -10],
  ['3 hours ago', 3 * 60, -190],
  ['91 days ago', 91 * 24 * 60, -91 * 24 * 60 - 10],
  ['92 days ago: the last 92 days', 92 * 24 * 60, -92 * 24 * 60 + 10],
  ['a year ago: the last 92 days', 365 * 24 * 60, -92 * 24 * 60 + 10],
  ['in 10 minutes: the clocks differ', -10, -10],
  ['in 11 minutes, so that nobody knows when: the last 92 days', -11, -92 * 24 * 60 + 10],
])('an order that was made %s is looked for from 10 minutes before it until now', (_, ageMinutes, start) => {
  const { startMs, endMs } = windowSince(now - ageMinutes * minute, now);
  expect([(startMs - now) / minute, (endMs - now) / minute]).toEqual([start, 10]);
});

describe('startVideo() with again', () => {
  it('pays nothing: one look, and no row is undefined', async () => {
    const { api, wan } = start();
    const order = await wan.orderVideo(input);
    vi.advanceTimersByTime(3 * day);
    expect(await wan.startVideo(order, again)).toBeUndefined();
    expect(api.requests.map(({ method, path, query }) => [method, path, query])).toEqual([
      [
        'GET',
        '/v2/logs',
        { start: '2026-11-21T11:50:00.000Z', end: '2026-11-24T12:10:00.000Z', limit: '100', offset: '0' },
      ],
    ]);
    expect(api.generations).toBe(0);
  });

  it('finds the job of a create whose answer was lost, days after the order; it has no raw', async () => {
    const { api, wan } = start();
    const order = await wan.orderVideo(input);
    vi.advanceTimersByTime(5 * day);
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const { error } = await outcomeOf(wan.startVideo(order));
    expect(mayHaveBeenPaid(error)).toBe(true);
    vi.advanceTimersByTime(30 * day);
    const job = await wan.startVideo(JSON.parse(JSON.stringify(order)), again);
    expect(job).toMatchObject({
      provider: 'aimlapi',
      state: 'running',
      clientRequestId: order.clientRequestId,
      model: 'alibaba/wan2.2-t2v-plus',
      createdAt: '2026-11-26T12:00:00.000Z',
      usage: { creditsUsed: 200_000, usdSpent: 0.1 },
    });
    expect(Object.keys(job ?? {})).not.toContain('raw');
    expect(JSON.parse(JSON.stringify(job))).toStrictEqual(job);
    expect((await wan.checkVideo(job ?? '')).video?.url).toContain('.mp4');
    expect(api.generations).toBe(1);
  });

  it('reads all pages, and no more than it needs', async () => {
    const rows = [...otherRows(250), rowOf(), ...otherRows(300)];
    const { wan, requests } = serveLog((request) => cutPage(rows, request.offset));
    expect(await wan.startVideo(orderOf(), again)).toMatchObject({ id: 'video-1' });
    expect(requests.map(({ offset }) => offset)).toEqual([0, 100, 200]);
    const other = orderOf(0, { clientRequestId: 'nobody' });
    expect((await outcomeOf(wan.startVideo(other, again))).value).toBeUndefined();
    expect(requests).toHaveLength(3 + 6);
  });

  const failed = { status: 'failed', inference_id: 'failed-1', cost: { usd: 0, credits: 0 } };
  it.each([
    ['a succeeded row', [rowOf()], 'video-1'],
    ['a running row', [rowOf({ status: 'running' })], 'video-1'],
    ['a succeeded row after a failed one', [rowOf(), rowOf(failed)], 'video-1'],
    ['a succeeded row before a failed one', [rowOf(failed), rowOf()], 'video-1'],
    ['a succeeded row pages behind a failed one', [rowOf(failed), ...otherRows(250), rowOf()], 'video-1'],
    ['a row with an id after one without', [rowOf({ inference_id: null }), rowOf()], 'video-1'],
    ['a row of a model that is not known here', [rowOf({ model: 'alibaba/wan9' })], 'video-1'],
  ])('gives the job of %s', async (_, rows, id) => {
    const { wan } = serveLog((request) => cutPage(rows, request.offset));
    expect(await wan.startVideo(orderOf(), again)).toMatchObject({ id, state: 'running' });
  });

  it.each([
    ['only failed rows', [rowOf(failed), rowOf(failed)], 'VideoFailedError', 'billed nothing'],
    ['a row without an id', [rowOf({ inference_id: null })], 'UnexpectedResponseError', 'under which id'],
  ])('throws where there are %s, and lets the mark stay', async (_, rows, name, message) => {
    const { wan } = serveLog((request) => cutPage(rows, request.offset));
    const { error } = await outcomeOf(wan.startVideo(orderOf(), again));
    expect(error).toMatchObject({ name, message: expect.stringContaining(message) });
    expect(mayHaveBeenPaid(error)).toBe(true);
  });

  it.each([
    ['of another id', { client_request_id: 'order-2' }],
    ['of an image with the same id', { model: 'alibaba/wan2.2-t2i-plus' }],
  ])('takes no row %s', async (_, fields) => {
    const { wan } = serveLog((request) => cutPage([rowOf(fields)], request.offset));
    expect(await wan.startVideo(orderOf(), again)).toBeUndefined();
  });

  it('judges no body by the rules of today', async () => {
    const { wan } = serveLog((request) => cutPage([rowOf({ model: 'alibaba/wan0' })], request.offset));
    for (const body of [{ model: 'alibaba/wan0', gone: 1 }, {}]) {
      const order = orderOf(0, { model: 'alibaba/wan0', body });
      expect(await wan.startVideo(order, again)).toMatchObject({ id: 'video-1' });
    }
  });

  it.each([
    ['an hour ahead', 60 * minute],
    ['an hour behind', -60 * minute],
    ['half a year behind', -180 * day],
  ])('finds the row where the API’s clock is %s', async (_, aheadMs) => {
    const rows = [{ ...rowOf(), ...created(-aheadMs) }];
    const { wan, requests } = serveLog((request) => pageOf(rows, request), { aheadMs });
    expect(await wan.startVideo(orderOf(), again)).toMatchObject({ id: 'video-1' });
    expect(requests).toHaveLength(2);
  });

  it('finds the row of an order whose clock was set back since', async () => {
    const rows = [{ ...rowOf(), ...created(20 * day) }];
    const { wan } = serveLog((request) => pageOf(rows, request));
    expect(await wan.startVideo(orderOf(-50 * day), again)).toMatchObject({ id: 'video-1' });
  });

  it.each([
    ['is in the last 92 days', [{ ...rowOf(), ...created(91 * day) }], { id: 'video-1' }],
    ['is in none of them', [], 'RangeError'],
    [
      'has a failed row only, so that a paid one may be older',
      [{ ...rowOf(failed), ...created(day) }],
      'RangeError',
    ],
  ])('looks at the last 92 days for an older order, which %s', async (_, rows, expected) => {
    const { wan, requests } = serveLog((request) => pageOf(rows, request));
    const { value, error } = await outcomeOf(wan.startVideo(orderOf(120 * day), again));
    if (expected === 'RangeError') {
      expect(error).toBeInstanceOf(RangeError);
      expect(String(error)).toContain('The request log goes back 92 days only');
      expect(mayHaveBeenPaid(error)).toBe(true);
    } else expect(value).toMatchObject(expected as object);
    for (const { startMs, endMs } of requests) expect(endMs - startMs).toBeLessThanOrEqual(92 * day);
  });

  it('repeats a failed request as other calls do, and says then what is wrong', async () => {
    const { api, wan } = start();
    const order = await wan.orderVideo(input);
    await wan.startVideo(order);
    api.fault({ kind: 'html', on: 'log', times: 4 });
    expect((await outcomeOf(wan.startVideo(order, again))).value).toMatchObject({ state: 'running' });
    api.fault({ kind: 'error', status: 503, on: 'log', times: 5 });
    const { error } = await outcomeOf(wan.startVideo(order, again));
    expect(error).toMatchObject({ name: 'ApiError', status: 503 });
    expect(mayHaveBeenPaid(error)).toBe(true);
    api.fault({ kind: 'error', status: 503, on: 'log', times: 1 });
    const once = await outcomeOf(wan.startVideo(order, { ...again, maxRetries: 0 }));
    expect(once.error).toMatchObject({ status: 503 });
    expect(api.generations).toBe(1);
  });

  it('lets the mark stay where the reason of its abort ended another create unsent', async () => {
    const { api, wan } = start();
    const stop = new AbortController();
    const reason = new Error('the worker ends');
    const order = await wan.orderVideo(input);
    api.fault({ kind: 'stall', on: 'log' });
    const look = wan.startVideo(order, { ...again, signal: stop.signal }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(10);
    expect(api.requests).toHaveLength(1);
    stop.abort(reason);
    expect(await look).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(true);
    const early = { signal: AbortSignal.abort(new Error('early')) };
    expect((await outcomeOf(wan.generateVideo(input, early))).error).toBe(early.signal.reason);
    expect(mayHaveBeenPaid(early.signal.reason)).toBe(false);
    await outcomeOf(wan.startVideo(order, { ...again, ...early }));
    expect(mayHaveBeenPaid(early.signal.reason)).toBe(true);
  });

  it('never pays, whatever the log answers', async () => {
    const methods: string[] = [];
    const bodies = ['', 'null', '[]', '{"data":5}', '{"data":[null]}', '{"data":[{}]}', '<html>'];
    for (const body of bodies) {
      const wan = createWan({
        apiKey: 'k-12345678',
        fetch: async (_, { method }) => {
          methods.push(method);
          return new Response(body);
        },
      });
      await outcomeOf(wan.startVideo(orderOf(), again));
    }
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });
});
