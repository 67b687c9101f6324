import { describe, expect, it } from 'vitest';
import { createDurations } from '../../src/job/durations.js';
import type { Schedule } from '../../src/job/schedule.js';

/** The same numbers between 0 and 1 on each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function scheduleOf(typicalMs?: number, seen: number[] = []): Schedule {
  const durationsSeen = createDurations(() => typicalMs)('m', '1080P');
  for (const durationMs of seen) durationsSeen.learn(durationMs);
  return durationsSeen.schedule();
}

/** Mean delay and mean requests of polling jobs of these durations. */
function costOf(durationsMs: number[], nextDelayMs: (ageMs: number) => number) {
  let [delay, requests] = [0, 0];
  for (const durationMs of durationsMs) {
    let ageMs = 0;
    while (ageMs < durationMs) {
      ageMs += nextDelayMs(ageMs);
      requests += 1;
    }
    delay += ageMs - durationMs;
  }
  return { delay: delay / durationsMs.length, requests: requests / durationsMs.length };
}

/** Ours by fixed 10 s. */
function compare(durationsMs: number[], schedule: Schedule) {
  const ours = costOf(durationsMs, schedule.nextDelayMs);
  const fixed = costOf(durationsMs, () => 10_000);
  const delay = ours.delay / fixed.delay;
  const requests = ours.requests / fixed.requests;
  return { delay, requests, product: delay * requests };
}

function durations(medianMs: number, sigma: number, count = 2000): number[] {
  const random = seeded(7);
  return Array.from({ length: count }, () => medianMs * Math.exp(sigma * normal(random)));
}

const week = 7 * 24 * 3_600_000;

describe('nextDelayMs()', () => {
  const schedules: [string, number, Schedule][] = [
    ['nothing known', 12, scheduleOf()],
    ['a guess', 12, scheduleOf(365_000)],
    ['one job', 20, scheduleOf(365_000, [365_000])],
    ['two jobs', 30, scheduleOf(365_000, [365_000, 360_000])],
    ['jobs that all took the same', 30, scheduleOf(365_000, Array(40).fill(60_000))],
    ['jobs of no likeness', 30, scheduleOf(undefined, [1000, 90_000, 3_600_000, 5000, 86_400_000])],
    ['jobs of next to no time', 30, scheduleOf(undefined, [1, 1, 1])],
    ['jobs of no time', 30, scheduleOf(20_000, [0, 0, 0])],
    ['jobs of days', 30, scheduleOf(undefined, [5e8, 5.1e8, week])],
  ];

  it.each(schedules)('is at least 1 s at any age, and after %s at most %i s', (_, seconds, schedule) => {
    const ages = [30_000, week, 1e12, ...Array.from({ length: 4000 }, (_, s) => s * 250)];
    for (const ageMs of ages) {
      const delay = schedule.nextDelayMs(ageMs);
      expect(delay).toBeGreaterThanOrEqual(1000);
      expect(delay).toBeLessThanOrEqual(seconds * 1000);
    }
  });

  it('is long while the end is far off, and short where it is likely', () => {
    const schedule = scheduleOf(undefined, durations(365_000, 0.1, 20));
    expect(schedule.nextDelayMs(0)).toBe(30_000);
    expect(schedule.nextDelayMs(120_000)).toBe(30_000);
    expect(schedule.nextDelayMs(365_000)).toBeLessThan(5000);
  });

  it.each([
    [0.1, 0.5],
    [0.2, 0.75],
    [0.35, 0.9],
  ])(
    'at a spread of %f, after 5 jobs, waits at most %f of fixed 10 s, with no more requests',
    (sigma, aim) => {
      const random = seeded(11);
      for (const medianMs of [45_000, 157_000, 365_000]) {
        const sum = { delay: 0, requests: 0 };
        const runs = 150;
        for (let run = 0; run < runs; run += 1) {
          const draw = () => medianMs * Math.exp(sigma * normal(random));
          const schedule = scheduleOf(
            medianMs,
            Array.from({ length: 5 }, () => draw()),
          );
          const { delay, requests } = compare(Array.from({ length: 40 }, draw), schedule);
          sum.delay += delay;
          sum.requests += requests;
        }
        expect(sum.delay / runs).toBeLessThanOrEqual(aim);
        expect(sum.requests / runs).toBeLessThanOrEqual(1);
      }
    },
  );

  it.each([
    ['right', 1],
    ['three times too long', 3],
    ['three times too short', 1 / 3],
    ['nothing', 0],
  ])('keeps delay by requests within 1.2 of fixed 10 s where the guess is %s', (_, factor) => {
    for (const seconds of [35, 45, 60, 90, 127, 157, 240, 365, 435, 540, 900]) {
      for (const sigma of [0.1, 0.2, 0.35]) {
        const { product } = compare(durations(seconds * 1000, sigma), scheduleOf(seconds * 1000 * factor));
        expect(product, `${seconds} s, spread ${sigma}`).toBeLessThanOrEqual(1.2);
      }
    }
  });

  it('keeps it there too where 5 jobs were seen that took a third or three times as long', () => {
    for (const factor of [1 / 3, 3]) {
      for (const seconds of [127, 157, 365, 435]) {
        const schedule = scheduleOf(undefined, durations(seconds * 1000 * factor, 0.1, 5));
        expect(compare(durations(seconds * 1000, 0.2), schedule).product).toBeLessThanOrEqual(1.2);
      }
    }
  });
});

