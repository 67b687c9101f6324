import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDurations } from '../../src/job/durations.js';
import { markStarted, Pace } from '../../src/job/pace.js';
import { Clock } from '../../src/time/clock.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const provider = 'aimlapi' as const;
const running = { provider, id: 'j', state: 'running', status: 'x', model: 'm' } as const;
const done = { ...running, state: 'done', raw: {} } as const;

/** A client's memory of jobs of one kind, and the pace of a wait for one that was started just now. */
function start(seenMs: number[]) {
  const durationsOf = createDurations(() => undefined);
  const durations = durationsOf('m', '');
  const learn = (durationMs: number) => durations.learn(durationMs);
  seenMs.forEach(learn);
  const job = markStarted({ ...running, raw: {} });
  return { job, learn, durationsOf, pace: new Pace(durationsOf, job, new Clock(undefined), undefined) };
}

const etaOf = ({ durationsOf }: ReturnType<typeof start>) =>
  durationsOf('m', '').schedule().outlook(0).etaMs ?? Number.NaN;

describe('a pace', () => {
  it.each([
    [30_000, true],
    [35_000, true],
    [35_001, false],
  ])('learns the end of a job that lies in a gap of %i ms: %s', (gapMs, isLearned) => {
    const wait = start(Array(8).fill(400_000));
    vi.advanceTimersByTime(50_000);
    wait.pace.see(wait.job);
    vi.advanceTimersByTime(gapMs);
    wait.pace.see(done);
    expect(etaOf(wait) < 399_000).toBe(isLearned);
  });

  it('waits up to 30 s for the end of a job whose kind was seen, and learns from one that ends early', () => {
    const wait = start(Array(8).fill(400_000));
    expect(wait.pace.firstDelayMs()).toBe(30_000);
    // and 2 s for the check
    vi.advanceTimersByTime(32_000);
    wait.pace.see(done);
    expect(etaOf(wait)).toBeLessThan(300_000);
  });

  it('takes in what other waits learn, and its progress does not go down', () => {
    const { pace, learn } = start(Array(8).fill(60_000));
    vi.advanceTimersByTime(40_000);
    const before = { ...pace.outlook(), delayMs: pace.delayMs() };
    expect(before.progress).toBeGreaterThan(0.6);
    for (let job = 0; job < 8; job += 1) learn(600_000);
    expect(pace.outlook().etaMs).toBeGreaterThan(400_000);
    expect(pace.outlook().progress).toBe(before.progress);
    expect(pace.delayMs()).toBeGreaterThan(2 * before.delayMs);
    vi.advanceTimersByTime(500_000);
    expect(pace.outlook().progress).toBeGreaterThan(0.8);
  });
});
