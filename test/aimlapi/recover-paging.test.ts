import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createWan,
  RequestTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
} from '../../src/index.js';
import {
  cutPage,
  factsOf,
  type LogAnswer,
  type LogRequest,
  minute,
  model,
  otherRows,
  outcomeOf,
  pageOf,
  rowOf,
  serveLog,
} from './log-server.js';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

/** Logs that say for ever that there is more. */
const endless: Record<string, (offset: number) => object> = {
  'new rows': (offset) => ({
    data: otherRows(100, { inference_id: `other-${offset}` }),
    pagination: { has_more: true, total: 1e9 },
  }),
  'the same rows': () => ({ data: otherRows(100), pagination: { has_more: true, total: 1e9 } }),
  'the same rows, and no total': () => ({ data: otherRows(3), pagination: { has_more: true } }),
  'rows that are none': () => ({
    data: Array(100).fill(null),
    pagination: { has_more: 'true', total: 'many' },
  }),
  'pages without a row': () => ({ data: [], pagination: { has_more: true, total: 500 } }),
};

/** 200 requests in 60 s; so many of them were somebody else's. */
function limitOf(elsewhere: number, retryAfter: boolean) {
  const beganMs = performance.now();
  let taken = elsewhere;
  let turn = 0;
  return (): LogAnswer | undefined => {
    const past = performance.now() - beganMs;
    if (Math.floor(past / minute) > turn) [turn, taken] = [Math.floor(past / minute), 0];
    taken += 1;
    if (taken <= 200) return undefined;
    const seconds = String(Math.ceil((minute - (past % minute)) / 1000));
    const error = { name: 'ThrottlerException', message: 'Too Many Requests' };
    const headers = retryAfter ? { 'retry-after': seconds } : {};
    return { status: 429, headers, body: { status: 429, error, instance: '/v2/logs?' } };
  };
}

