import { expect, it } from 'vitest';
import { compact } from '../../src/base/record.js';

it('compact() drops what is undefined or null, and keeps what is only empty', () => {
  const fields = { a: undefined, b: null, c: 0, d: '', e: false, f: Number.NaN };
  expect(Object.entries(compact(fields))).toEqual([
    ['c', 0],
    ['d', ''],
    ['e', false],
    ['f', Number.NaN],
  ]);
});
