import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createWan, type LoggedRequest } from '../../src/index.js';
import { createFakeApi, type Fault } from '../../src/testing.js';

function open(...faults: Fault[]) {
  const api = createFakeApi({ balanceUsd: 20, videoSeconds: 0 });
  for (const fault of faults) api.fault(fault);
  return { api, wan: createWan({ apiKey: 'a-key', fetch: api.fetch, maxRetries: 0 }) };
}

const answer = (body: unknown): Fault => ({ kind: 'answer', status: 200, body });
const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const image = { model: 'wan2.5-t2i-preview', prompt: 'x' } as const;

describe('getBalance()', () => {
  test('is what is left after the creates', async () => {
    const { wan } = open();
    expect(await wan.getBalance()).toEqual({ usd: 20 });
    await wan.generateVideo(video);
    expect(await wan.getBalance()).toEqual({ usd: 19.9 });
  });

  test.each([
    [{ current_balance: '7.5', currency: 'usd' }, { usd: 7.5 }],
    [{ current_balance: 0 }, { usd: 0 }],
    [{ current_balance: -1.25, more: true }, { usd: -1.25 }],
  ])('reads %j', async (body, balance) => {
    expect(await open(answer(body)).wan.getBalance()).toEqual(balance);
  });

  test.each([
    [{}, 'there is no current_balance in it'],
    [{ current_balance: null }, 'there is no current_balance in it'],
    [{ current_balance: 5, currency: 'EUR' }, 'the balance is in "EUR", not in USD'],
  ])('refuses %j', async (body, issue) => {
    const error = { name: 'UnexpectedResponseError', issues: [issue], body };
    await expect(open(answer(body)).wan.getBalance()).rejects.toMatchObject(error);
  });

  test('a create that costs more than that is an InsufficientCreditsError', async () => {
    const api = createFakeApi({ balanceUsd: 0.05 });
    const wan = createWan({ apiKey: 'a-key', fetch: api.fetch });
    await expect(wan.generateVideo(video)).rejects.toMatchObject({
      name: 'InsufficientCreditsError',
      status: 403,
      code: 'err_insufficent_credits',
    });
    expect([api.generations, api.charged]).toEqual([0, 0]);
  });
});

describe('getKey()', () => {
  test('tells what the API tells', async () => {
    const { wan } = open();
    await wan.generateImage(image);
    expect(await wan.getKey()).toEqual({
      name: 'embedded',
      disabled: false,
      scopes: ['model:image', 'model:video'],
      usedUsd: 0.0315,
    });
  });

  test.each([
    [{}, { disabled: false }],
    [
      { disabled: true, scopes: null, limit: { threshold: 25, retention: 'month' }, monthly_usage: '3.5' },
      { disabled: true, limitUsd: 25, limitPeriod: 'month', usedUsd: 3.5 },
    ],
    [
      {
        name: 5,
        disabled: 'true',
        scopes: ['model:image', 5],
        limit: { threshold: '0', retention: 'no_reset' },
      },
      { disabled: true, scopes: ['model:image'], limitUsd: 0, limitPeriod: 'no_reset' },
    ],
    [{ limit: 5, scopes: 'all' }, { disabled: false }],
  ])('reads %j', async (data, key) => {
    expect(await open(answer({ data })).wan.getKey()).toEqual(key);
  });

  test('refuses an answer without data', async () => {
    await expect(open(answer({ name: 'x' })).wan.getKey()).rejects.toMatchObject({
      name: 'UnexpectedResponseError',
      issues: ['there are no data of a key in it'],
    });
  });
});