describe('recoverVideo() through many pages', () => {
  it.each([true, false])(
    'finds row 25,001 of a log that takes 200 requests in 60 s (Retry-After: %s)',
    { timeout: 60_000 },
    async (retryAfter) => {
      const rows = [...otherRows(25_000), rowOf()];
      const refusal = limitOf(120, retryAfter);
      const refused: number[] = [];
      const { wan, requests } = serveLog((request) => {
        const refuses = refusal();
        if (refuses) refused.push(request.offset);
        return refuses ?? cutPage(rows, request.offset);
      });
      const { value } = await outcomeOf(wan.recoverVideo(factsOf()));
      expect(value).toMatchObject({ id: 'video-1', clientRequestId: 'order-1' });
      expect(refused.length).toBeGreaterThan(0);
      // on from where it was refused, with the same window
      const offsets = requests.map(({ offset }) => offset);
      expect([...new Set(offsets)]).toEqual(Array.from({ length: 251 }, (_, page) => page * 100));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      expect(new Set(requests.map(({ endMs }) => endMs)).size).toBe(1);
    },
  );

  it('stays within 200 requests in 60 s by itself', { timeout: 60_000 }, async () => {
    const rows = [...otherRows(40_000), rowOf()];
    const { wan, requests } = serveLog(({ offset }) => cutPage(rows, offset));
    expect((await outcomeOf(wan.recoverVideo(factsOf()))).value).toBeDefined();
    const within = requests.map(({ atMs }) =>
      requests.filter((other) => other.atMs >= atMs && other.atMs < atMs + minute),
    );
    expect(Math.max(...within.map(({ length }) => length))).toBeLessThanOrEqual(201);
  });

  it('finds a row that newer ones push from page to page', async () => {
    const rows = [...otherRows(250), rowOf()];
    let arrived = 0;
    const { wan } = serveLog((request) => {
      const page = pageOf(rows, request);
      arrived += 1;
      if (arrived < 30) rows.unshift(...otherRows(90, { inference_id: `new-${arrived}` }));
      return page;
    });
    expect((await outcomeOf(wan.recoverVideo(factsOf()))).value).toBeDefined();
  });

  it.each(Object.entries(endless))('keeps to its deadline in a log that goes on with %s', async (_, body) => {
    const { wan } = serveLog(({ offset }) => ({ body: body(offset) }), { latencyMs: 150 });
    for (const maxWaitMs of [1_000, 20_000, 90_000]) {
      const { error, tookMs } = await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs }), 50);
      expect(tookMs).toBeLessThanOrEqual(maxWaitMs + 50);
      expect(tookMs).toBeGreaterThan(maxWaitMs - 50);
      // neither "not found" nor "failed": nobody has read all of it
      expect(error instanceof RequestTimeoutError || error instanceof UnexpectedResponseError).toBe(true);
    }
    // the log's own, of an answer that nobody waits for
    await vi.advanceTimersByTimeAsync(150);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says how far it came where nobody has read all of the log', async () => {
    const failed = rowOf({ status: 'failed' });
    const { wan } = serveLog(
      ({ offset }) => {
        if (offset >= 200) return { status: 502, body: '<html>' };
        return { body: { data: [failed, ...otherRows(99)], pagination: { has_more: true, total: 5_000 } } };
      },
      { latencyMs: 10 },
    );
    const { error } = await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs: minute }));
    expect(error).toMatchObject({
      name: 'RequestTimeoutError',
      method: 'GET',
      url: 'https://api.aimlapi.com/v2/logs',
    });
    expect(String(error)).toMatch(/order-1.*60000 ms.*200 rows.*502.*before you pay/);
    expect(error).toHaveProperty('cause.status', 502);
  });

  it('takes the row out of a log that has no end', async () => {
    const { wan } = serveLog(({ offset }) => {
      const data = [...otherRows(99), offset === 700 ? rowOf() : null];
      return { body: { data, pagination: { has_more: true } } };
    });
    expect((await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs: minute }))).value).toBeDefined();
  });

  it('gives "not found" where a whole look came before the one that was cut off', async () => {
    let looks = 0;
    const { wan } = serveLog(
      ({ offset }) => {
        if (offset === 0) looks += 1;
        return { body: { data: otherRows(100), pagination: { has_more: looks > 1 } } };
      },
      { latencyMs: 100 },
    );
    expect(await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs: 20_000 }))).toMatchObject({
      value: undefined,
    });
  });

  it('ends at its deadline where a page in the middle never comes', async () => {
    const rows = otherRows(500);
    const { wan } = serveLog((request) =>
      request.offset < 200 ? pageOf(rows, request) : new Promise<LogAnswer>(() => {}),
    );
    const { error, tookMs } = await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs: 90_000 }), 100);
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(tookMs).toBeLessThanOrEqual(90_100);
  });

  it.each([
    ['two hours', '7200', 20 * minute, 60_000],
    ['two hours, of a search of half a minute', '7200', 30_000, 28_000],
    ['a date next year', 'Sun, 21 Nov 2027 12:00:00 GMT', 20 * minute, 60_000],
  ])('is not blind for a Retry-After of %s', async (_, retryAfter, maxWaitMs, afterMs) => {
    let turn = 0;
    const { wan, requests } = serveLog((request) => {
      turn += 1;
      return turn === 2
        ? { status: 429, headers: { 'retry-after': retryAfter } }
        : pageOf(turn > 2 ? [rowOf()] : [], request);
    });
    expect(
      (await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs, intervalMs: 1 }), 1)).value,
    ).toBeDefined();
    expect(requests).toHaveLength(3);
    expect((requests[2]?.atMs ?? 0) - (requests[1]?.atMs ?? 0)).toBeGreaterThan(afterMs - 50);
    expect((requests[2]?.atMs ?? 0) - (requests[1]?.atMs ?? 0)).toBeLessThan(afterMs + 50);
  });

  it.each<[string, (request: LogRequest) => LogAnswer | Promise<LogAnswer>]>([
    ['between two pages', ({ offset }) => ({ body: endless['new rows']?.(offset) })],
    [
      'after a 429',
      ({ offset }) =>
        offset < 300
          ? { body: endless['new rows']?.(offset) }
          : { status: 429, headers: { 'retry-after': '60' } },
    ],
    [
      'in a page',
      ({ offset }) =>
        offset < 300 ? { body: endless['new rows']?.(offset) } : new Promise<LogAnswer>(() => {}),
    ],
  ])('ends at once with the caller’s reason, %s', async (_, answer) => {
    for (const maxWaitMs of [0, 10 * minute]) {
      const { wan } = serveLog(answer);
      const controller = new AbortController();
      const reason = new Error('enough');
      const ended = wan
        .recoverVideo(factsOf(), { signal: controller.signal, maxWaitMs })
        .catch((error) => error);
      await vi.advanceTimersByTimeAsync(10_000);
      controller.abort(reason);
      expect(await ended).toBe(reason);
      expect(vi.getTimerCount()).toBe(0);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    }
  });

  it('reads by rows and answers that are not what they should be', async () => {
    const long = 'x'.repeat(2 ** 19);
    const odd = [
      null,
      7,
      'row',
      [],
      {},
      { client_request_id: { toString: 1 }, inference_id: [], cost: 'free', status: {}, model: 5 },
      { client_request_id: 'order-1', inference_id: null, status: 'succeeded', model },
      { created: long, client_request_id: long, inference_id: long, model: long, status: long },
      rowOf({ model: 'alibaba/wan2.5-t2i-preview', inference_id: 'an image' }),
    ];
    const right = rowOf({
      created: 'yesterday',
      inference_id: 4711,
      client_request_id: 42,
      cost: { usd: 'much' },
    });
    const { wan } = serveLog(({ offset }) => ({
      body: { data: offset === 0 ? odd : [right], pagination: { has_more: String(offset === 0) } },
    }));
    const facts = factsOf(Date.now(), '42');
    const { value, error } = await outcomeOf(wan.recoverVideo(facts, { maxWaitMs: 0 }));
    expect(error).toBeUndefined();
    expect(value).toMatchObject({ id: '4711', clientRequestId: '42', createdAt: facts.startedAt });
    const rows = await outcomeOf(wan.findRequest({ clientRequestId: '42', since: new Date() }));
    expect(rows.value).toMatchObject([{ createdAt: '', inferenceId: '4711' }]);
  });

  it('does not say that there is no row where one succeeded and has no id', async () => {
    const row = rowOf({ inference_id: null });
    const { wan } = serveLog(() => ({ body: { data: [row], pagination: { has_more: false } } }));
    const { error } = await outcomeOf(wan.recoverVideo(factsOf(Date.now()), { maxWaitMs: 0 }));
    expect(error).toMatchObject({ name: 'UnexpectedResponseError', body: row });
  });

  it.each<[string, object, object, string | undefined]>([
    ['under a model that nobody knows here', { model: 'alibaba/wan-9' }, {}, 'video-1'],
    ['of a create whose model nobody knows here', {}, { model: 'wan-9' }, 'video-1'],
    ['of another model', { model: 'alibaba/wan2.5-t2v-preview' }, {}, undefined],
    ['under its inference id alone', { client_request_id: null }, { inferenceId: 'video-1' }, 'video-1'],
    ['under another inference id', { client_request_id: null }, { inferenceId: 'other' }, undefined],
    ['under no id at all', { client_request_id: null, inference_id: null }, {}, undefined],
    ['under an empty id', { client_request_id: null, inference_id: '' }, { inferenceId: '' }, undefined],
    ['without the inference id that is known', { inference_id: null }, { inferenceId: 'known' }, 'known'],
  ])('takes a row %s for that of the create, or does not', async (_, fields, facts, id) => {
    const { wan } = serveLog((request) => pageOf([rowOf(fields)], request));
    const { value, error } = await outcomeOf(wan.recoverVideo({ ...factsOf(), ...facts }, { maxWaitMs: 0 }));
    expect([value?.id, error]).toEqual([id, undefined]);
  });

  it('leaves the raw row as it is, long numbers or not', async () => {
    const row = rowOf({ cost: { usd: 0.1, credits: 2e5 } });
    const text = JSON.stringify({ data: [{ ...row, id: '#' }] }).replace('"#"', '12345678901234567890');
    const wan = createWan({ apiKey: 'k-12345678', fetch: async () => new Response(text) });
    const job = await wan.recoverVideo(factsOf(Date.now()), { maxWaitMs: 0 });
    expect(job?.raw).toMatchObject({ cost: { usd: 0.1, credits: 2e5 } });
  });

  it('gives an id that is a number above 2^53 letter by letter', async () => {
    const row = JSON.stringify(rowOf({ inference_id: '#' })).replace('"#"', '12345678901234567890');
    const text = `{"data":[${row}],"pagination":{"has_more":false}}`;
    const wan = createWan({ apiKey: 'k-12345678', fetch: async () => new Response(text) });
    const job = await wan.recoverVideo(factsOf(Date.now()), { maxWaitMs: 0 });
    expect(job?.id).toBe('12345678901234567890');
  });

  it.each([
    ['no pagination', undefined],
    ['only a total', { total: 101 }],
    ['nonsense', { has_more: { valueOf: 1 }, total: [] }],
  ])('reads on after a full page with %s', async (_, pagination) => {
    const rows = [...otherRows(100), rowOf()];
    const { wan, requests } = serveLog(({ offset }) => ({
      body: { data: rows.slice(offset, offset + 100), pagination },
    }));
    expect((await outcomeOf(wan.recoverVideo(factsOf()))).value).toBeDefined();
    expect(requests).toHaveLength(2);
  });
});

