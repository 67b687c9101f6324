import { describe, expect, it } from 'vitest';
import { createPace, delayMs, type Plan } from '../../src/job/pace.js';

const kind = { model: 'm', variant: '1080P' };

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
  const pace = createPace();
  for (const durationMs of seen) pace.learn(kind, durationMs);
  return pace.plan(kind, typicalMs);
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

const wild = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1e-9, 1e300];

describe('nextDelayMs()', () => {
  const plans: [string, Plan][] = [
    ['nothing known', planOf()],
    ['a guess', planOf(365_000)],
    ['jobs that all took the same', planOf(365_000, Array(40).fill(60_000))],
    ['jobs of no likeness', planOf(undefined, [1000, 90_000, 3_600_000, 5000, 86_400_000])],
    ['jobs of next to no time', planOf(undefined, [1, 1, 1])],
    ['jobs of days', planOf(undefined, [5e8, 5.1e8, 5.2e8])],
    ...wild.map((value): [string, Plan] => [`a guess of ${value}`, planOf(value)]),
    ...wild.map((value): [string, Plan] => [`a job of ${value} ms`, planOf(20_000, [value])]),
  ];

  it.each(plans)('is 1 to 15 s at any age: %s', (_, plan) => {
    const ages = [...wild, 30_000, 7 * 24 * 3_600_000, ...Array.from({ length: 4000 }, (_, s) => s * 250)];
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
      for (const ageMs of wild) {
        expect(plan.outlook(ageMs).progress).toBeLessThan(1);
        expect(plan.outlook(ageMs).etaMs).toBeGreaterThanOrEqual(0);
      }
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
    const pace = createPace();
    for (let turn = 0; turn < 5; turn += 1) {
      pace.learn({ model: 'm', variant: '480P' }, 50_000);
      pace.learn({ model: 'm', variant: '1080P' }, 200_000);
    }
    expect(etaOf(pace.plan({ model: 'm', variant: '480P' }))).toBeLessThan(55_000);
    expect(etaOf(pace.plan({ model: 'm', variant: '1080P' }))).toBeGreaterThan(190_000);
    for (const variant of [undefined, '', '720P'])
      expect(etaOf(pace.plan({ model: 'm', variant }))).toBeCloseTo(100_000, -3);
    expect(pace.plan({ model: 'other' }).outlook(0)).toEqual({});
  });

  it('learns nothing without a model, or from a duration that cannot be', () => {
    const pace = createPace();
    pace.learn({}, 60_000);
    expect(pace.plan({}).outlook(0)).toEqual({});
    for (const value of [...wild, 8 * 24 * 3_600_000]) pace.learn(kind, value);
    expect(pace.plan(kind).outlook(0)).toEqual({});
  });

  it('shares one plan among waits until something was learned, and makes few where much is learned', () => {
    const pace = createPace();
    const first = pace.plan(kind, 60_000);
    expect(pace.plan(kind, 60_000)).toBe(first);
    pace.learn(kind, 60_000);
    expect(pace.plan(kind, 60_000)).not.toBe(first);
    const plans = new Set<Plan>();
    for (let turn = 0; turn < 10_000; turn += 1) {
      pace.learn(kind, 60_000);
      plans.add(pace.plan(kind));
    }
    expect(plans.size).toBeLessThan(100);
  });

  it('keeps 200 kinds at most', () => {
    const pace = createPace();
    pace.learn({ model: 'first' }, 60_000);
    for (let turn = 0; turn < 300; turn += 1) pace.learn({ model: `m${turn}` }, 60_000);
    expect(pace.plan({ model: 'first' }).outlook(0)).toEqual({});
    expect(pace.plan({ model: 'm299' }).outlook(0)).not.toEqual({});
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
