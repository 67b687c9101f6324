import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createWan,
  type PollOptions,
  PollStoppedError,
  PollTimeoutError,
  VideoFailedError,
  type VideoJob,
  type VideoUpdate,
} from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Step = {
  status?: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  throws?: Error;
  stall?: true;
};

const url = 'https://cdn.aimlapi.com/x.mp4?Expires=4000000000&Signature=secret';
const running: Step = { body: { id: 'j', status: 'generating' } };
const done = { body: { id: 'j', status: 'completed', video: { url } } };
const ownProblem = (status: number, path: string) => ({
  status,
  body: { status, instance: `${path}?`, error: { name: 'X', message: 'said so' } },
});

/** A client whose status checks are answered from a list; the last entry goes on for ever. */
function scripted(...steps: Step[]) {
  const asked: { path: string; at: number; query: string }[] = [];
  const start = Date.now();
  const wan = createWan({
    apiKey: 'k-12345678',
    fetch: async (address, { signal }) => {
      const { pathname, search } = new URL(address);
      asked.push({ path: pathname, at: Date.now() - start, query: search });
      const step = steps[Math.min(asked.length, steps.length) - 1] ?? running;
      if (step.throws) throw step.throws;
      if (step.stall)
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return new Response(step.text ?? JSON.stringify(step.body), {
        status: step.status ?? 200,
        ...(step.headers && { headers: step.headers }),
      });
    },
  });
  return {
    wan,
    asked,
    poll: (options?: PollOptions, job: VideoJob | string = 'j') =>
      settle(wan.pollUntilDone(job, { intervalMs: 5000, ...options })),
  };
}

