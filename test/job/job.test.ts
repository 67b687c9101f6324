import { describe, expect, test } from 'vitest';
import type { VideoJob } from '../../src/index.js';
import { updateJob } from '../../src/job/job.js';

const url = 'https://cdn.aimlapi.com/x.mp4';
const known = { provider: 'aimlapi', id: 'j' } as const;
const costs = (usdSpent: number) => ({ creditsUsed: usdSpent * 2e6, usdSpent });

describe('updateJob()', () => {
  test('has no field that nobody told', () => {
    const job = { ...known, state: 'running', status: 'queued', raw: 1 };
    expect(updateJob(known, { status: 'queued' }, 1)).toStrictEqual(job);
    const facts = { statusPath: '/s', inferenceId: 'i' };
    expect(updateJob({ ...known, ...facts }, { status: 'queued' }, 1)).toStrictEqual({ ...job, ...facts });
  });

  test('takes away what an earlier answer told and this one does not', () => {
    const earlier: VideoJob = {
      ...known,
      state: 'done',
      status: 'completed',
      progress: 1,
      usage: costs(1),
      video: { ...known, url, raw: 1 },
      error: { message: 'no' },
      raw: 1,
    };
    const now = { ...known, state: 'failed', status: 'error', raw: 2 };
    expect(updateJob(earlier, { status: 'error' }, 2)).toStrictEqual(now);
  });

  test('gives no video of a failed job, whatever link came with it', () => {
    const job = updateJob(known, { status: 'failed', url }, 1);
    expect(job).toMatchObject({ state: 'failed' });
    expect(job).not.toHaveProperty('video');
  });

  test.each([
    [0, 0],
    [0.5, 0.5],
    [1, 1],
    [-0.01, undefined],
    [1.01, undefined],
    [Number.NaN, undefined],
  ])('takes the progress %d as %s', (told, progress) => {
    expect(updateJob(known, { status: 'queued', progress: told }, 1).progress).toBe(progress);
  });

  test.each([
    ['queued', 2, 1, 2],
    ['queued', 0, 1, 1],
    ['queued', undefined, 1, 1],
    ['queued', 0, undefined, 0],
    ['failed', 0, 1, 0],
    ['failed', undefined, 1, undefined],
  ])('of a job that is %s tells the cost: %s was told now, %s before: %s', (status, now, before, cost) => {
    const usageOf = (usd: number | undefined) => (usd === undefined ? undefined : costs(usd));
    const job = updateJob(
      { ...known, usage: usageOf(before) } as VideoJob,
      { status, usage: usageOf(now) },
      1,
    );
    expect(job.usage).toEqual(usageOf(cost));
  });
});
