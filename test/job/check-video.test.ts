import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan, JobError, PollStoppedError, type VideoJob } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import type { FetchInit } from '../../src/undici.js';
import { createVtrix } from '../../src/vtrix.js';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

interface Step {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  throws?: Error;
}

const paths = { main: '/v2/video/generations', other: '/v2/generate/video/alibaba/generation' };
const linkUntil = (isoTime: string) =>
  `https://cdn.aimlapi.com/x.mp4?Expires=${Date.parse(isoTime) / 1000}&Signature=secret`;
const url = linkUntil('2026-11-22T12:00:00Z');
const expired = linkUntil('2026-11-21T11:59:00Z');
const done: Step = { body: { id: 'j', status: 'completed', video: { url } } };
const running: Step = { body: { id: 'j', status: 'generating' } };
const job: VideoJob = {
  provider: 'aimlapi',
  id: 'j',
  state: 'running',
  status: 'queued',
  model: 'alibaba/wan2.2-t2v-plus',
  createdAt: '2026-11-21T11:59:30.000Z',
};
const ended: VideoJob = { ...job, state: 'done', status: 'completed' };
const video = { id: 'j', provider: 'aimlapi', url } as const;

/** The problem of a status, in the API's own words. */
const own = (status: number, path = paths.main, headers = {}): Step => ({
  status,
  body: { status, instance: `${path}?`, error: { name: 'X', message: 'said so' } },
  headers,
});

/** A client whose checks are answered from a list; the last entry goes on for ever. */
function scripted(...steps: Step[]) {
  const asked: { path: string; init: FetchInit }[] = [];
  const wan = createWan({
    apiKey: 'k-12345678',
    fetch: async (address, init) => {
      asked.push({ path: new URL(address).pathname, init });
      const {
        status = 200,
        body,
        headers = {},
        throws,
      } = steps[Math.min(asked.length, steps.length) - 1] ?? {};
      if (throws) throw throws;
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
    },
  });
  return { wan, asked };
}

