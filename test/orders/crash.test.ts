import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../src/testing.js';
import { type Ending, endingOf, type Scene, startMs, World } from './world.js';

/**
 * A toy engine makes a video by the recipe of DESIGN.md ("Orders") and dies: before and after each of its awaits, and at
 * each request (before it leaves, on its way, after the API took it, after its answer came), once and twice.
 *
 * `npm test` runs every single crash and a part of the pairs. `npm run test:faults` runs all pairs (`FAULT_SEQUENCES=all`).
 */
const nth = process.env.FAULT_SEQUENCES === 'all' ? 1 : 101;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: startMs });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => void vi.useRealTimers());

const own503: Fault = { kind: 'error', on: 'video', path: '/v2/video/generations', status: 503 };
const troubles: [string, readonly Fault[]][] = [
  ['no fault', []],
  ['the API refuses once (503)', [own503]],
  ['the API refuses once for good (400)', [{ ...own503, status: 400 }]],
  ['the API is down until all attempts are over', [{ ...own503, times: 5 }]],
  ['an answer is lost', [{ kind: 'reset', on: 'video', accepted: true }]],
  ['a request is lost', [{ kind: 'reset', on: 'video' }]],
  ['a gateway answers', [{ kind: 'html', on: 'video', accepted: true }]],
  ['refused once, then the answer is lost', [own503, { kind: 'reset', on: 'video', accepted: true }]],
  [
    'the log and the status fail once',
    [
      { kind: 'html', on: 'log' },
      { kind: 'html', on: 'status' },
    ],
  ],
];
const scenes = troubles.flatMap(([name, faults]) =>
  [0, 90, 15 * 60].map((logDelaySeconds): Scene => ({ name, faults, logDelaySeconds })),
);

interface Count {
  cases: number;
  paid: number;
  found: number;
  requests: number;
}

async function tryOne(scene: Scene, crashes: readonly number[], count: Count): Promise<Ending> {
  const world = new World(scene, crashes);
  const ending = await endingOf(world).catch((error) => {
    const where = `${scene.name}, rows after ${scene.logDelaySeconds} s, crashes at ${crashes.join(' and ') || 'no point'}`;
    throw new Error(`${where}: ${error.message}`, { cause: error });
  });
  count.cases += 1;
  count.paid += ending.paid;
  count.found += ending.end === 'saved' ? 1 : 0;
  count.requests += ending.requests;
  return ending;
}

const toLine = ({ cases, paid, found, requests }: Count) =>
  `${cases} cases (${requests} requests), paid ${paid}, each at most once; found and saved ${found}`;

describe('an order that is crashed on is paid for once at most, and found', () => {
  it('with one crash anywhere, and with two', { timeout: 3_600_000 }, async () => {
    const single: Count = { cases: 0, paid: 0, found: 0, requests: 0 };
    const pairs: Count = { ...single };
    let met = 0;
    for (const scene of scenes) {
      const { points } = await tryOne(scene, [], single);
      for (let first = 0; first < points; first += 1) {
        const after = await tryOne(scene, [first], single);
        for (let second = first + 1; second < after.points; second += 1) {
          met += 1;
          if (met % nth === 0) await tryOne(scene, [first, second], pairs);
        }
      }
    }
    console.log(`one crash: ${toLine(single)}`);
    console.log(`two crashes (${nth === 1 ? 'all' : `one in ${nth} of ${met}`}): ${toLine(pairs)}`);
    for (const { cases, paid, found } of [single, pairs]) {
      expect(found).toBe(paid);
      expect(paid).toBeGreaterThan(cases / 2);
      expect(paid).toBeLessThan(cases);
    }
    expect(single.cases).toBeGreaterThan(1_000);
  });

  it('with a second worker that gets the same order at the same time', { timeout: 600_000 }, async () => {
    let refused = 0;
    for (const scene of scenes) {
      const alone = new World(scene, []);
      await endingOf(alone);
      for (const twinAt of alone.starting) {
        const world = new World(scene, [], twinAt);
        await endingOf(world);
        expect(world.starting).toContain(twinAt);
        refused += 1;
      }
    }
    console.log(`a second worker: refused ${refused} times`);
    expect(refused).toBeGreaterThan(scenes.length);
  });
});
