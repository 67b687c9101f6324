import { getEventListeners } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import {
  ApiError,
  BudgetExceededError,
  ConnectionError,
  createWan,
  DownloadError,
  type Fetch,
  JobError,
  type Media,
  mayHaveBeenPaid,
  OutcomeUnknownError,
  VideoFailedError,
  type VideoJob,
  WanError,
} from '../../src/index.js';
import { createFakeApi, type FakeApi, type Fault } from '../../src/testing.js';

/** What a run comes to. */
export interface Tally {
  generations: number;
  faults: number;
  paid: number;
  saved: number;
  recovered: number;
  outcomeUnknown: number;
  /** Creates that the client refused, as it could not read their price. */
  unpriced: number;
  /** Runs after which the client knew to the credit what was charged. */
  settled: number;
}

const key = 'sk-never-to-be-seen-0123456789';
const apiOrigin = 'https://api.aimlapi.com';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit: number) => Math.floor(next() * limit),
    chance: (share: number) => next() < share,
    oneOf: <T>(items: readonly [T, ...T[]]): T => items[Math.floor(next() * items.length)] ?? items[0],
  };
}

type Random = ReturnType<typeof randomFrom>;

function createFault(random: Random, on: 'image' | 'video'): Fault {
  const accepted = random.chance(0.5);
  const withoutInferenceId = random.chance(0.5);
  return random.oneOf<Fault>([
    { kind: 'rate-limit', on },
    { kind: 'rate-limit', on, retryAfterSeconds: random.below(80) },
    { kind: 'error', on, status: random.oneOf([500, 503, 500, 502, 504, 400, 401, 403, 404, 422]) },
    { kind: 'error', on, status: random.oneOf([500, 503, 502]), form: 'legacy' },
    { kind: 'html', on, status: random.oneOf([500, 502, 503, 504, 524, 408, 425]), accepted },
    { kind: 'answer', on, status: 503, body: { error: { name: 'Proxy' }, instance: '/elsewhere' }, accepted },
    { kind: 'answer', on, status: 200, body: '', accepted: true },
    { kind: 'answer', on, status: 307, headers: { location: 'https://elsewhere.example/' } },
    { kind: 'reset', on, accepted },
    { kind: 'stall', on, accepted },
    { kind: 'cut', on, withoutInferenceId, afterBytes: random.below(60) },
    { kind: 'stall-body', on, withoutInferenceId },
    { kind: 'broken-json', on, withoutInferenceId },
  ]);
}

function readFault(random: Random, on: 'status' | 'file' | 'log' | 'catalogue'): Fault {
  const common: [Fault, ...Fault[]] = [
    { kind: 'reset', on },
    { kind: 'stall', on },
    { kind: 'html', on, status: random.oneOf([500, 502, 503, 524, 408]) },
    { kind: 'rate-limit', on, retryAfterSeconds: random.below(70) },
    { kind: 'cut', on, afterBytes: random.below(2000) },
    { kind: 'stall-body', on, afterBytes: random.below(2000) },
  ];
  if (on === 'file') {
    const status = random.oneOf([401, 403, 404, 410, 416, 400]);
    return random.oneOf([
      ...common,
      { kind: 'answer', on, status, body: '<Error/>' },
      { kind: 'expired-link' },
    ]);
  }
  common.push(
    { kind: 'broken-json', on },
    { kind: 'answer', on, status: 401, body: 'a proxy asks who you are' },
  );
  if (on === 'log' || on === 'catalogue') return random.oneOf(common);
  return random.oneOf([
    ...common,
    { kind: 'status', status: 'dreaming' },
    { kind: 'no-video' },
    { kind: 'error', on, status: random.oneOf([400, 404, 405, 500, 401, 403]) },
  ]);
}

