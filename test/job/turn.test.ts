import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, ConnectionError, JobError, UnexpectedResponseError } from '../../src/base/errors.js';
import type { Video, VideoJob } from '../../src/base/results.js';
import { UnsendableError } from '../../src/http/failure.js';
import { StrayAnswerError, unclaimedFailure } from '../../src/job/stray.js';
import {
  accept,
  endure,
  finishedVideo,
  firstPath,
  type StatusSource,
  timeoutError,
  type Wait,
} from '../../src/job/turn.js';

const now = Date.parse('2026-11-01T12:00:00.000Z');
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => void vi.useRealTimers());

const running: VideoJob = { provider: 'aimlapi', id: 'j', state: 'running', status: 'queued', raw: {} };
const video: Video = { provider: 'aimlapi', id: 'j', url: 'https://cdn.example/x.mp4', raw: {} };
const done: VideoJob = { ...running, state: 'done', status: 'completed', video };
const empty: VideoJob = { ...running, state: 'done', status: 'completed' };
const failed: VideoJob = { ...running, state: 'failed', status: 'error' };

function newWait(job = running, paths: StatusSource['paths'] = ['/new', '/old']): Wait {
  const source: StatusSource = {
    provider: 'aimlapi',
    durationsOf: () => {
      throw new Error('nobody asks');
    },
    costOfFailure: 'It cost nothing',
    paths,
    check: () => Promise.reject(new Error('nobody asks')),
  };
  return { source, job, path: paths[0], troubles: 0 };
}

const answered = (status: number, fromApi = true) =>
  new ApiError(`answered ${status}`, { status, url: 'u', fromApi }, {});
const outage = new ConnectionError('no network', { method: 'GET', url: 'u', attempts: 1 });
const illegible = new UnexpectedResponseError('illegible', { status: 200, url: 'u', issues: [] }, {});
const stray = (answer: string, job?: VideoJob) =>
  new StrayAnswerError(answer, job, ['astray', { status: 200, url: 'u', issues: [] }, {}]);