/** Runs the fake clock until the promise settles, and gives its value or its error. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  let open = true;
  promise.then(
    () => (open = false),
    () => (open = false),
  );
  while (open) await vi.advanceTimersByTimeAsync(250);
  return promise;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe('pollUntilDone() asks', () => {
  it('at once for an id, then at the interval that was asked for', async () => {
    const { poll, asked } = scripted(running, running, done);
    const video = await poll();
    expect(video).toMatchObject({ id: 'j', provider: 'aimlapi', url, expiresAt: '2096-10-02T07:06:40.000Z' });
    expect(asked.map(({ at }) => at)).toEqual([0, 5000, 10_000]);
  });

  it('after one interval for a job started just now, at once for the same job read from storage', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const wan = createWan({ apiKey: 'k-12345678', fetch: api.fetch });
    const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    const sleeps: number[] = [];
    const sleep = async (ms: number) => void sleeps.push(ms);
    await settle(wan.pollUntilDone(JSON.parse(JSON.stringify(job)), { sleep }));
    expect(sleeps).toEqual([]);
    await settle(wan.pollUntilDone(job, { sleep, intervalMs: 700 }));
    // a copy is as fresh
    await settle(wan.pollUntilDone({ ...job, model: 'wan2.2-t2v-plus' }, { sleep, intervalMs: 800 }));
    expect(sleeps).toEqual([700, 800]);
  });

  it('never, where the create was complete at once', async () => {
    const { wan, asked, poll } = scripted(done);
    const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    expect(job.state).toBe('done');
    const updates: unknown[] = [];
    const video = await poll({ onUpdate: (update) => updates.push(update) }, job);
    expect(video.url).toBe(url);
    expect(asked).toHaveLength(1);
    const last = { job, status: 'completed', elapsedMs: 0, polls: 0, progress: 1, etaMs: 0, video };
    expect(updates).toEqual([last]);
  });

  it('again for a stored job whose link has expired', async () => {
    const old = { ...done.body, video: { url: url.replace('4000000000', '1') } };
    const { wan, asked, poll } = scripted({ body: old }, done);
    const job = await wan.getVideo('j');
    expect((await poll({}, job)).url).toBe(url);
    expect(asked).toHaveLength(2);
  });

  it('with the id encoded, whatever is in it', async () => {
    const id = 'a/b:c d&e=-_';
    const { poll, asked } = scripted({ body: { ...done.body, id } });
    await poll({}, id);
    expect(new URLSearchParams(asked[0]?.query).get('generation_id')).toBe(id);
  });

  it('never for an id that no URL can carry, and hands its job back', async () => {
    const { wan, poll, asked } = scripted(done);
    const id = 'j\ud800';
    const error = await failure(poll({}, id));
    expect(error).toMatchObject({
      name: 'PollStoppedError',
      job: { id },
      cause: { name: 'InvalidInputError' },
    });
    await expect(wan.getVideo(id)).rejects.toThrow('lone surrogate');
    expect(asked).toHaveLength(0);
  });
});

describe('pollUntilDone() without an interval', () => {
  const model = 'wan2.2-t2v-plus';
  const gaps = (times: number[]) => times.slice(1).map((at, turn) => at - (times[turn] ?? 0));

  /** A client of an API whose videos take this long, each polled to its end. */
  function paced(videoSeconds: number) {
    const api = createFakeApi({ videoSeconds });
    const asked: number[] = [];
    const wan = createWan({
      apiKey: 'k-12345678',
      fetch: (address, init) => {
        if (init.method === 'GET') asked.push(Date.now());
        return api.fetch(address, init);
      },
    });
    const create = (resolution?: '480P') => wan.generateVideo({ model, prompt: 'x', resolution });
    return {
      wan,
      create,
      /** Seconds after the end of each of so many jobs. */
      async lateness(jobs: number, resolution?: '480P', options?: PollOptions) {
        const late: number[] = [];
        for (let turn = 0; turn < jobs; turn += 1) {
          asked.length = 0;
          const startMs = Date.now();
          await settle(wan.pollUntilDone(await create(resolution), options));
          for (const gap of gaps([startMs, ...asked])) {
            expect(gap).toBeGreaterThanOrEqual(1000);
            expect(gap).toBeLessThanOrEqual(30_300);
          }
          late.push((Date.now() - startMs) / 1000 - videoSeconds);
        }
        return late;
      },
    };
  }

  it('asks within 1 to 30 s, and closer to the end once it has seen jobs end', async () => {
    const late: number[] = [];
    for (const seconds of [183, 191, 200, 208, 217])
      late.push(...(await paced(seconds).lateness(8)).slice(-4));
    expect(late.reduce((sum, value) => sum + value, 0) / late.length).toBeLessThan(3);
  });

  it('learns from waits at an interval of the caller too', async () => {
    const { lateness, wan, create } = paced(60);
    await lateness(4, '480P', { intervalMs: 2000 });
    const etaOf = async (resolution: '480P') => {
      const updates: (number | undefined)[] = [];
      const onUpdate = ({ etaMs }: { etaMs?: number }) => updates.push(etaMs);
      await settle(wan.pollUntilDone(await create(resolution), { onUpdate, intervalMs: 5000 }));
      return updates[0] ?? Number.NaN;
    };
    const etaMs = await etaOf('480P');
    expect(etaMs).toBeGreaterThan(45_000);
    expect(etaMs).toBeLessThan(65_000);
  });

  it('takes jobs of another duration or resolution for another kind', async () => {
    let takesMs = 0;
    const endsAt: number[] = [];
    const wan = createWan({
      apiKey: 'k-12345678',
      fetch: async (address, { method }) => {
        const { searchParams } = new URL(address);
        if (method === 'POST') endsAt.push(Date.now() + takesMs);
        const id = searchParams.get('generation_id') ?? `${endsAt.length - 1}`;
        const isDone = Date.now() >= (endsAt[Number(id)] ?? 0);
        return Response.json({ ...(isDone ? done.body : { status: 'generating' }), id });
      },
    });
    const start = (fields: object) => wan.generateVideoUnchecked({ model: 'wan-9', prompt: 'x', ...fields });
    const seconds = async (fields: object) => {
      for await (const { etaMs } of wan.watchVideo(await start(fields)))
        return Math.round((etaMs ?? 0) / 1000);
      return undefined;
    };
    const short = { resolution: '720p', duration: 5 };
    const long = { resolution: '720p', duration: 15 };
    for (const [fields, ms] of [
      [short, 60_000],
      [long, 240_000],
    ] as const) {
      takesMs = ms;
      for (let job = 0; job < 8; job += 1) await settle(wan.pollUntilDone(await start(fields)));
    }
    expect(Math.abs(((await seconds(short)) ?? 0) - 60)).toBeLessThan(5);
    expect(Math.abs(((await seconds(long)) ?? 0) - 240)).toBeLessThan(10);
    // the model's last 8 jobs are the guess for other kinds
    for (const other of [{}, { duration: 15 }, { resolution: '720p' }, { ...long, resolution: '480p' }])
      expect(Math.abs(((await seconds(other)) ?? 0) - 240)).toBeLessThan(15);
  });

  it('learns nothing where the first answer of a stored job is the end, or where nobody looked for long', async () => {
    for (const [steps, intervalMs] of [
      [[done], 5000],
      [[running, done], 40_000],
    ] satisfies [Step[], number][]) {
      const { wan, poll } = scripted(...steps, running);
      const createdAt = new Date(Date.now() - 30_000).toISOString();
      const job: VideoJob = {
        provider: 'aimlapi',
        id: 'j',
        state: 'running',
        status: 'x',
        model: 'm',
        createdAt,
        raw: 1,
      };
      await poll({ intervalMs }, job);
      for await (const update of wan.watchVideo(job)) {
        expect(update).not.toHaveProperty('etaMs');
        break;
      }
    }
  });

  it('counts from createdAt where that can be right, and from the start of the wait elsewhere', async () => {
    const stored = (createdAt?: string): VideoJob => ({
      provider: 'aimlapi',
      id: 'j',
      state: 'running',
      status: 'x',
      model: `alibaba/${model}`,
      ...(createdAt && { createdAt }),
      raw: 1,
    });
    const progressOf = async (job: VideoJob) => {
      for await (const { progress } of scripted(running).wan.watchVideo(job)) return progress;
      return undefined;
    };
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    expect(await progressOf(stored(ago(180_000)))).toBeGreaterThan(0.4);
    for (const createdAt of [ago(-60_000), ago(25 * 3_600_000), 'soon', undefined])
      expect(await progressOf(stored(createdAt))).toBe(0);
  });

  it('tells etaMs and a progress that only grows, 1 with the video, and neither for a model nobody knows', async () => {
    const { wan, create } = paced(400);
    const updates: { progress?: number; etaMs?: number }[] = [];
    await settle(wan.pollUntilDone(await create(), { onUpdate: (update) => updates.push(update) }));
    const progress = updates.map((update) => update.progress ?? Number.NaN);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(progress.at(-2)).toBeLessThan(1);
    expect(updates.at(-1)?.etaMs).toBe(0);
    expect(updates[0]?.etaMs).toBeGreaterThan(200_000);
    for await (const update of scripted(running).wan.watchVideo('j')) {
      expect(update).not.toHaveProperty('etaMs');
      expect(update).not.toHaveProperty('progress');
      break;
    }
  });

  it('asks at once where a job started in this process has waited for longer than the first pause', async () => {
    const { wan, create } = paced(0);
    const job = await create();
    await vi.advanceTimersByTimeAsync(20_000);
    const sleeps: number[] = [];
    await wan.pollUntilDone(job, { sleep: async (ms) => void sleeps.push(ms) });
    expect(sleeps).toEqual([]);
  });
});