/** Runs the fake clock on whenever nothing else can happen, so that a seed always takes the same course. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  let open = true;
  const close = () => {
    open = false;
  };
  promise.then(close, close);
  while (open) {
    for (let idle = 0; idle < 6 && open; idle += 1) {
      await setImmediate();
      if (process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))) idle = 0;
    }
    if (open) vi.advanceTimersToNextTimer();
  }
  return promise;
}

const outcomeOf = <T>(promise: Promise<T>) =>
  settle(
    promise.then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    ),
  );

/** One generation through random faults, from create to file; throws where a promise of the library is broken. */
export async function runGeneration(seed: number, tally: Tally): Promise<void> {
  const random = randomFrom(seed);
  vi.spyOn(Math, 'random').mockImplementation(random.next);
  const kind = random.chance(0.5) ? 'image' : 'video';
  const api = createFakeApi({
    videoSeconds: random.below(120),
    logDelaySeconds: random.below(300),
    ranges: random.chance(0.8),
  });
  let injected = 0;
  const strike = (fault: Fault) => {
    api.fault(fault);
    injected += 1;
  };
  for (let count = random.below(4); count > 0; count -= 1) strike(createFault(random, kind));
  for (let count = random.below(8); count > 0; count -= 1) {
    strike(readFault(random, random.oneOf(['status', 'file', 'log', 'file', 'catalogue'])));
  }
  const willFail = kind === 'video' && random.chance(0.05);
  if (willFail) strike({ kind: 'job-fails' });

  // the API's clock may be ahead of this machine's or behind it, and its pages may be short
  const aheadMs = random.chance(0.3) ? random.below(48 * 3_600_000) - 24 * 3_600_000 : 0;
  const pageRows = random.oneOf(['1', '2', '100']);
  const fetch: Fetch = async (url, init) => {
    const { origin, pathname, search } = new URL(url);
    if (origin !== apiOrigin) expect(init.headers).not.toHaveProperty('authorization');
    if (random.chance(0.05)) {
      injected += 1;
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' }),
      });
    }
    if (origin === 'https://cdn.aimlapi.com' && random.chance(0.1)) {
      injected += 1;
      return new Response(null, {
        status: 302,
        headers: { location: `https://mirror.example${pathname}${search}` },
      });
    }
    if (pathname === '/v2/logs') return readLog(api, new URL(url), init, aheadMs, pageRows);
    return api.fetch(url, init);
  };
  const controller = new AbortController();
  const { signal } = controller;
  const wan = createWan({ apiKey: key, fetch, maxUsd: 1 });
  const media =
    kind === 'image'
      ? await makeImage(wan, api, signal, tally)
      : await makeVideo(wan, api, signal, tally, willFail);
  expect(api.generations).toBeLessThanOrEqual(1);
  checkSpending(wan, api, tally);
  if (media) {
    await saveAndCompare(wan, api, media, signal);
    tally.saved += 1;
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(api.generations).toBeLessThanOrEqual(1);
  tally.generations += 1;
  tally.paid += api.generations;
  tally.faults += injected - api.clearFaults();
}

/** The log of an API whose clock is ahead by so much. */
async function readLog(
  api: FakeApi,
  url: URL,
  init: RequestInit,
  aheadMs: number,
  pageRows: string,
): Promise<Response> {
  const shift = (time: string | null) => new Date(Date.parse(time ?? '') - aheadMs).toISOString();
  for (const name of ['start', 'end']) url.searchParams.set(name, shift(url.searchParams.get(name)));
  url.searchParams.set('limit', pageRows);
  const { body, status, headers } = await api.fetch(url, init);
  const date = new Date(Date.now() + aheadMs).toUTCString();
  return new Response(body, { status, headers: { ...Object.fromEntries(headers), date } });
}

type Client = ReturnType<typeof createWan>;

/** No cent is charged that the client has not counted. What it knows for certain is what was charged. */
function checkSpending(wan: Client, api: FakeApi, tally: Tally): void {
  const { usd, reservedUsd } = wan.spending();
  expect(api.charged).toBeLessThanOrEqual(usd + reservedUsd);
  if (reservedUsd > 0) return;
  expect(usd).toBe(api.charged);
  tally.settled += 1;
}

