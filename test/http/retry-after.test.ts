import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.js';

const now = Date.parse('2026-11-01T12:00:00.000Z');

function read(headers: Record<string, string>): number | undefined {
  return retryAfterMs(new Headers(headers), now);
}

test.each([
  ['0', 0],
  ['1', 1000],
  ['120', 120_000],
  ['1.5', 1500],
  [' 7 ', 7000],
  ['86400', 86_400_000],
  ['Sun, 01 Nov 2026 12:00:30 GMT', 30_000],
  ['Sunday, 01-Nov-26 12:00:30 GMT', 30_000],
  ['Sun Nov  1 12:01:00 2026 GMT', 60_000],
  ['2026-11-01T12:00:02Z', 2000],
  ['Sun, 01 Nov 2026 12:00:00 GMT', 0],
  ['Sun, 01 Nov 2026 11:59:00 GMT', 0],
])('retryAfterMs() of Retry-After: %s is %i', (value, expected) => {
  expect(read({ 'retry-after': value })).toBe(expected);
});

const noDates = ['-5', '-120', '10-5', '5z', '/2026-11-02'];

test.each(['', 'soon', 'NaN', 'Infinity', '1e3', '0x10', '10 seconds', '120s', ...noDates])(
  'retryAfterMs() asks for nothing when Retry-After is %j',
  (value) => {
    expect(read({ 'retry-after': value })).toBeUndefined();
  },
);

test('retryAfterMs() asks for nothing when there is no header', () => {
  expect(read({})).toBeUndefined();
});

test('retryAfterMs() takes retry-after-ms as it is, and first', () => {
  expect(read({ 'retry-after-ms': '1500' })).toBe(1500);
  expect(read({ 'retry-after-ms': '0.5', 'retry-after': '9' })).toBe(0.5);
  expect(read({ 'retry-after-ms': '0', 'retry-after': '9' })).toBe(0);
});

test('retryAfterMs() falls back to Retry-After when retry-after-ms is illegible', () => {
  expect(read({ 'retry-after-ms': 'soon', 'retry-after': '9' })).toBe(9000);
  expect(read({ 'retry-after-ms': '-5' })).toBeUndefined();
});

test('retryAfterMs() counts a date from now when no time is given', () => {
  const at = new Date(Date.now() + 60_000).toUTCString();
  const waitMs = retryAfterMs(new Headers({ 'retry-after': at })) ?? Number.NaN;
  expect(waitMs).toBeGreaterThan(57_000);
  expect(waitMs).toBeLessThanOrEqual(60_000);
});