describe('listRequests()', () => {
  const since = () => new Date(Date.now() - 60_000);

  async function listed(rows: AsyncIterable<LoggedRequest>) {
    const all: string[] = [];
    for await (const { model, status, usage } of rows) all.push(`${model} ${status} ${usage?.usdSpent}`);
    return all;
  }

  async function spend() {
    const { api, wan } = open();
    await wan.generateImage(image);
    await wan.generateVideo(video);
    api.fault({ kind: 'error', status: 501 });
    await wan.generateVideo(video).catch(() => {});
    return { api, wan };
  }
  const made = ['alibaba/wan2.2-t2v-plus succeeded 0.1', 'alibaba/wan2.5-t2i-preview succeeded 0.0315'];
  const failed = 'alibaba/wan2.2-t2v-plus failed 0';

  test('lists all, newest first, or those of a model or a status', async () => {
    const { wan } = await spend();
    const list = (more: object = {}) => listed(wan.listRequests({ since: since(), ...more }));
    expect(await list()).toEqual([failed, ...made]);
    expect(await list({ status: 'succeeded' })).toEqual(made);
    expect(await list({ status: 'failed' })).toEqual([failed]);
    expect(await list({ model: 'wan2.5-t2i-preview' })).toEqual([made[1]]);
    expect(await list({ model: 'alibaba/wan2.2-t2v-plus', status: 'succeeded' })).toEqual([made[0]]);
    expect(await list({ model: 'alibaba/unknown' })).toEqual([]);
    expect(await list({ until: new Date(Date.now() - 50_000).toISOString() })).toEqual([]);
  });

  test('leaves out rows that a server gives in spite of the filter', async () => {
    const rows = [{ status: 'failed' }, { status: 'succeeded' }];
    const { wan } = open(answer({ data: rows }));
    expect(await listed(wan.listRequests({ since: since(), status: 'failed' }))).toEqual([
      'undefined failed undefined',
    ]);
  });

  test('reads a page when the loop gets there, and waits out 429 where it was', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, wan } = open();
    await Promise.all(Array.from({ length: 150 }, () => wan.generateVideo(video)));
    const logged = () => api.requests.filter(({ path }) => path === '/v2/logs');
    const rows = wan.listRequests({ since: since() });
    await rows.next();
    expect(logged()).toHaveLength(1);
    api.fault({ kind: 'rate-limit', on: 'log' });
    api.fault({ kind: 'rate-limit', on: 'log', retryAfterSeconds: 20 });
    const rest = listed(rows);
    await vi.advanceTimersByTimeAsync(15_000);
    await vi.advanceTimersByTimeAsync(19_000);
    expect(logged()).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await rest).toHaveLength(149);
    expect(logged().map(({ query }) => query.offset)).toEqual(['0', '100', '100', '100']);
  });

  test('ends with the error where 429 does not end, and at once when it is aborted', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, wan } = open({ kind: 'rate-limit', on: 'log', times: 99 });
    const first = listed(wan.listRequests({ since: since() }));
    const outcome = expect(first).rejects.toMatchObject({ name: 'RateLimitError' });
    await vi.advanceTimersByTimeAsync(200_000);
    await outcome;
    expect(api.requests).toHaveLength(9);
    const controller = new AbortController();
    const second = listed(wan.listRequests({ since: since() }, { signal: controller.signal }));
    const aborted = expect(second).rejects.toBe('enough');
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort('enough');
    await aborted;
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each<[unknown, RegExp]>([
    [undefined, /^Cannot list the requests: it takes an object such as \{ since \}\.$/],
    [{}, /^Cannot use since: it takes a Date or an ISO time/],
    [{ since: '2026-01-01', until: '2025-01-01' }, /at most 92 days, the earlier time first/],
    [{ since: '2025-01-01', until: '2026-01-01' }, /at most 92 days/],
    [{ since: '2026-01-01', modell: 'x' }, /there is no option "modell"/],
    [{ since: new Date(), model: 5 }, /model takes the id of a model, not 5/],
    [{ since: new Date(), status: 'done' }, /status takes "succeeded" or "failed", not "done"/],
  ])('refuses %j', async (input, message) => {
    const { api, wan } = open();
    // @ts-expect-error not an input
    const [outcome] = await Promise.allSettled([listed(wan.listRequests(input))]);
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(message) },
    });
    expect(api.requests).toEqual([]);
  });
});
