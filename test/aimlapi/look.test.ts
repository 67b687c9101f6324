import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lookFor } from '../../src/aimlapi/look.js';

const now = Date.parse('2026-11-21T12:00:00.000Z');
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => void vi.useRealTimers());

const day = 24 * 60;

/** The windows of an empty log that one look reads, in minutes from now; the API's clock is ahead by so many. */
async function windowsOf(startedAt: number, ahead: number | undefined = 0): Promise<[number, number][]> {
  const windows: [number, number][] = [];
  const minutesAt = (time: string | null) => (Date.parse(time ?? '') - now) / 60_000;
  const rows = lookFor(now + startedAt * 60_000, {
    ask: async ({ query }) => {
      const asked = new URLSearchParams(query);
      windows.push([minutesAt(asked.get('start')), minutesAt(asked.get('end'))]);
      return { rows: [], isLast: true, aheadMs: ahead * 60_000 };
    },
    pause: async () => {},
  });
  for await (const page of rows) expect(page).toEqual([]);
  return windows;
}

test.each([
  ['just now', 0, [-10, 10]],
  ['5 minutes ago', -5, [-15, 10]],
  ['110 minutes ago', -110, [-120, 10]],
  ['3 hours ago, so that no attempt is under way', -180, [-190, -60]],
  ['80 days ago', -80 * day, [-80 * day - 10, -80 * day + 120]],
  ['in 10 minutes: the clocks differ', 10, [-10, 20]],
  ['in 11 minutes: the clock was set back', 11, [-day, 21]],
  ['in 100 days: the clock was set back', 100 * day, [-day, 91 * day]],
])('a create that started %s is looked for around its start', async (_, startedAt, window) => {
  expect(await windowsOf(startedAt)).toEqual([window]);
});

test.each([
  ['5 minutes ahead', 0, 5, [10, 15]],
  ['5 minutes behind', 0, -5, [-15, -10]],
  ['1 hour ahead', 0, 60, [50, 70]],
  ['1 hour behind', 0, -60, [-70, -50]],
  ['1 hour ahead of an old create', -180, 60, [-60, 0]],
  ['400 days ahead', 0, 400 * day, [400 * day - 10, 400 * day + 10]],
  ['400 days behind', 0, -400 * day, [-400 * day - 10, -400 * day + 10]],
])('the window by the API’s clock follows where that is %s', async (_, startedAt, ahead, second) => {
  expect((await windowsOf(startedAt, ahead))[1]).toEqual(second);
});

test.each([0, 4.99, -4.99, 400 * day + 1, -400 * day - 1])(
  'no second window follows where the API’s clock seems %s minutes ahead',
  async (ahead) => {
    expect(await windowsOf(0, ahead)).toHaveLength(1);
  },
);

test('no second window follows where the first was not read to its end', async () => {
  const ask = vi.fn(async () => undefined);
  for await (const _ of lookFor(now, { ask, pause: async () => {} })) expect.unreachable();
  expect(ask).toHaveBeenCalledOnce();
});