describe('the first update', () => {
  const input = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;

  it('comes before the first pause and the first request, with the estimate', async () => {
    const { wan, asked } = scripted({ body: { id: 'j', status: 'queued' } }, running);
    const job = await wan.generateVideo(input);
    for await (const update of wan.watchVideo(job)) {
      expect(update).toEqual({ job, status: 'queued', elapsedMs: 0, polls: 0, progress: 0, etaMs: 365_000 });
      break;
    }
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('knows of a stored job how long it has run, and of an id next to nothing', async () => {
    const { wan } = scripted({ body: { id: 'j', status: 'queued' } }, running);
    const job = JSON.parse(JSON.stringify(await wan.generateVideo(input)));
    const createdAt = new Date(Date.now() - 180_000).toISOString();
    for await (const { etaMs, progress } of wan.watchVideo({ ...job, createdAt })) {
      expect(etaMs).toBeLessThan(300_000);
      expect(progress).toBeGreaterThan(0.4);
      break;
    }
    for await (const update of wan.watchVideo('j')) {
      expect(update).toMatchObject({ job: { id: 'j', state: 'running' }, status: 'unknown', polls: 0 });
      expect(update).not.toHaveProperty('etaMs');
      break;
    }
  });

  it('has the progress that the answer to the create told, where the provider tells one', async () => {
    const job: VideoJob = {
      provider: 'aimlapi',
      id: 'j',
      state: 'running',
      status: 'x',
      progress: 0.3,
      raw: 1,
    };
    for await (const { progress } of scripted(running).wan.watchVideo(job)) {
      expect(progress).toBe(0.3);
      break;
    }
  });

  it('is awaited before the first request, and ends the wait by what it throws', async () => {
    const { poll, asked } = scripted(running, done);
    const onUpdate = () => new Promise<void>((resolve) => setTimeout(resolve, 1500));
    await poll({ onUpdate });
    expect(asked[0]?.at).toBe(1500);
    const mine = new Error('mine');
    const refused = scripted(done);
    const onFirst = () => {
      throw mine;
    };
    expect(await failure(refused.poll({ onUpdate: onFirst }))).toBe(mine);
    expect(refused.asked).toHaveLength(0);
  });

  it('is none for a job that failed already, and comes without the video where its link has expired', async () => {
    const failed = scripted({ body: { id: 'j', status: 'error', error: 'no' } });
    const updates: unknown[] = [];
    const onUpdate = ({ polls, video }: VideoUpdate) => void updates.push([polls, video?.url]);
    expect(await failure(failed.poll({ onUpdate }, await failed.wan.getVideo('j')))).toBeInstanceOf(
      VideoFailedError,
    );
    expect(updates).toEqual([]);
    const old = { ...done.body, video: { url: url.replace('4000000000', '1') } };
    const { wan, poll } = scripted({ body: old }, done);
    await poll({ onUpdate }, await wan.getVideo('j'));
    expect(updates).toEqual([
      [0, undefined],
      [1, url],
    ]);
  });
});

describe('pollUntilDone() reads', () => {
  it.each(['COMPLETED', 'succeeded', 'Success', 'done', 'ready', 'finished', 'never heard of'])(
    '"%s" with a URL as done',
    async (status) => {
      const { poll } = scripted({ body: { id: 'j', status, video: { url } } });
      expect((await poll()).url).toBe(url);
    },
  );

  it('a blank URL as none', async () => {
    const blank = { body: { id: 'j', status: 'completed', video: { url: ' ' } } };
    const { poll, asked } = scripted(
      blank,
      { body: { id: 'j', status: 'never heard of', video: { url: '' } } },
      done,
    );
    expect((await poll()).url).toBe(url);
    expect(asked).toHaveLength(3);
  });

  it('an unknown word without a URL as still running, up to the deadline', async () => {
    const { poll } = scripted({ body: { id: 'j', status: 'dreaming' } });
    const error = await failure(poll({ maxWaitMs: 12_000 }));
    expect(error).toBeInstanceOf(PollTimeoutError);
    expect(error).toMatchObject({ lastStatus: 'dreaming', waitedMs: 12_000, id: 'j' });
    expect(error.job).toMatchObject({ id: 'j', state: 'running', status: 'dreaming' });
  });

  it.each([
    ['an object', { name: 'DataInspectionFailed', message: 'refused' }, 'refused', 'DataInspectionFailed'],
    ['a string', 'refused', 'refused', undefined],
    ['a list of details', { detail: [{ loc: ['prompt'], msg: 'refused' }] }, 'prompt: refused', undefined],
    [
      'a kind',
      { name: 'ForbiddenException', message: 'refused', data: { kind: 'err_unverified_card' } },
      'refused',
      'err_unverified_card',
    ],
    ['nothing', null, 'status "error", without a reason', undefined],
  ])('a failure whose error is %s', async (_, said, reason, code) => {
    const { poll } = scripted(running, { body: { id: 'j', status: 'error', error: said } });
    const error = await failure(poll());
    expect(error).toBeInstanceOf(VideoFailedError);
    expect(error.reason).toBe(reason);
    expect(error.code).toBe(code);
    expect(error.job.state).toBe('failed');
  });

  it('done without a URL as not yet, for 60 s', async () => {
    const { poll, asked } = scripted({ body: { id: 'j', status: 'completed', video: null } });
    const error = await failure(poll());
    expect(error).toBeInstanceOf(VideoFailedError);
    expect(error.job.raw).toEqual({ id: 'j', status: 'completed', video: null });
    expect(asked.at(-1)?.at).toBe(60_000);
  });

  it('duration, tokens_used and usage of either answer shape', async () => {
    const { poll } = scripted({
      body: {
        id: 'j',
        status: 'completed',
        duration: 5,
        video: { url },
        meta: { usage: { tokens_used: 1_050_000 } },
      },
    });
    expect(await poll()).toMatchObject({
      durationSeconds: 5,
      usage: { creditsUsed: 1_050_000, usdSpent: 0.525 },
    });
    const nested = scripted({ body: { id: 'j', status: 'completed', video: { url, duration: 4.5 } } });
    expect(await nested.poll()).toMatchObject({ durationSeconds: 4.5 });
  });
});

describe('pollUntilDone() waits out', () => {
  const reset = new TypeError('fetch failed', {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
  });

  it.each<[string, Step]>([
    ['503', ownProblem(503, '/v2/video/generations')],
    ['429', { status: 429, text: 'slow down' }],
    ['408', { status: 408, text: '' }],
    ['425', { status: 425, text: '' }],
    ['524 with HTML', { status: 524, text: '<html><title>timeout</title></html>' }],
    ['a 200 with HTML', { text: '<html></html>' }],
    ['a 200 with broken JSON', { text: '{"id": "j", "sta' }],
    ['a 200 without a status', { body: {} }],
    ['a 302', { status: 302, text: '', headers: { location: '/login' } }],
    ['a 401 of a proxy', { status: 401, text: 'who are you' }],
    ['a 403 of a proxy', { status: 403, text: '<html></html>' }],
    ['a reset', { throws: reset }],
    [
      'no network',
      {
        throws: new TypeError('fetch failed', {
          cause: Object.assign(new Error('x'), { syscall: 'getaddrinfo' }),
        }),
      },
    ],
  ])('%s, twelve times in a row, and says so', async (_, step) => {
    const { poll, asked } = scripted(...Array.from({ length: 12 }, () => step), done);
    const troubles: (string | undefined)[] = [];
    const video = await poll({ onUpdate: ({ trouble }) => void troubles.push(trouble?.name) });
    expect(video.url).toBe(url);
    expect(asked).toHaveLength(13);
    // none before the first check, and none with the video
    expect(troubles).toHaveLength(14);
    expect(troubles.slice(1, 13).every((name) => name !== undefined)).toBe(true);
    expect([troubles[0], troubles[13]]).toEqual([undefined, undefined]);
    const gaps = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_250);
  });

  it.each<[string, Step, number]>([
    ['45 s of a 429', { status: 429, text: '', headers: { 'retry-after': '45' } }, 45_000],
    ['90 s of a 429, for 60 s', { status: 429, text: '', headers: { 'retry-after': '90' } }, 60_000],
    [
      'a day of a 503 page, for 60 s',
      { status: 503, text: '<html>', headers: { 'retry-after': '86400' } },
      60_000,
    ],
    [
      'a date of the API itself, for 60 s',
      {
        ...ownProblem(503, '/v2/video/generations'),
        headers: { 'retry-after': 'Fri, 31 Dec 2099 23:59:59 GMT' },
      },
      60_000,
    ],
  ])('Retry-After: %s', async (_, refusal, at) => {
    const { poll, asked } = scripted(refusal, done);
    await poll();
    expect(asked.map((each) => each.at)).toEqual([0, at]);
  });

  it.each([
    [15_000, 10_000, [0, 10_000, 13_500]],
    [60_000, 45_000, [0, 45_000, 58_000]],
    [500, 300_000, [0, 450]],
  ])(
    'a pause that would pass over the last check: within %i ms, every %i ms',
    async (maxWaitMs, intervalMs, times) => {
      const { poll, asked } = scripted(running);
      const error = await failure(poll({ maxWaitMs, intervalMs }));
      expect(error).toMatchObject({ name: 'PollTimeoutError', waitedMs: maxWaitMs });
      expect(asked.map(({ at }) => at)).toEqual(times);
    },
  );

  it('one Retry-After near the deadline, and still finds the video by then', async () => {
    const { poll, asked } = scripted({ status: 429, text: '', headers: { 'retry-after': '3600' } }, done);
    await poll({ maxWaitMs: 30_000 });
    expect(asked.map(({ at }) => at)).toEqual([0, 28_000]);
  });

  it('a check that never answers, until the deadline', async () => {
    const { poll } = scripted({ stall: true });
    const error = await failure(poll({ maxWaitMs: 20_000 }));
    expect(error).toMatchObject({ name: 'PollTimeoutError', waitedMs: 20_000 });
    expect(error.cause).toMatchObject({ name: 'RequestTimeoutError' });
  });

  it('400, 404 and 405 by asking the other path, and keeps the one that answers', async () => {
    const { poll, asked } = scripted(ownProblem(404, '/v2/video/generations'), running, done);
    const jobs: VideoJob[] = [];
    await poll({ onUpdate: ({ job }) => void jobs.push(job) });
    const legacy = '/v2/generate/video/alibaba/generation';
    expect(asked.map(({ path }) => path)).toEqual(['/v2/video/generations', legacy, legacy]);
    expect(jobs.at(-1)?.statusPath).toBe(legacy);
  });

  it('"not found" on both paths for 60 s, then stops with the job and the refusal', async () => {
    const { poll, asked } = scripted(ownProblem(404, '/v2/video/generations'));
    const error = await failure(poll());
    expect(error).toBeInstanceOf(PollStoppedError);
    expect(error.cause).toMatchObject({ name: 'ApiError', status: 404 });
    expect(error.job.id).toBe('j');
    expect(new Set(asked.map(({ path }) => path)).size).toBe(2);
    expect(asked.at(-1)?.at).toBeGreaterThanOrEqual(60_000);
    expect(asked.at(-1)?.at).toBeLessThan(91_000);
  });

  it('"not found" with anything else in between for as long as it takes', async () => {
    const refused = ownProblem(404, '/v2/video/generations');
    const steps = Array.from({ length: 30 }, (_, turn) =>
      turn % 3 === 2 ? { status: 503, text: '' } : refused,
    );
    expect((await scripted(...steps, done).poll()).url).toBe(url);
  });
});

describe('pollUntilDone() stops', () => {
  it.each([401, 403])('at once at a %i in the API’s own words', async (status) => {
    const { poll, asked } = scripted(running, ownProblem(status, '/v2/video/generations'));
    const error = await failure(poll());
    expect(error).toBeInstanceOf(PollStoppedError);
    expect(error.cause.status).toBe(status);
    expect(error.job).toMatchObject({ id: 'j', status: 'generating' });
    expect(asked).toHaveLength(2);
  });

  it('at the deadline, the checks in flight included, and hands the job back', async () => {
    const { poll, asked } = scripted(running);
    const error = await failure(poll({ maxWaitMs: 11_000 }));
    expect(error).toMatchObject({ name: 'PollTimeoutError', lastStatus: 'generating', waitedMs: 11_000 });
    expect(asked.map(({ at }) => at)).toEqual([0, 5000, 9900]);
    const { poll: again } = scripted(done);
    expect((await again({}, error.job)).url).toBe(url);
  });

  it('by the sleeps asked for where they run ahead of the clock', async () => {
    const { poll } = scripted(running);
    const error = await failure(poll({ maxWaitMs: 60_000, sleep: async () => {} }));
    expect(error).toMatchObject({ name: 'PollTimeoutError', waitedMs: 60_000 });
  });

  it.each([
    ['a sleep that never ends', { sleep: () => new Promise<void>(() => {}) }],
    ['an onUpdate that never ends', { onUpdate: () => new Promise(() => {}) }],
  ])('at the deadline, whatever hangs: %s', async (_, hanging) => {
    const error = await failure(scripted(running).poll({ maxWaitMs: 30_000, ...hanging }));
    expect(error).toMatchObject({ name: 'PollTimeoutError', waitedMs: 30_000, job: { id: 'j' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('at the deadline, and no later, where onUpdate hangs in a later turn', async () => {
    const startMs = Date.now();
    const onUpdate = ({ polls }: VideoUpdate) => (polls === 3 ? new Promise(() => {}) : undefined);
    const error = await failure(scripted(running).poll({ maxWaitMs: 30_000, onUpdate }));
    expect(error).toMatchObject({ name: 'PollTimeoutError', waitedMs: 30_000 });
    expect(Date.now() - startMs).toBeLessThan(30_500);
  });

  it('with the video, where only the last onUpdate hangs', async () => {
    const onUpdate = ({ video }: { video?: unknown }) => (video ? new Promise(() => {}) : undefined);
    expect((await scripted(running, done).poll({ maxWaitMs: 30_000, onUpdate })).url).toBe(url);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('with no timer left, where a sleep of the caller and onUpdate end in time', async () => {
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    await scripted(running, running, done).poll({ sleep, onUpdate: () => sleep(10) });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('after one last check, where a sleep of the caller is a little late', async () => {
    const { poll, asked } = scripted(running);
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms + 1));
    await failure(poll({ maxWaitMs: 1000, intervalMs: 999, sleep }));
    expect(asked).toHaveLength(2);
  });

  it('never, with maxWaitMs: Infinity', async () => {
    const { poll, asked } = scripted(...Array.from({ length: 400 }, () => running), done);
    expect((await poll({ maxWaitMs: Number.POSITIVE_INFINITY })).url).toBe(url);
    expect(asked.at(-1)?.at).toBe(2_000_000);
  });

  it('at once with the caller’s reason: before, in a pause, in a check, in onUpdate, in a sleep that ignores it', async () => {
    const reason = { mine: true };
    expect(await failure(scripted(running).poll({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    for (const [steps, options] of [
      [[running], {}],
      [[{ stall: true }], {}],
      [[running], { onUpdate: () => new Promise(() => {}) }],
      [[running], { sleep: () => new Promise<void>(() => {}) }],
    ] satisfies [Step[], PollOptions][]) {
      const controller = new AbortController();
      const ended = failure(
        scripted(...steps).wan.pollUntilDone('j', { ...options, signal: controller.signal }),
      );
      await vi.advanceTimersByTimeAsync(1234);
      controller.abort(reason);
      expect(await ended).toBe(reason);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it('with what onUpdate throws', async () => {
    const mine = new Error('mine');
    const thrown = failure(scripted(running).poll({ onUpdate: () => Promise.reject(mine) }));
    expect(await thrown).toBe(mine);
  });

  it('at once for a failed job', async () => {
    const { wan, asked, poll } = scripted({ body: { id: 'j', status: 'failed', error: 'no' } });
    const job = await wan.getVideo('j');
    expect(await failure(poll({}, job))).toMatchObject({ name: 'VideoFailedError', reason: 'no' });
    expect(asked).toHaveLength(1);
  });

  it('at misuse, named for what it is', async () => {
    const { wan } = scripted(done);
    const bad: [Promise<unknown>, typeof Error][] = [
      [wan.pollUntilDone('j', { intervalMs: -1 }), RangeError],
      [wan.pollUntilDone('j', { intervalMs: 0 }), RangeError],
      [wan.pollUntilDone('j', { intervalMs: Number.NaN }), RangeError],
      [wan.pollUntilDone('j', { maxWaitMs: 0 }), RangeError],
      [wan.pollUntilDone(''), TypeError],
      [
        wan.pollUntilDone({ provider: 'vtrix', id: 'v', state: 'running', status: 'x', raw: null }),
        TypeError,
      ],
    ];
    for (const [promise, type] of bad) expect(await failure(promise)).toBeInstanceOf(type);
    vi.stubEnv('AIMLAPI_API_KEY', '');
    vi.stubEnv('AIML_API_KEY', '');
    vi.stubEnv('AIMLAPI_KEY', '');
    expect(await failure(createWan().pollUntilDone('j'))).toBeInstanceOf(TypeError);
  });

  it('at a key that goes missing during the wait, and hands the job back', async () => {
    const keys = ['k-12345678', 'k-12345678'];
    const { fetch } = createFakeApi({ videoSeconds: 60 });
    const wan = createWan({ fetch, apiKey: () => keys.shift() ?? '' });
    const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    const error = await failure(settle(wan.pollUntilDone(job)));
    expect(error).toBeInstanceOf(PollStoppedError);
    expect(error).toMatchObject({ job: { id: job.id }, cause: { name: 'TypeError' } });
  });

  it('not at a key function that fails now and then', async () => {
    const api = createFakeApi({ videoSeconds: 8 });
    let calls = 0;
    const wan = createWan({
      fetch: api.fetch,
      apiKey: () => {
        calls += 1;
        if (calls === 2) throw new Error('vault sealed');
        return 'k-12345678';
      },
    });
    const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    expect((await settle(wan.pollUntilDone(job))).id).toBe(job.id);
  });
});

describe('watchVideo()', () => {
  it('gives what is known at once, then an update a check, the last one with the video', async () => {
    const { wan } = scripted(running, { status: 503, text: '' }, done);
    const seen: unknown[] = [];
    await settle(
      (async () => {
        for await (const { status, polls, trouble, video } of wan.watchVideo('j'))
          seen.push([status, polls, trouble?.name, video?.url]);
      })(),
    );
    expect(seen).toEqual([
      ['unknown', 0, undefined, undefined],
      ['generating', 1, undefined, undefined],
      ['generating', 2, 'ApiError', undefined],
      ['completed', 3, undefined, url],
    ]);
  });

  it('leaves nothing behind when the loop is left', async () => {
    const controller = new AbortController();
    const { wan, asked } = scripted(running);
    for (const checks of [0, 1]) {
      for await (const { polls } of wan.watchVideo('j', { signal: controller.signal }))
        if (polls === checks) break;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(vi.getTimerCount()).toBe(0);
      expect(asked).toHaveLength(checks);
    }
  });
});

describe('getVideo()', () => {
  it('carries over what the passed job knew, and ignores a status path that is not the API’s', async () => {
    const { wan, asked } = scripted(done);
    const job: VideoJob = {
      provider: 'aimlapi',
      id: 'j',
      state: 'running',
      status: 'queued',
      model: 'm',
      createdAt: '2026-01-01T00:00:00.000Z',
      clientRequestId: 'c',
      inferenceId: 'i',
      usage: { creditsUsed: 5, usdSpent: 1 },
      statusPath: '@elsewhere.example/',
      raw: 1,
    };
    const after = await wan.getVideo(job);
    expect(after).toMatchObject({
      state: 'done',
      model: 'm',
      createdAt: job.createdAt,
      clientRequestId: 'c',
      inferenceId: 'i',
      usage: job.usage,
    });
    expect(after.video).toMatchObject({ model: 'm', usage: job.usage });
    expect(asked[0]?.path).toBe('/v2/video/generations');
  });

  it('asks the other path at 404, and gives the first refusal where both refuse', async () => {
    const { wan, asked } = scripted(ownProblem(404, '/v2/video/generations'), done);
    expect((await wan.getVideo('j')).statusPath).toBe('/v2/generate/video/alibaba/generation');
    expect(asked).toHaveLength(2);
    const lost = scripted(ownProblem(404, '/v2/video/generations'), ownProblem(405, '/v2/video/generations'));
    expect(await failure(lost.wan.getVideo('j'))).toMatchObject({ status: 404 });
  });

  it('returns a failed job', async () => {
    const { wan } = scripted({ body: { id: 'j', status: 'error', error: { name: 'E', message: 'no' } } });
    expect(await wan.getVideo('j')).toMatchObject({ state: 'failed', error: { message: 'no', code: 'E' } });
  });
});
