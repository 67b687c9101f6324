import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Line } from '../../src/time/line.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Enters a line of one place, and notes under this name when it was let in, or what with. */
function newQueue(line: Line) {
  const log: string[] = [];
  const enter = (name: string, signal?: AbortSignal, mostMs?: number) => {
    const entered = line.enter(1, signal, mostMs, () => 'late');
    if (!entered) log.push(`${name} at once`);
    entered?.then(
      () => log.push(name),
      (reason) => log.push(`${name}: ${reason}`),
    );
  };
  const settled = async () => {
    await vi.advanceTimersByTimeAsync(0);
    return log.splice(0);
  };
  return { enter, settled };
}

describe('Line', () => {
  it('has so many places, and is empty once all are given back', () => {
    const line = new Line();
    expect(line.isEmpty).toBe(true);
    expect(line.enter(2, undefined)).toBeUndefined();
    expect(line.enter(2, undefined)).toBeUndefined();
    expect(line.enter(2, undefined)).toBeInstanceOf(Promise);
    // the one that waits takes the place over
    for (const isEmpty of [false, false, true]) {
      expect(line.isEmpty).toBe(false);
      line.leave();
      expect(line.isEmpty).toBe(isEmpty);
    }
    expect(line.enter(1, undefined)).toBeUndefined();
  });

  it('lets in first who came first, one for each place that is given back', async () => {
    const line = new Line();
    const { enter, settled } = newQueue(line);
    for (const name of ['a', 'b', 'c']) enter(name);
    expect(await settled()).toEqual(['a at once']);
    line.leave();
    enter('d');
    expect(await settled()).toEqual(['b']);
    for (const name of ['c', 'd']) {
      line.leave();
      expect(await settled()).toEqual([name]);
    }
    line.leave();
    // the line was empty in between: who comes later is seen as well
    enter('e');
    enter('f');
    expect(await settled()).toEqual(['e at once']);
    line.leave();
    expect(await settled()).toEqual(['f']);
  });

  it('passes over who has aborted or given up, and leaves no timer behind', async () => {
    const line = new Line();
    const { enter, settled } = newQueue(line);
    const controller = new AbortController();
    enter('a');
    enter('b', controller.signal);
    enter('c', undefined, 1_000);
    enter('d', new AbortController().signal, 5_000);
    controller.abort('enough');
    expect(await settled()).toEqual(['a at once', 'b: enough']);
    await vi.advanceTimersByTimeAsync(999);
    expect(await settled()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await settled()).toEqual(['c: late']);
    line.leave();
    expect(await settled()).toEqual(['d']);
    expect(vi.getTimerCount()).toBe(0);
    line.leave();
    expect(line.isEmpty).toBe(true);
  });

  it('says how long no place was free, where nobody says it better', async () => {
    const line = new Line();
    void line.enter(1, undefined);
    const late = expect(line.enter(1, undefined, 50)).rejects.toEqual(
      new Error('no place was free for 50 ms'),
    );
    await vi.advanceTimersByTimeAsync(50);
    await late;
  });

  it.each([
    [Infinity, 0],
    [2 ** 31, 0],
    [2 ** 31 - 1, 1],
  ])('sets no timer that would fire at once: for %i ms', (mostMs, timers) => {
    const line = new Line();
    void line.enter(1, undefined);
    void line.enter(1, undefined, mostMs);
    expect(vi.getTimerCount()).toBe(timers);
  });

  it.each(['let in', 'given up'])('removes the listener of who was %s', async (how) => {
    const line = new Line();
    const { enter, settled } = newQueue(line);
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    enter('a');
    enter('b', signal, 10);
    if (how === 'let in') line.leave();
    else await vi.advanceTimersByTimeAsync(10);
    expect(await settled()).toHaveLength(2);
    expect(remove).toHaveBeenCalledOnce();
  });
});
