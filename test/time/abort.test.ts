import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onAbort, untilAborted } from '../../src/time/abort.js';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('onAbort()', () => {
  it('has one listener for any number of callbacks, and none after the last has left', () => {
    const { signal } = new AbortController();
    const leave = Array.from({ length: 100 }, () => onAbort(signal, () => {}));
    expect(listeners(signal)).toBe(1);
    for (const stop of leave.slice(1)) stop();
    expect(listeners(signal)).toBe(1);
    leave[0]?.();
    expect(listeners(signal)).toBe(0);
  });

  it('calls those that have not left, in order, once', () => {
    const controller = new AbortController();
    const called: number[] = [];
    onAbort(controller.signal, () => called.push(1));
    const leave = onAbort(controller.signal, () => called.push(2));
    onAbort(controller.signal, () => called.push(3));
    leave();
    controller.abort();
    leave();
    expect(called).toEqual([1, 3]);
    expect(listeners(controller.signal)).toBe(0);
  });

  it('can be left twice, and joined anew', () => {
    const controller = new AbortController();
    const leave = onAbort(controller.signal, () => {});
    leave();
    let called = 0;
    onAbort(controller.signal, () => {
      called += 1;
    });
    leave();
    controller.abort();
    expect(called).toBe(1);
  });
});

describe('untilAborted()', () => {
  it('gives what the work gives, or the reason', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(untilAborted(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
    await expect(untilAborted(new Promise(() => {}), AbortSignal.abort('why'))).rejects.toBe('why');
    expect(listeners(signal)).toBe(0);
  });

  it('leaves nothing on a signal that has aborted, whatever becomes of the work', async () => {
    const signal = AbortSignal.abort('why');
    await expect(untilAborted(Promise.reject(new Error('own')), signal)).rejects.toBe('why');
    await expect(untilAborted(new Promise(() => {}), signal)).rejects.toBe('why');
    expect(listeners(signal)).toBe(0);
  });
});
