import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import * as errors from '../../src/base/errors.js';
import type { VideoJob } from '../../src/base/results.js';

type Errors = typeof errors;

const secret = 's3cret';
const signed = `https://cdn.example.com/v1.mp4?Signature=${secret}`;
const job: VideoJob = {
  provider: 'aimlapi',
  id: 'v1',
  state: 'done',
  status: 'completed',
  model: 'alibaba/wan2.2-t2v-plus',
  video: { id: 'v1', provider: 'aimlapi', url: signed, raw: { url: signed } },
  raw: { url: signed },
};
const url = 'https://api.aimlapi.com/v1/images/generations';
const cause = new Error('the reason');

/** One of each, from a copy of the module. */
function makeAll(from: Errors): Record<string, Error> {
  const options = { cause };
  const api = { status: 418, code: 'err_teapot', url, fromApi: true, requestId: 'r1', clientRequestId: 'c1' };
  const connection = { method: 'GET', url, attempts: 3 };
  const body = { secret };
  return {
    WanError: new from.WanError('why', options),
    InvalidInputError: new from.InvalidInputError(
      'why',
      { model: 'm', issues: [{ path: 'seed', message: 'takes a whole number', received: 0.5 }] },
      options,
    ),
    ConnectionError: new from.ConnectionError('why', connection, options),
    RequestTimeoutError: new from.RequestTimeoutError('why', connection, options),
    OutcomeUnknownError: new from.OutcomeUnknownError(
      'why',
      { clientRequestId: 'c1', model: 'm', startedAt: '2026-11-01T00:00:00.000Z', status: 502 },
      secret,
      options,
    ),
    ApiError: new from.ApiError('why', api, body, options),
    AuthenticationError: new from.AuthenticationError('why', { ...api, status: 401 }, body, options),
    PermissionError: new from.PermissionError('why', { ...api, status: 403 }, body, options),
    InsufficientCreditsError: new from.InsufficientCreditsError(
      'why',
      { ...api, status: 403 },
      body,
      options,
    ),
    RateLimitError: new from.RateLimitError('why', { ...api, retryAfterMs: 90_000 }, body, options),
    UnexpectedResponseError: new from.UnexpectedResponseError(
      'why',
      { status: 200, url, issues: ['no id'], clientRequestId: 'c1', inferenceId: 'i1' },
      body,
      options,
    ),
    JobError: new from.JobError('why', job, {}, options),
    VideoFailedError: new from.VideoFailedError('why', job, { reason: 'refused', code: 'X' }, options),
    PollTimeoutError: new from.PollTimeoutError('why', job, { lastStatus: 'queued', waitedMs: 9 }, options),
    PollStoppedError: new from.PollStoppedError('why', job, {}, options),
    BudgetExceededError: new from.BudgetExceededError(
      'why',
      { model: 'm', maxUsd: 2, spentUsd: 1, reservedUsd: 0.5, neededUsd: 0.75 },
      options,
    ),
    DownloadError: new from.DownloadError('why', { url, status: 403, bytesReceived: 7 }, options),
  };
}

const parents: Record<string, readonly string[]> = {
  RequestTimeoutError: ['ConnectionError'],
  AuthenticationError: ['ApiError'],
  PermissionError: ['ApiError'],
  InsufficientCreditsError: ['ApiError'],
  RateLimitError: ['ApiError'],
  VideoFailedError: ['JobError'],
  PollTimeoutError: ['JobError'],
  PollStoppedError: ['JobError'],
};
const own = makeAll(errors);
const names = Object.keys(own);

function errorOf(all: Record<string, Error>, name: string): Error {
  const error = all[name];
  if (error === undefined) throw new Error(`there is no ${name}`);
  return error;
}

/** The names of the classes of a copy that an error is an instance of. */
function classesOf(error: unknown, from: Errors): string[] {
  return Object.values(from)
    .filter((type) => error instanceof type)
    .map((type) => type.name)
    .toSorted();
}

async function importCopy(): Promise<Errors> {
  vi.resetModules();
  const copy: Errors = await import('../../src/base/errors.js');
  expect(copy.WanError).not.toBe(errors.WanError);
  return copy;
}

describe('names', () => {
  test('errors.ts exports the seventeen classes', () => {
    expect(Object.keys(errors).toSorted()).toEqual(names.toSorted());
  });

  test.each(names)('%s has its name in name, stack and JSON', (name) => {
    const error = errorOf(own, name);
    expect(error.name).toBe(name);
    expect(String(error)).toBe(`${name}: why`);
    expect(error.stack).toMatch(new RegExp(`^${name}: why\n`));
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name, message: 'why' });
    expect(Object.keys(error)).not.toContain('name');
  });
});