/** What a step throws, `undefined` where it throws nothing. */
function thrownBy(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('firstPath()', () => {
  it.each([
    [undefined, '/new'],
    ['/new', '/new'],
    ['/old', '/old'],
    ['@elsewhere.example/', '/new'],
  ])('for a job that was last answered at %s is %s', (statusPath, first) => {
    expect(firstPath(['/new', '/old'], { ...running, ...(statusPath && { statusPath }) })).toBe(first);
  });
});

describe('finishedVideo()', () => {
  const expiring = (ms: number) => ({
    ...done,
    video: { ...video, expiresAt: new Date(now + ms).toISOString() },
  });

  it('is none while the job runs, and where it has none', () => {
    expect(finishedVideo(newWait(), 0)).toBeUndefined();
    expect(finishedVideo(newWait(empty), 1)).toBeUndefined();
  });

  it('is the one of the job, unless a stored link has expired', () => {
    expect(finishedVideo(newWait(done), 0)).toBe(video);
    expect(finishedVideo(newWait(expiring(1)), 0)).toMatchObject(video);
    expect(finishedVideo(newWait(expiring(0)), 0)).toBeUndefined();
    expect(finishedVideo(newWait(expiring(-1)), 0)).toBeUndefined();
    expect(finishedVideo(newWait(expiring(-1)), 1)).toMatchObject(video);
  });

  it('throws for a failed job, with the reason and the cost', () => {
    const told = { ...failed, error: { message: 'step 1.5 refused.', code: 'E' } };
    expect(thrownBy(() => finishedVideo(newWait(told), 0))).toMatchObject({
      name: 'VideoFailedError',
      message: 'Cannot give the video "j": it failed: step 1.5 refused. It cost nothing',
      reason: 'step 1.5 refused.',
      code: 'E',
      job: told,
    });
    expect(thrownBy(() => finishedVideo(newWait(failed), 0))).toMatchObject({
      message: 'Cannot give the video "j": it failed: status "error", without a reason. It cost nothing',
    });
  });
});

describe('accept()', () => {
  it('takes the job in, and forgets the trouble before it', () => {
    const wait = newWait();
    endure(wait, answered(503), 0);
    accept(wait, { ...running, status: 'generating' }, 1_000);
    expect(wait).toMatchObject({ job: { status: 'generating' }, troubles: 0, trouble: undefined });
  });

  it('takes "done" without a video for 60 s', () => {
    const wait = newWait();
    accept(wait, empty, 5_000);
    accept(wait, empty, 64_999);
    expect(thrownBy(() => accept(wait, empty, 65_000))).toMatchObject({
      name: 'VideoFailedError',
      message:
        'Cannot give the video "j": it failed: it has been "completed" for 60 s, but there is no video. As the provider calls it done, it may have been billed',
      job: empty,
    });
  });

  it.each([
    ['a running answer', (wait: Wait) => accept(wait, running, 30_000)],
    ['an outage', (wait: Wait) => endure(wait, outage, 30_000)],
    ['"not found"', (wait: Wait) => endure(wait, answered(404), 30_000)],
  ])('counts the 60 s anew after %s', (_, between) => {
    const wait = newWait();
    accept(wait, empty, 0);
    between(wait);
    accept(wait, empty, 60_000);
    accept(wait, empty, 119_999);
    expect(thrownBy(() => accept(wait, empty, 120_000))).toMatchObject({ name: 'VideoFailedError' });
  });

  it('never ends the wait for a job that runs, or that has its video', () => {
    const wait = newWait();
    for (const job of [running, done]) for (const ms of [0, 60_000, 600_000]) accept(wait, job, ms);
    expect(wait.job).toBe(done);
  });
});

describe('endure()', () => {
  it.each([
    [302, true],
    [399, true],
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [503, false],
    [401, false],
    [403, false],
  ])('asks the same path again after a %i (fromApi: %s)', (status, fromApi) => {
    const wait = newWait();
    endure(wait, answered(status, fromApi), 0);
    endure(wait, answered(status, fromApi), 600_000);
    expect(wait.path).toBe('/new');
    expect(wait.troubles).toBe(2);
  });

  it.each([400, 402, 404, 405, 410, 422])('asks both paths in turn while they answer %i', (status) => {
    for (const fromApi of [true, false]) {
      const wait = newWait();
      const asked = [0, 1, 2].map((ms) => {
        endure(wait, answered(status, fromApi), ms);
        return wait.path;
      });
      expect(asked).toEqual(['/old', '/new', '/old']);
    }
  });

  it('asks the only path again where there is one', () => {
    const wait = newWait(running, ['/only']);
    endure(wait, answered(404), 0);
    expect(wait.path).toBe('/only');
  });

  it.each([
    ['an outage', outage],
    ['an illegible answer', illegible],
    ['another job', stray('another job: x')],
  ])('asks the same path again after %s', (_, trouble) => {
    const wait = newWait();
    endure(wait, trouble, 0);
    expect(wait).toMatchObject({ path: '/new', troubles: 1, trouble });
  });

  it('counts the troubles in a row, which the pauses grow with', () => {
    const wait = newWait();
    for (const error of [answered(503), outage, illegible, answered(404)]) endure(wait, error, 0);
    expect(wait.troubles).toBe(4);
    accept(wait, running, 0);
    endure(wait, outage, 0);
    expect(wait.troubles).toBe(1);
  });

  it.each([
    ['a 401 of the API', answered(401)],
    ['a 403 of the API', answered(403)],
    ['a request that fetch refuses', new UnsendableError('x', { method: 'GET', url: 'u', attempts: 1 })],
    ['what is no trouble of the network', new RangeError('x')],
  ])('ends the wait at once with the job at %s', (_, cause) => {
    const wait = newWait();
    expect(thrownBy(() => endure(wait, cause, 0))).toMatchObject({
      name: 'PollStoppedError',
      message: `Cannot go on waiting for the video "j": ${cause.message}. Give error.job to pollUntilDone to go on waiting`,
      job: running,
      cause,
    });
    expect(wait.troubles).toBe(0);
  });

  it('hands on an error that has the job already', () => {
    const error = thrownBy(() => accept({ ...newWait(), standstill: standing(0) }, empty, 60_000));
    expect(error).toBeInstanceOf(JobError);
    expect(thrownBy(() => endure(newWait(), error, 0))).toBe(error);
  });
});

const standing = (sinceMs: number) => ({ answer: 'done without a video', sinceMs });

describe('the patience of a wait', () => {
  it('ends after 60 s of refusals on both paths, with the last one', () => {
    const wait = newWait();
    endure(wait, answered(404), 5_000);
    endure(wait, answered(400), 64_999);
    const cause = answered(404);
    expect(thrownBy(() => endure(wait, cause, 65_000))).toMatchObject({ name: 'PollStoppedError', cause });
  });

  it.each<[string, (wait: Wait) => void]>([
    ['an outage', (wait) => endure(wait, outage, 30_000)],
    ['a 503', (wait) => endure(wait, answered(503), 30_000)],
    ['an illegible answer', (wait) => endure(wait, illegible, 30_000)],
    ['another job', (wait) => endure(wait, stray('another job: x'), 30_000)],
    ['an answer', (wait) => accept(wait, running, 30_000)],
  ])('counts refusals anew after %s', (_, between) => {
    const wait = newWait();
    endure(wait, answered(404), 0);
    between(wait);
    endure(wait, answered(404), 60_000);
    endure(wait, answered(404), 119_999);
    expect(thrownBy(() => endure(wait, answered(404), 120_000))).toMatchObject({ name: 'PollStoppedError' });
  });

  it.each([
    ['outages', outage],
    ['illegible answers', illegible],
    ['pages of a proxy', answered(503, false)],
  ])('never ends with %s', (_, trouble) => {
    const wait = newWait();
    for (const ms of [0, 60_000, 600_000]) endure(wait, trouble, ms);
    expect(wait.troubles).toBe(3);
  });

  it('ends after 60 s of the same other job, and counts anew at yet another', () => {
    const wait = newWait();
    endure(wait, stray('another job: x'), 0);
    endure(wait, stray('another job: y'), 60_000);
    endure(wait, stray('another job: y'), 119_999);
    const cause = stray('another job: y');
    expect(thrownBy(() => endure(wait, cause, 120_000))).toMatchObject({ name: 'PollStoppedError', cause });
  });

  it('ends after 60 s of a failure of no job as failed, also through an outage', () => {
    const wait = newWait();
    endure(wait, stray(unclaimedFailure, failed), 0);
    endure(wait, outage, 30_000);
    expect(wait).toMatchObject({ troubles: 2, trouble: outage });
    expect(thrownBy(() => endure(wait, stray(unclaimedFailure, failed), 60_000))).toMatchObject({
      name: 'VideoFailedError',
      job: failed,
    });
  });

  it('counts a failure of no job anew after another answer, and after a 503', () => {
    for (const between of [illegible, answered(503), stray('another job: x')]) {
      const wait = newWait();
      endure(wait, stray(unclaimedFailure, failed), 0);
      endure(wait, between, 30_000);
      endure(wait, stray(unclaimedFailure, failed), 60_000);
      expect(wait.standstill?.sinceMs).toBe(60_000);
    }
  });
});

describe('timeoutError()', () => {
  it('tells the last status, and the last trouble as its cause', () => {
    const end = 'Give error.job to pollUntilDone to go on waiting';
    const plain = timeoutError({ job: running }, 7_000);
    expect(plain).toMatchObject({
      name: 'PollTimeoutError',
      lastStatus: 'queued',
      waitedMs: 7_000,
      job: running,
    });
    expect(plain.message).toBe(`Cannot give the video "j": it was still "queued" after 7000 ms. ${end}`);
    expect('cause' in plain).toBe(false);
    const troubled = timeoutError({ job: running, trouble: outage }, 7_000);
    expect(troubled.message).toBe(
      `Cannot give the video "j": it was still "queued" after 7000 ms; the last check failed: no network. ${end}`,
    );
    expect(troubled.cause).toBe(outage);
  });
});
