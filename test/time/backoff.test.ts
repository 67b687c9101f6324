import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/time/backoff.js';

describe('backoffMs()', () => {
  it('is half fixed, half random, doubles and is capped', () => {
    for (const [attempt, full] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [5, 8000],
      [9, 8000],
      [2000, 8000],
    ] as const) {
      const waits = Array.from({ length: 200 }, () => backoffMs(attempt));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...waits)).toBeLessThanOrEqual(full);
      expect(new Set(waits).size).toBeGreaterThan(20);
    }
  });
});