describe('recoverVideo() at the end of the log', () => {
  it.each<[string, object, number]>([
    ['a full page that is all of the total', { total: 100 }, 1],
    ['an empty page, where the log always says that there is more', { has_more: true }, 2],
  ])('asks no more after %s', async (_, pagination, times) => {
    const rows = otherRows(100);
    const { wan, requests } = serveLog(({ offset }) => ({
      body: { data: rows.slice(offset, offset + 100), pagination },
    }));
    expect(await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs: 0 }))).toMatchObject({
      value: undefined,
    });
    expect(requests).toHaveLength(times);
  });

  it('takes pages that repeat now and then for no loop', async () => {
    const { wan, requests } = serveLog(({ offset }) => {
      const page = offset / 100;
      const data = otherRows(100, { client_request_id: `c-${Math.floor(page / 2)}` });
      return { body: { data: page < 60 ? data : [rowOf()], pagination: { has_more: page < 60 } } };
    });
    const { value } = await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs: 0 }));
    expect(value).toMatchObject({ id: 'video-1' });
    expect(requests).toHaveLength(61);
  });
});

describe('recoverVideo() with maxWaitMs: 0', () => {
  const oneLook = { maxWaitMs: 0 };

  it('is one look at all pages', async () => {
    const rows = [...otherRows(250), rowOf()];
    const { wan, requests } = serveLog((request) => pageOf(rows, request));
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).value).toMatchObject({ id: 'video-1' });
    expect(requests.map(({ offset }) => offset)).toEqual([0, 100, 200]);
    const nobody = await outcomeOf(wan.recoverVideo(factsOf(Date.now(), 'nobody'), oneLook));
    expect(nobody).toMatchObject({ value: undefined, tookMs: 1000 });
    expect(requests).toHaveLength(6);
  });

  it('tells that there are only failed rows, and takes one that succeeded before them', async () => {
    const failed = rowOf({ status: 'failed', inference_id: 'x' });
    const rows = [failed, ...otherRows(120)];
    const { wan } = serveLog((request) => pageOf(rows, request));
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).error).toBeInstanceOf(VideoFailedError);
    rows.push(rowOf());
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).value).toMatchObject({ id: 'video-1' });
  });

  it('repeats a refused page as the client does, with the client’s timeout', async () => {
    const rows = [...otherRows(150), rowOf()];
    let turn = 0;
    const { wan, requests } = serveLog((request) => {
      turn += 1;
      if (turn === 2) return { status: 429, headers: { 'retry-after': '50' } };
      if (turn === 3) return new Promise<LogAnswer>(() => {});
      return pageOf(rows, request);
    });
    const { value, tookMs } = await outcomeOf(wan.recoverVideo(factsOf(), oneLook));
    expect(value).toBeDefined();
    expect(requests.map(({ offset }) => offset)).toEqual([0, 100, 100, 100]);
    expect(tookMs).toBeGreaterThan(110_000);
  });

  it('throws what keeps the log from being read', async () => {
    const { wan, requests } = serveLog(() => ({ status: 502, body: '<html>' }));
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).error).toMatchObject({ status: 502 });
    expect(requests).toHaveLength(5);
  });

  it('ends in a log that gives the same rows for ever', async () => {
    const { wan, requests } = serveLog(({ offset }) => ({ body: endless['the same rows']?.(offset) }));
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).error).toBeInstanceOf(
      UnexpectedResponseError,
    );
    expect(requests.length).toBeLessThan(50);
  });

  it('is no leave for other numbers, or for pollUntilDone', async () => {
    const { wan, requests } = serveLog(() => ({}));
    for (const maxWaitMs of [-1, -0.1, Number.NaN, -Infinity]) {
      const { error } = await outcomeOf(wan.recoverVideo(factsOf(), { maxWaitMs }));
      expect(error).toBeInstanceOf(RangeError);
      expect(String(error)).toContain('one look');
    }
    expect((await outcomeOf(wan.pollUntilDone('id', { maxWaitMs: 0 }))).error).toBeInstanceOf(RangeError);
    expect(requests).toHaveLength(0);
  });
});