/** A create that ended in an error: what that error says must be so. */
function checkCreateError(error: unknown, api: FakeApi, tally: Tally): void {
  expect(error).toBeInstanceOf(WanError);
  expect(api.generations === 0 || mayHaveBeenPaid(error)).toBe(true);
  if (error instanceof BudgetExceededError) {
    tally.unpriced += 1;
    expect(api.generations).toBe(0);
  } else if (error instanceof OutcomeUnknownError) {
    tally.outcomeUnknown += 1;
    expect(error.clientRequestId).toMatch(/^[\w-]{36}$/);
  } else {
    // refused, or never left: then nothing was paid for
    expect(error instanceof ApiError || error instanceof ConnectionError).toBe(true);
    expect(api.generations).toBe(0);
  }
}

async function makeImage(
  wan: Client,
  api: FakeApi,
  signal: AbortSignal,
  tally: Tally,
): Promise<Media | undefined> {
  const { value, error } = await outcomeOf(
    wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x', image_size: 'square' }, { signal }),
  );
  if (!value) {
    checkCreateError(error, api, tally);
    return undefined;
  }
  expect(api.generations).toBe(1);
  return value.images[0];
}

async function makeVideo(
  wan: Client,
  api: FakeApi,
  signal: AbortSignal,
  tally: Tally,
  willFail: boolean,
): Promise<Media | undefined> {
  const created = await outcomeOf(wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }, { signal }));
  if (created.error !== undefined) checkCreateError(created.error, api, tally);
  const job = created.value ?? (await recover(wan, api, created.error, signal, tally, willFail));
  if (!job) return undefined;
  expect(api.generations).toBe(1);
  let waiting: VideoJob = job;
  for (let rounds = 0; ; rounds += 1) {
    expect(rounds).toBeLessThan(30);
    const { value, error } = await outcomeOf(wan.pollUntilDone(waiting, { signal, maxWaitMs: 300_000 }));
    if (value) return value;
    if (!(error instanceof JobError)) throw error;
    expect(error.job.id).toBe(job.id);
    if (error instanceof VideoFailedError && willFail) return undefined;
    waiting = error.job;
  }
}

async function recover(
  wan: Client,
  api: FakeApi,
  lost: unknown,
  signal: AbortSignal,
  tally: Tally,
  willFail: boolean,
): Promise<VideoJob | undefined> {
  if (!(lost instanceof OutcomeUnknownError)) return undefined;
  const { value, error } = await outcomeOf(wan.recoverVideo(lost, { signal }));
  if (error !== undefined) expect(error).toBeInstanceOf(VideoFailedError);
  if (error !== undefined && !willFail) expect(api.generations).toBe(0);
  if (api.generations === 1 && error === undefined) expect(value).toBeDefined();
  if (api.generations === 0) expect(value).toBeUndefined();
  if (value) tally.recovered += 1;
  return value;
}

/** Saves, as often as it takes: faults come to an end, and the media stays usable until then. */
async function saveAndCompare(wan: Client, api: FakeApi, media: Media, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-faults-'));
  try {
    const path = join(folder, 'file');
    for (let rounds = 0; ; rounds += 1) {
      expect(rounds).toBeLessThan(30);
      const { value, error } = await outcomeOf(wan.save(media, path, { signal }));
      if (value) break;
      expect(error).toBeInstanceOf(DownloadError);
      expect(await readdir(folder)).toEqual([]);
      // the link of an image cannot be replaced; one that came expired is the server's word
      if (error instanceof DownloadError && error.status === 403 && isExpired(media)) return;
    }
    expect(await readdir(folder)).toEqual(['file']);
    api.clearFaults();
    const address = typeof media === 'object' && 'url' in media ? media.url : undefined;
    const served = address && !isExpired(media) ? await api.fetch(address) : undefined;
    if (served) expect(Buffer.compare(await readFile(path), Buffer.from(await served.arrayBuffer()))).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function isExpired(media: Media): boolean {
  const expiresAt = typeof media === 'object' && 'expiresAt' in media ? String(media.expiresAt) : '';
  return Date.parse(expiresAt) <= Date.now();
}
