import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan, OutcomeUnknownError } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { day, factsOf, minute, otherRows, outcomeOf, pageOf, rowOf, serveLog } from './log-server.js';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const hour = 60 * minute;
const oneLook = { maxWaitMs: 0 };
const at = (ms: number) => ({ created: new Date(ms).toISOString() });

describe('recoverVideo() by a clock that is wrong', () => {
  const differences = [4, 9, 11, 30, 131, 6 * 60, 3 * 24 * 60, 100 * 24 * 60, 390 * 24 * 60];

  it.each(differences.flatMap((minutes) => [minutes, -minutes]))(
    'finds the row where the API is %s minutes ahead',
    async (minutes) => {
      const aheadMs = minutes * minute;
      const row = rowOf(at(Date.now() + aheadMs));
      const { wan, requests } = serveLog((request) => pageOf([row], request), { aheadMs });
      const facts = factsOf();
      vi.advanceTimersByTime(90_000);
      const { value, error } = await outcomeOf(wan.recoverVideo(facts, oneLook));
      expect(error).toBeUndefined();
      expect(value).toMatchObject({ id: 'video-1' });
      expect(requests.length).toBeLessThanOrEqual(2);
    },
  );

  it('reads both windows page by page, and none of it twice', async () => {
    const aheadMs = 15 * minute;
    const now = Date.now();
    const rows = [...otherRows(150, at(now + aheadMs)), rowOf(at(now + aheadMs)), ...otherRows(150, at(now))];
    const { wan, requests } = serveLog((request) => pageOf(rows, request), { aheadMs });
    const { value } = await outcomeOf(wan.recoverVideo(factsOf(now - 5 * minute)));
    expect(value).toBeDefined();
    expect(requests.map(({ offset }) => offset)).toEqual([0, 100, 0, 100]);
    expect(requests[2]?.startMs).toBe(requests[0]?.endMs);
  });

  it.each([11, 30, 120, 24 * 60, 400 * 24 * 60])(
    'finds the row where the clock was set back by %s minutes since the create',
    async (minutes) => {
      for (const agoMs of [0, 40 * minute, 20 * hour]) {
        const row = rowOf(at(Date.now() - agoMs));
        const startedAt = Date.now() - agoMs + minutes * minute;
        // set back, as far as anybody can see
        if (startedAt <= Date.now() + 10 * minute) continue;
        const { wan, requests } = serveLog((request) => pageOf([row], request));
        const { value, error } = await outcomeOf(wan.recoverVideo(factsOf(startedAt), oneLook));
        expect(error).toBeUndefined();
        expect(value).toMatchObject({ id: 'video-1' });
        for (const { startMs, endMs } of requests) {
          expect(endMs - startMs).toBeGreaterThan(0);
          expect(endMs - startMs).toBeLessThanOrEqual(92 * day);
        }
      }
    },
  );

  it.each([-25 * hour, -30 * minute, 30 * minute, 25 * hour])(
    'finds what the embedded API has logged before its clock was moved by %s ms',
    async (byMs) => {
      const api = createFakeApi();
      const wan = createWan({ apiKey: 'k-12345678', fetch: api.fetch });
      api.fault({ kind: 'reset', on: 'video', accepted: true });
      const { error: lost } = await outcomeOf(wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }));
      if (!(lost instanceof OutcomeUnknownError)) throw lost;
      vi.setSystemTime(Date.now() + byMs);
      const { value } = await outcomeOf(wan.recoverVideo(lost, oneLook));
      expect(value).toMatchObject({ clientRequestId: lost.clientRequestId });
    },
  );

  it('goes by its own clock where the answers tell no time', async () => {
    const { wan, requests } = serveLog((request) => pageOf([], request), { date: () => undefined });
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).value).toBeUndefined();
    expect(requests).toHaveLength(1);
  });

  it.each([
    '',
    'now',
    '0',
    '-1',
    '2026-11-21T15:00:00Z',
    'Sat, 99 Nov 2026 12:00:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Fri, 31 Dec 9999 23:59:59 GMT',
    'Sat, 21 Nov 2026 15:00:00 GMT, Sat, 21 Nov 2026 12:00:00 GMT',
    'x'.repeat(70),
  ])('is not misled by the date %j', async (date) => {
    const row = rowOf();
    const { wan, requests } = serveLog((request) => pageOf([row], request), { date: () => date });
    expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).value).toBeDefined();
    expect((await outcomeOf(wan.recoverVideo(factsOf(Date.now(), 'nobody'), oneLook))).value).toBeUndefined();
    expect(requests).toHaveLength(2);
  });

  it.each([30 * minute, -30 * minute, 30 * day, -300 * day])(
    'finds the row by its own clock where a cache tells a time that is %s ms off',
    async (offMs) => {
      const row = rowOf();
      const date = (apiMs: number) => new Date(apiMs + offMs).toUTCString();
      const { wan } = serveLog((request) => pageOf([row], request), { date });
      expect((await outcomeOf(wan.recoverVideo(factsOf(), oneLook))).value).toBeDefined();
    },
  );

  it('takes the age of an answer from a cache into account', async () => {
    const row = rowOf(at(Date.now() + hour));
    const date = (apiMs: number) => new Date(apiMs - 30 * minute).toUTCString();
    for (const [age, found] of [
      ['1800', true],
      ['a while', false],
      ['99999999999', false],
    ] as const) {
      const { wan } = serveLog((request) => ({ ...pageOf([row], request), headers: { age } }), {
        aheadMs: hour,
        date,
      });
      const { value, error } = await outcomeOf(wan.recoverVideo(factsOf(), oneLook));
      expect(error).toBeUndefined();
      expect(value !== undefined).toBe(found);
    }
  });

  it('asks nobody about a create that is older than the log', async () => {
    const { wan, requests } = serveLog(() => ({ body: { data: [] } }));
    const { error } = await outcomeOf(wan.recoverVideo(factsOf(Date.now() - 92 * day - 1)));
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toMatch(/"order-1".*2026-08-21T11:59:59.999Z.*2026-11-21T12:00:00.000Z.*92 days/);
    expect(requests).toHaveLength(0);
    expect(
      (await outcomeOf(wan.recoverVideo(factsOf(Date.now() - 92 * day + minute), oneLook))).error,
    ).toBeUndefined();
  });

  it('learns the time over a socket', { timeout: 60_000 }, async () => {
    vi.useRealTimers();
    const aheadMs = -30 * minute;
    const row = rowOf(at(Date.now() + aheadMs));
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      const window = {
        startMs: Date.parse(query.get('start') ?? ''),
        endMs: Date.parse(query.get('end') ?? ''),
      };
      response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
      response.end(
        JSON.stringify(pageOf([row], { ...window, offset: Number(query.get('offset')), atMs: 0 }).body),
      );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: `http://127.0.0.1:${port}` });
    expect(await wan.recoverVideo(factsOf(), oneLook)).toMatchObject({ id: 'video-1' });
    server.close().closeAllConnections();
  });
});