const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => expect.unreachable(`it gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

describe('checkVideo()', () => {
  it('makes one request, and says when to look next', async () => {
    const { wan, asked } = scripted(running);
    const check = await wan.checkVideo(job);
    expect(check).toStrictEqual({
      job: { ...job, status: 'generating', statusPath: paths.main },
      nextMs: check.nextMs,
    });
    expect(check.nextMs).toBeGreaterThanOrEqual(1_000);
    expect(check.nextMs).toBeLessThanOrEqual(30_000);
    expect(asked).toHaveLength(1);
    expect(stored(check)).toStrictEqual(check);
  });

  it('gives the finished video, without raw on the job and on the video', async () => {
    const { wan } = scripted(done);
    const check = await wan.checkVideo({ ...job, raw: { id: 'j' } });
    expect(check.nextMs).toBe(0);
    expect(check.video).toBe(check.job.video);
    expect(check.video).toStrictEqual({
      ...video,
      model: 'alibaba/wan2.2-t2v-plus',
      expiresAt: '2026-11-22T12:00:00.000Z',
    });
    expect(check.job.state).toBe('done');
    expect(Object.keys(check.job)).not.toContain('raw');
    expect(stored(check)).toStrictEqual(check);
  });

  it('takes a mere id, and a job that an error holds', async () => {
    const { wan } = scripted(running);
    const { job: known } = await wan.checkVideo('j');
    expect(known).toStrictEqual({
      provider: 'aimlapi',
      id: 'j',
      state: 'running',
      status: 'generating',
      statusPath: paths.main,
    });
    const error: unknown = new JobError('x', job);
    expect((await wan.checkVideo(error as never)).job.id).toBe('j');
  });

  it('gives a failed job, and does not throw', async () => {
    const { wan, asked } = scripted({ body: { id: 'j', status: 'error', error: { message: 'refused' } } });
    const check = await wan.checkVideo(job);
    expect(check).toMatchObject({ job: { state: 'failed', error: { message: 'refused' } }, nextMs: 0 });
    expect('video' in check || 'trouble' in check).toBe(false);
    expect(await wan.checkVideo(check.job)).toEqual(check);
    expect(asked).toHaveLength(1);
  });

  it('needs no request for a job that is done and whose link still works', async () => {
    const { wan, asked } = scripted(done);
    const given: VideoJob = { ...ended, video: { ...video, expiresAt: '2026-11-21T12:00:01.000Z' }, raw: {} };
    const { raw: _, ...known } = given;
    expect(await wan.checkVideo(given)).toStrictEqual({ job: known, video: given.video, nextMs: 0 });
    expect(asked).toEqual([]);
  });

  it('fetches a new link in place of one that has expired', async () => {
    const { wan, asked } = scripted(running, done, {
      body: { id: 'j', status: 'completed', video: { url: expired } },
    });
    const given: VideoJob = { ...ended, video: { ...video, expiresAt: '2026-11-21T12:00:00.000Z' } };
    // it tells of no video: the link of old would not work
    const first = await wan.checkVideo(given);
    expect(first.video).toBeUndefined();
    expect(first.nextMs).toBeGreaterThan(0);
    expect((await wan.checkVideo(given)).video?.url).toBe(url);
    // a link that came just now is given, whatever its time says
    expect((await wan.checkVideo(given)).video?.url).toBe(expired);
    expect(asked).toHaveLength(3);
  });

  it('asks on for a job that is done without a video, for as long as the engine wants', async () => {
    const { wan } = scripted({ body: { id: 'j', status: 'completed', video: null } });
    for (let check = 0; check < 3; check += 1) {
      const { job: told, video: none, nextMs } = await wan.checkVideo(ended);
      expect(told.state).toBe('done');
      expect(none).toBeUndefined();
      expect(nextMs).toBeGreaterThan(0);
      vi.advanceTimersByTime(70_000);
    }
  });

  const html: Step = { status: 502, body: '<html>' };
  it.each<[string, Step, string]>([
    [
      'a reset',
      { throws: new TypeError('fetch failed', { cause: new Error('ECONNRESET') }) },
      'ConnectionError',
    ],
    ['500 in own words', own(500), 'ApiError'],
    ['503 in own words', own(503), 'ApiError'],
    ['502 of a gateway', html, 'ApiError'],
    ['408', own(408), 'ApiError'],
    ['425', own(425), 'ApiError'],
    ['429', own(429), 'RateLimitError'],
    ['401 of a proxy', { ...html, status: 401 }, 'AuthenticationError'],
    ['403 of a proxy', { ...html, status: 403 }, 'PermissionError'],
    ['302', { status: 302, headers: { location: '/x' } }, 'ApiError'],
    ['HTML with 200', { body: '<html>' }, 'UnexpectedResponseError'],
    ['no status', { body: { id: 'j' } }, 'UnexpectedResponseError'],
    ['another id', { body: { id: 'k', status: 'completed', video: { url } } }, 'UnexpectedResponseError'],
    ['a failure without id', { body: { status: 'error' } }, 'UnexpectedResponseError'],
  ])('tells %s as trouble after one request, and keeps what was known', async (_, step, name) => {
    const { wan, asked } = scripted(step);
    const check = await wan.checkVideo({ ...job, raw: {} });
    expect(check.trouble).toMatchObject({ name });
    expect(check.job).toStrictEqual(job);
    expect(check.video).toBeUndefined();
    expect(check.nextMs).toBeGreaterThanOrEqual(1_000);
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(JSON.stringify(check)).not.toMatch(/k-12345678|secret/);
  });

  it('waits longer after each trouble in a row, up to 30 s, and forgets them after an answer', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const troubles = Array<Step>(8).fill(html);
    const { wan } = scripted(...troubles, running, html);
    const pauses: number[] = [];
    for (let check = 0; check < 10; check += 1) pauses.push((await wan.checkVideo(job)).nextMs);
    const [first = 0] = pauses;
    expect(pauses.slice(0, 3)).toEqual([first, Math.min(first * 2, 30_000), Math.min(first * 4, 30_000)]);
    expect(pauses[7]).toBe(30_000);
    expect(pauses[9]).toBe(first);
    // the troubles of one job do not slow down another
    await wan.checkVideo(job);
    expect((await wan.checkVideo({ ...job, id: 'other' })).nextMs).toBe(first);
  });

  it.each([
    ['40', 40_000],
    ['60', 60_000],
    ['3600', 60_000],
    [new Date('2026-11-21T12:00:45Z').toUTCString(), 45_000],
  ])('obeys Retry-After: %s, for 60 s at most', async (value, nextMs) => {
    const { wan } = scripted(own(429, paths.main, { 'retry-after': value }));
    expect((await wan.checkVideo(job)).nextMs).toBe(nextMs);
  });

  it.each([400, 404, 405])(
    'asks the other path the next time after %s, and keeps the one that answers',
    async (status) => {
      const { wan, asked } = scripted(own(status), running, running);
      const first = await wan.checkVideo(job);
      expect(first.trouble).toMatchObject({ status });
      expect(first.job).toStrictEqual({ ...job, statusPath: paths.other });
      const second = await wan.checkVideo(stored(first.job));
      expect(second.job.statusPath).toBe(paths.other);
      await wan.checkVideo(stored(second.job));
      expect(asked.map(({ path }) => path)).toEqual([paths.main, paths.other, paths.other]);
    },
  );

  it('goes back and forth between the paths while neither knows the job', async () => {
    const { wan, asked } = scripted(own(404), own(404, paths.other), own(404));
    let known = job;
    for (let check = 0; check < 3; check += 1) ({ job: known } = await wan.checkVideo(known));
    expect(asked.map(({ path }) => path)).toEqual([paths.main, paths.other, paths.main]);
    expect(known.statusPath).toBe(paths.other);
  });

  it.each([401, 403])(
    'throws PollStoppedError at %s in the API’s own words, with the job',
    async (status) => {
      const { wan } = scripted(own(status));
      const error = await errorOf(wan.checkVideo({ ...job, raw: {} }));
      expect(error).toBeInstanceOf(PollStoppedError);
      expect(error).toMatchObject({ cause: { status }, job });
    },
  );

  it('asks for a new connection after an answer about another job', async () => {
    const { wan, asked } = scripted({ body: { id: 'k', status: 'generating' } }, running, running);
    await wan.checkVideo(job);
    await wan.checkVideo(job);
    await wan.checkVideo(job);
    expect(asked.map(({ init }) => init.fresh)).toEqual([undefined, true, undefined]);
  });

  it('sends the headers of the call, and ends the attempt after its timeoutMs', async () => {
    const seen: FetchInit[] = [];
    const wan = createWan({
      apiKey: 'k-12345678',
      timeoutMs: 50_000,
      fetch: (_, init) => {
        seen.push(init);
        return new Promise((_resolve, reject) =>
          init.signal.addEventListener('abort', () => reject(init.signal.reason)),
        );
      },
    });
    const check = wan.checkVideo(job, { timeoutMs: 3_000, headers: { 'x-own': '1' } });
    await vi.advanceTimersByTimeAsync(3_000);
    expect((await check).trouble).toMatchObject({ name: 'RequestTimeoutError' });
    expect(seen[0]?.headers['x-own']).toBe('1');
    const slow = wan.checkVideo(job);
    await vi.advanceTimersByTimeAsync(49_999);
    expect(await Promise.race([slow, Promise.resolve('open')])).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    expect((await slow).trouble).toMatchObject({ name: 'RequestTimeoutError' });
  });

  it('rejects with the reason of its signal, at once', async () => {
    const { wan, asked } = scripted(running);
    const reason = { why: 'the caller has enough' };
    expect(await errorOf(wan.checkVideo(job, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(asked).toEqual([]);
    const stop = new AbortController();
    const stalling = createWan({
      apiKey: 'k-12345678',
      fetch: () => new Promise(() => {}),
    });
    const open = errorOf(stalling.checkVideo(job, { signal: stop.signal }));
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort(reason);
    expect(await open).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, unknown, unknown, string]>([
    ['nothing', undefined, undefined, 'it takes a job from generateVideo, or its id'],
    ['a Promise', Promise.resolve(job), undefined, 'it is a Promise: await it'],
    ['a job of Vtrix', { ...job, provider: 'vtrix' }, undefined, 'it is a job of "vtrix"'],
    ['an option that does not exist', job, { maxRetries: 3 }, 'there is no option "maxRetries"'],
    ['a limit of a wait', job, { maxWaitMs: 3 }, 'there is no option "maxWaitMs"'],
    ['options that are none', job, 5, 'options take a plain object'],
  ])('is misuse with %s', async (_, given, options, message) => {
    const { wan, asked } = scripted(running);
    const error = await errorOf(wan.checkVideo(given as never, options as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
    expect(asked).toEqual([]);
  });

  it('is misuse without a key, and with a time that is none, for a finished job too', async () => {
    const wan = createWan({ apiKey: ' ', fetch: async () => new Response() });
    expect(await errorOf(wan.checkVideo(job))).toBeInstanceOf(TypeError);
    const live = { ...ended, video };
    expect(await errorOf(wan.checkVideo(live, { timeoutMs: 0 }))).toBeInstanceOf(RangeError);
  });

  it('works at Vtrix, with its progress', async () => {
    const api = createFakeApi({ videoSeconds: 10 });
    const vtrix = createVtrix({ apiKey: 'key-of-a-test', fetch: api.fetch });
    const order = await vtrix.orderVideo({ model: 'wan22_t2v_plus', input: { prompt: 'x' } });
    let known = await vtrix.startVideo(order);
    vi.advanceTimersByTime(5_000);
    const half = await vtrix.checkVideo(known ?? '');
    expect(half.job).toMatchObject({ state: 'running', progress: 0.5 });
    known = stored(half.job);
    vi.advanceTimersByTime(5_000);
    const last = await vtrix.checkVideo(known);
    expect(last.video?.url).toContain('.mp4');
    expect(stored(last)).toStrictEqual(last);
    expect('progress' in last.job).toBe(false);
  });

  it('paces the checks of a job as a wait does: by its age, and later by what its kind takes', async () => {
    const api = createFakeApi({ videoSeconds: 120 });
    const wan = createWan({ apiKey: 'key-of-a-test', fetch: api.fetch });
    let known = await wan.startVideo(await wan.orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }));
    let checks = 0;
    for (let nextMs = 1; nextMs > 0; checks += 1) {
      ({ job: known, nextMs } = await wan.checkVideo(stored(known ?? '')));
      vi.advanceTimersByTime(nextMs);
    }
    expect(known?.state).toBe('done');
    expect(checks).toBeGreaterThan(4);
    expect(checks).toBeLessThan(30);
  });
});
