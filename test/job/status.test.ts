import { describe, expect, test } from 'vitest';
import { toState } from '../../src/job/status.js';

const done = ['completed', 'succeeded', 'success', 'done', 'ready', 'finished'];
const failed = ['error', 'failed', 'cancelled', 'canceled', 'expired', 'timeout'];
const running = [
  ...['queued', 'generating', 'waiting', 'active', 'pending', 'processing', 'in_progress', 'in_queue'],
];
const unknown = ['unknown', 'moderating', '', ' ', 'complete', 'not_completed', 'constructor', 'timed_out'];

describe('toState()', () => {
  test.each(done)('toState() of %s is done, with a video or without', (word) => {
    expect([toState(word, false), toState(word, true)]).toEqual(['done', 'done']);
  });

  test.each(failed)('toState() of %s is failed, with a video or without', (word) => {
    expect([toState(word, false), toState(word, true)]).toEqual(['failed', 'failed']);
  });

  test.each(running)('toState() of %s is running, with a video or without', (word) => {
    expect([toState(word, false), toState(word, true)]).toEqual(['running', 'running']);
  });

  test.each(unknown)('toState() of %j, which nobody knows, is running until there is a video', (word) => {
    expect([toState(word, false), toState(word, true)]).toEqual(['running', 'done']);
  });

  test.each([
    ['COMPLETED', 'done'],
    ['Succeeded', 'done'],
    [' completed\n', 'done'],
    ['FAILED', 'failed'],
    ['Canceled ', 'failed'],
    ['IN_PROGRESS', 'running'],
  ])('toState() ignores case and spaces in %j', (word, state) => {
    expect(toState(word, false)).toBe(state);
  });
});