describe('findRequest() through many pages', () => {
  const input = { clientRequestId: 'order-1', since: '2026-11-21T11:00:00Z' };

  it.each(Object.entries(endless).filter(([name]) => name !== 'new rows'))(
    'ends in a log that goes on with %s',
    async (_, body) => {
      const { wan, requests } = serveLog(({ offset }) => ({ body: body(offset) }));
      expect((await outcomeOf(wan.findRequest(input))).error).toBeInstanceOf(UnexpectedResponseError);
      expect(requests.length).toBeLessThan(50);
    },
  );

  it.each([
    ['gives the same rows', () => [rowOf(), ...otherRows(2)]],
    ['gives no more', (offset: number) => [rowOf(), ...otherRows(2)].slice(offset)],
  ])('takes what there is of a log that says for ever that there is more, and %s', async (_, data) => {
    const { wan, requests } = serveLog(({ offset }) => ({
      body: { data: data(offset), pagination: { has_more: true, total: 3 } },
    }));
    const { value } = await outcomeOf(wan.findRequest(input));
    expect(new Set(value?.map(({ inferenceId }) => inferenceId))).toEqual(new Set(['video-1']));
    expect(requests).toHaveLength(2);
  });

  it('ends in a log of more rows than anybody can read', { timeout: 120_000 }, async () => {
    // larger pages than were asked for, of rows that are quick to read
    const others = Array(9_999).fill({});
    const { wan, requests } = serveLog(({ offset }) => ({
      body: { data: [{ inference_id: `other-${offset}` }, ...others], pagination: { has_more: true } },
    }));
    const { error } = await outcomeOf(wan.findRequest(input), minute);
    expect(error).toBeInstanceOf(UnexpectedResponseError);
    expect(String(error)).toContain('shorter time');
    expect(requests).toHaveLength(100);
  });

  it('reads through rows that newer ones push from page to page', async () => {
    const rows = [...otherRows(250), rowOf()];
    let arrived = 0;
    const { wan } = serveLog((request) => {
      const page = pageOf(rows, request);
      arrived += 1;
      if (arrived < 10) rows.unshift(...otherRows(150, { inference_id: `new-${arrived}` }));
      return page;
    });
    expect((await outcomeOf(wan.findRequest(input))).value).toMatchObject([{ inferenceId: 'video-1' }]);
  });
});
