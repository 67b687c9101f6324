import { describe, expect, it } from 'vitest';
import { createPace, delayMs, type Plan } from '../../src/job/pace.js';

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

function planOf(typicalMs?: number, seen: number[] = []): Plan {
  const kind = createPace(() => typicalMs)('m', '1080P');
  for (const durationMs of seen) kind.learn(durationMs);
  return kind.plan();
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
function compare(durationsMs: number[], plan: Plan) {
  const ours = costOf(durationsMs, plan.nextDelayMs);
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
  const plans: [string, Plan][] = [
    ['nothing known', planOf()],
    ['a guess', planOf(365_000)],
    ['jobs that all took the same', planOf(365_000, Array(40).fill(60_000))],
    ['jobs of no likeness', planOf(undefined, [1000, 90_000, 3_600_000, 5000, 86_400_000])],
    ['jobs of next to no time', planOf(undefined, [1, 1, 1])],
    ['jobs of no time', planOf(20_000, [0, 0, 0])],
    ['jobs of days', planOf(undefined, [5e8, 5.1e8, week])],
  ];

  it.each(plans)('is 1 to 15 s at any age: %s', (_, plan) => {
    const ages = [30_000, week, 1e12, ...Array.from({ length: 4000 }, (_, s) => s * 250)];
    for (const ageMs of ages) {
      const delay = plan.nextDelayMs(ageMs);
      expect(delay).toBeGreaterThanOrEqual(1000);
      expect(delay).toBeLessThanOrEqual(15_000);
    }
  });

  it('is long while the end is far off, and short where it is likely', () => {
    const plan = planOf(undefined, durations(365_000, 0.1, 20));
    expect(plan.nextDelayMs(0)).toBe(15_000);
    expect(plan.nextDelayMs(120_000)).toBe(15_000);
    expect(plan.nextDelayMs(365_000)).toBeLessThan(5000);
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
          const plan = planOf(
            medianMs,
            Array.from({ length: 5 }, () => draw()),
          );
          const { delay, requests } = compare(Array.from({ length: 40 }, draw), plan);
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
        const { product } = compare(durations(seconds * 1000, sigma), planOf(seconds * 1000 * factor));
        expect(product, `${seconds} s, spread ${sigma}`).toBeLessThanOrEqual(1.2);
      }
    }
  });

  it('keeps it there too where 5 jobs were seen that took a third or three times as long', () => {
    for (const factor of [1 / 3, 3]) {
      for (const seconds of [127, 157, 365, 435]) {
        const plan = planOf(undefined, durations(seconds * 1000 * factor, 0.1, 5));
        expect(compare(durations(seconds * 1000, 0.2), plan).product).toBeLessThanOrEqual(1.2);
      }
    }
  });
});

describe('outlook()', () => {
  it('is empty where nothing is known', () => expect(planOf().outlook(5000)).toEqual({}));

  it('names the median of what is left', () => {
    const times = durations(200_000, 0.2, 4000);
    const plan = planOf(undefined, times);
    for (const ageMs of [0, 100_000, 200_000]) {
      const left = times.filter((time) => time > ageMs).map((time) => time - ageMs);
      const median = left.toSorted((a, b) => a - b)[Math.floor(left.length / 2)] ?? 0;
      const etaMs = plan.outlook(ageMs).etaMs ?? 0;
      expect(etaMs / median).toBeGreaterThan(0.75);
      expect(etaMs / median).toBeLessThan(1.3);
    }
  });

  it.each([planOf(365_000), planOf(20_000, [30_000, 31_000]), planOf(undefined, Array(40).fill(60_000))])(
    'has a progress that only grows, from 0 to below 1, and an end that never comes nearer (%#)',
    (plan) => {
      let before = { progress: -1, endMs: 0 };
      for (let ageMs = 0; ageMs < 2_000_000; ageMs += 500) {
        const { progress = Number.NaN, etaMs = Number.NaN } = plan.outlook(ageMs);
        expect(progress).toBeGreaterThanOrEqual(before.progress);
        expect(progress).toBeLessThan(1);
        expect(etaMs).toBeGreaterThan(0);
        expect(ageMs + etaMs).toBeGreaterThanOrEqual(before.endMs);
        before = { progress, endMs: ageMs + etaMs };
      }
      expect(plan.outlook(week).progress).toBeLessThan(1);
      expect(plan.outlook(week).etaMs).toBeGreaterThan(0);
    },
  );
});