describe('findRequest() by a clock that is wrong', () => {
  it.each([0, 11 * minute, day, 400 * day])('takes a time that is %s ms ahead', async (ms) => {
    const { wan, requests } = serveLog((request) => pageOf([], request));
    const found = await outcomeOf(
      wan.findRequest({ clientRequestId: 'x', since: new Date(Date.now() + ms) }),
    );
    expect(found).toMatchObject({ value: [] });
    expect(requests).toHaveLength(1);
  });

  it('finds what was logged by a clock that is ahead', async () => {
    const row = rowOf(at(Date.now() + 30 * minute));
    const { wan } = serveLog((request) => pageOf([row], request), { aheadMs: 30 * minute });
    expect(
      (await outcomeOf(wan.findRequest({ clientRequestId: 'order-1', since: new Date() }))).value,
    ).toHaveLength(1);
  });

  it('goes back 92 days, and not a moment more', async () => {
    const { wan, requests } = serveLog((request) => pageOf([], request));
    const since = (ms: number) => ({ clientRequestId: 'x', since: new Date(Date.now() - ms) });
    expect((await outcomeOf(wan.findRequest(since(92 * day)))).value).toEqual([]);
    vi.setSystemTime(requests[0]?.endMs ?? 0);
    expect((await outcomeOf(wan.findRequest(since(92 * day + 1)))).error).toBeInstanceOf(RangeError);
    expect(requests).toHaveLength(1);
  });
});