describe('outlook()', () => {
  it('is empty where nothing is known', () => expect(scheduleOf().outlook(5000)).toEqual({}));

  it('names the median of what is left', () => {
    const times = durations(200_000, 0.2, 4000);
    // the last 8 jobs count, so they have the spread of all
    const sorted = times.toSorted((a, b) => a - b);
    const seen = Array.from({ length: 8 }, (_, index) => sorted[500 * index + 250] ?? 0);
    const schedule = scheduleOf(undefined, seen);
    for (const ageMs of [0, 100_000, 200_000]) {
      const left = times.filter((time) => time > ageMs).map((time) => time - ageMs);
      const median = left.toSorted((a, b) => a - b)[Math.floor(left.length / 2)] ?? 0;
      const etaMs = schedule.outlook(ageMs).etaMs ?? 0;
      expect(etaMs / median).toBeGreaterThan(0.75);
      expect(etaMs / median).toBeLessThan(1.3);
    }
  });

  it.each([
    scheduleOf(365_000),
    scheduleOf(20_000, [30_000, 31_000]),
    scheduleOf(undefined, Array(40).fill(60_000)),
  ])(
    'has a progress that only grows, from 0 to below 1, and an end that never comes nearer (%#)',
    (schedule) => {
      let before = { progress: -1, endMs: 0 };
      for (let ageMs = 0; ageMs < 2_000_000; ageMs += 500) {
        const { progress = Number.NaN, etaMs = Number.NaN } = schedule.outlook(ageMs);
        expect(progress).toBeGreaterThanOrEqual(before.progress);
        expect(progress).toBeLessThan(1);
        expect(etaMs).toBeGreaterThan(0);
        expect(ageMs + etaMs).toBeGreaterThanOrEqual(before.endMs);
        before = { progress, endMs: ageMs + etaMs };
      }
      expect(schedule.outlook(week).progress).toBeLessThan(1);
      expect(schedule.outlook(week).etaMs).toBeGreaterThan(0);
    },
  );
});

describe('createDurations()', () => {
  const etaOf = (schedule: Schedule) => schedule.outlook(0).etaMs ?? Number.NaN;

  it('moves from the guess to what was seen', () => {
    expect(etaOf(scheduleOf(365_000))).toBe(365_000);
    expect(etaOf(scheduleOf(365_000, [60_000]))).toBeLessThan(75_000);
    expect(etaOf(scheduleOf(undefined, [60_000]))).toBe(60_000);
  });

  it('remembers the last 8 jobs', () => {
    const before = Array(500).fill(60_000);
    expect(etaOf(scheduleOf(undefined, [...before, ...Array(7).fill(180_000)]))).toBeLessThan(165_000);
    expect(etaOf(scheduleOf(undefined, [...before, ...Array(8).fill(180_000)]))).toBeCloseTo(180_000, -2);
  });

  it('notes a change of pace at the next job', () => {
    const seen = Array(8).fill(200_000);
    const delayMs = (schedule: Schedule) => schedule.nextDelayMs(90_000);
    expect(delayMs(scheduleOf(undefined, [...seen, 100_000, 100_000]))).toBeLessThan(
      0.75 * delayMs(scheduleOf(undefined, seen)),
    );
  });

  it('takes each resolution for itself, and all of them for one that was not seen or is not known', () => {
    const durationsOf = createDurations(() => undefined);
    for (let turn = 0; turn < 5; turn += 1) {
      durationsOf('m', '480P').learn(50_000);
      durationsOf('m', '1080P').learn(200_000);
    }
    expect(etaOf(durationsOf('m', '480P').schedule())).toBeLessThan(55_000);
    expect(etaOf(durationsOf('m', '1080P').schedule())).toBeGreaterThan(190_000);
    for (const variant of [undefined, '', '720P'])
      expect(etaOf(durationsOf('m', variant).schedule())).toBeCloseTo(100_000, -3);
    expect(durationsOf('other', '480P').schedule().outlook(0)).toEqual({});
  });

  it('asks for the guess of the very model', () => {
    const durationsOf = createDurations((model) => (model === 'm' ? 365_000 : undefined));
    expect(etaOf(durationsOf('m', '480P').schedule())).toBe(365_000);
    expect(durationsOf('n', '480P').schedule().outlook(0)).toEqual({});
    expect(durationsOf(undefined).schedule().outlook(0)).toEqual({});
  });

  it('shares one schedule among waits until something was learned', () => {
    const durationsOf = createDurations(() => 60_000);
    const first = durationsOf('m').schedule();
    expect(durationsOf('m').schedule()).toBe(first);
    durationsOf('m').learn(60_000);
    const second = durationsOf('m').schedule();
    expect(second).not.toBe(first);
    expect(durationsOf('m').schedule()).toBe(second);
  });

  it('keeps 200 kinds at most', () => {
    const durationsOf = createDurations(() => undefined);
    durationsOf('first').learn(60_000);
    for (let turn = 0; turn < 300; turn += 1) durationsOf(`m${turn}`).learn(60_000);
    expect(durationsOf('first').schedule().outlook(0)).toEqual({});
    expect(durationsOf('m299').schedule().outlook(0)).not.toEqual({});
  });
});