describe('createPace()', () => {
  const etaOf = (plan: Plan) => plan.outlook(0).etaMs ?? Number.NaN;

  it('moves from the guess to what was seen', () => {
    expect(etaOf(planOf(365_000))).toBe(365_000);
    expect(etaOf(planOf(365_000, [60_000]))).toBeLessThan(75_000);
    expect(etaOf(planOf(undefined, [60_000]))).toBe(60_000);
  });

  it('forgets: a change of pace shows after as many jobs as it remembers', () => {
    const plan = planOf(undefined, [...Array(500).fill(60_000), ...Array(100).fill(180_000)]);
    expect(etaOf(plan)).toBeGreaterThan(150_000);
  });

  it('takes each resolution for itself, and all of them for one that was not seen or is not known', () => {
    const pace = createPace(() => undefined);
    for (let turn = 0; turn < 5; turn += 1) {
      pace('m', '480P').learn(50_000);
      pace('m', '1080P').learn(200_000);
    }
    expect(etaOf(pace('m', '480P').plan())).toBeLessThan(55_000);
    expect(etaOf(pace('m', '1080P').plan())).toBeGreaterThan(190_000);
    for (const variant of [undefined, '', '720P'])
      expect(etaOf(pace('m', variant).plan())).toBeCloseTo(100_000, -3);
    expect(pace('other', '480P').plan().outlook(0)).toEqual({});
  });

  it('asks for the guess of the very model', () => {
    const pace = createPace((model) => (model === 'm' ? 365_000 : undefined));
    expect(etaOf(pace('m', '480P').plan())).toBe(365_000);
    expect(pace('n', '480P').plan().outlook(0)).toEqual({});
    expect(pace(undefined).plan().outlook(0)).toEqual({});
  });

  it('shares one plan among waits until something was learned, and makes few where much is learned', () => {
    const pace = createPace(() => 60_000);
    const first = pace('m').plan();
    expect(pace('m').plan()).toBe(first);
    pace('m').learn(60_000);
    expect(pace('m').plan()).not.toBe(first);
    const plans = new Set<Plan>();
    for (let turn = 0; turn < 10_000; turn += 1) {
      pace('m').learn(60_000);
      plans.add(pace('m').plan());
    }
    expect(plans.size).toBeLessThan(400);
  });

  it('shows a change of pace soon, however many jobs were seen before it', () => {
    const kind = createPace(() => undefined)('m');
    for (let turn = 0; turn < 10_000; turn += 1) kind.learn(60_000);
    expect(etaOf(kind.plan())).toBeCloseTo(60_000, -3);
    for (let turn = 0; turn < 3 * 32; turn += 1) kind.learn(180_000);
    expect(etaOf(kind.plan())).toBeGreaterThan(150_000);
  });

  it('keeps 200 kinds at most', () => {
    const pace = createPace(() => undefined);
    pace('first').learn(60_000);
    for (let turn = 0; turn < 300; turn += 1) pace(`m${turn}`).learn(60_000);
    expect(pace('first').plan().outlook(0)).toEqual({});
    expect(pace('m299').plan().outlook(0)).not.toEqual({});
  });
});

describe('delayMs()', () => {
  it('backs off from the interval, never below it, and heeds Retry-After', () => {
    for (let troubles = 1; troubles < 12; troubles += 1) {
      expect(delayMs(5000, troubles)).toBeGreaterThanOrEqual(5000);
      expect(delayMs(5000, troubles)).toBeLessThanOrEqual(30_000);
    }
    expect(delayMs(5000, 1, 90_000)).toBe(90_000);
  });
});