describe('instanceof', () => {
  test.each(names)('%s is one of its own class, its parents and Error', (name) => {
    const expected = [...new Set([name, 'WanError', ...(parents[name] ?? [])])].toSorted();
    expect(classesOf(own[name], errors)).toEqual(expected);
    expect(own[name]).toBeInstanceOf(Error);
  });

  test.each(names)('%s is the same to the classes of another copy, both ways', async (name) => {
    const copy = await importCopy();
    expect(classesOf(own[name], copy)).toEqual(classesOf(own[name], errors));
    expect(classesOf(makeAll(copy)[name], errors)).toEqual(classesOf(own[name], errors));
  });

  test.each([null, undefined, 'WanError', 5, {}, new Error('x'), new TypeError('x'), { name: 'WanError' }])(
    'none of the classes takes %o for its own',
    (value) => {
      expect(classesOf(value, errors)).toEqual([]);
    },
  );

  test("a user's subclass knows its own and is known by its parents", async () => {
    class TeapotError extends errors.ApiError {}
    class KettleError extends TeapotError {
      override name = 'KettleError';
    }
    const facts = { status: 418, url, fromApi: true };
    const teapot = new TeapotError('why', facts, {});
    const kettle = new KettleError('why', facts, {});
    expect(teapot).toBeInstanceOf(TeapotError);
    expect(teapot).not.toBeInstanceOf(KettleError);
    expect(kettle).toBeInstanceOf(KettleError);
    expect(kettle).toBeInstanceOf(TeapotError);
    expect(kettle.name).toBe('KettleError');
    expect(own.ApiError).not.toBeInstanceOf(TeapotError);
    for (const from of [errors, await importCopy()]) {
      expect(classesOf(kettle, from)).toEqual(['ApiError', 'WanError']);
    }
  });

  test('a class of another copy does not take the subclass of a user for more than it is', async () => {
    class TeapotError extends errors.ApiError {}
    const copy = await importCopy();
    expect(errorOf(makeAll(copy), 'ApiError')).not.toBeInstanceOf(TeapotError);
  });
});

describe('facts', () => {
  test.each(names)('%s passes its cause on', (name) => {
    expect(own[name]?.cause).toBe(cause);
  });

  test('an error without a cause has none', () => {
    expect(new errors.ApiError('why', { status: 418, url, fromApi: true }, {})).not.toHaveProperty('cause');
  });

  test('facts that are not known are absent', () => {
    const facts = { status: 418, code: undefined, url, fromApi: false, requestId: undefined };
    expect(Object.keys(new errors.ApiError('why', facts, {})).toSorted()).toEqual([
      'fromApi',
      'status',
      'url',
    ]);
    expect(Object.keys(new errors.InvalidInputError('why', { model: undefined, issues: [] }))).toEqual([
      'issues',
    ]);
    const nameless: VideoJob = { provider: 'aimlapi', id: 'v2', state: 'running', status: 'queued', raw: {} };
    expect(Object.keys(new errors.JobError('why', nameless)).toSorted()).toEqual(['id', 'status']);
  });

  test('body and job are readable in code', () => {
    const { ApiError, OutcomeUnknownError, UnexpectedResponseError, PollTimeoutError } = own;
    expect(ApiError).toHaveProperty('body', { secret });
    expect(OutcomeUnknownError).toHaveProperty('body', secret);
    expect(UnexpectedResponseError).toHaveProperty('body', { secret });
    expect(PollTimeoutError instanceof errors.JobError && PollTimeoutError.job).toBe(job);
  });

  test.each(names)('%s shows no body, job or raw in JSON, inspect and its keys', (name) => {
    const error = errorOf(own, name);
    const shown = [
      JSON.stringify(error),
      inspect(error, { depth: 9 }),
      JSON.stringify({ ...error }),
      inspect(Object.entries(error), { depth: 9 }),
      error.stack,
    ].join('\n');
    expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/\b(body|job|raw)\b/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  });

  test.each([
    ['InvalidInputError', { model: 'm', issues: [{ path: 'seed', received: 0.5 }] }],
    ['ConnectionError', { method: 'GET', url, attempts: 3 }],
    ['OutcomeUnknownError', { clientRequestId: 'c1', model: 'm', status: 502 }],
    [
      'ApiError',
      { status: 418, code: 'err_teapot', url, fromApi: true, requestId: 'r1', clientRequestId: 'c1' },
    ],
    ['RateLimitError', { retryAfterMs: 90_000 }],
    ['UnexpectedResponseError', { status: 200, issues: ['no id'], inferenceId: 'i1' }],
    ['JobError', { id: 'v1', model: 'alibaba/wan2.2-t2v-plus', status: 'completed' }],
    ['VideoFailedError', { id: 'v1', reason: 'refused', code: 'X' }],
    ['PollTimeoutError', { id: 'v1', lastStatus: 'queued', waitedMs: 9 }],
    ['BudgetExceededError', { model: 'm', maxUsd: 2, spentUsd: 1, reservedUsd: 0.5, neededUsd: 0.75 }],
    ['DownloadError', { url, status: 403, bytesReceived: 7 }],
  ])('%s shows its facts in JSON and inspect', (name, facts) => {
    const error = errorOf(own, name);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject(facts);
    const shown = inspect(error, { depth: 9 });
    for (const key of Object.keys(facts)) expect(shown).toContain(`${key}: `);
    expect(shown).toContain('the reason');
  });
});
