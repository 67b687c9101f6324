import { expect, test, vi } from 'vitest';
import { randomId } from '../../src/base/random-id.js';

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

test.each([
  ['crypto', {}],
  ['crypto of a page without https', { crypto: { getRandomValues: crypto.getRandomValues.bind(crypto) } }],
  ['no crypto', { crypto: undefined }],
])('randomId() gives another uuid each time, with %s', (_, globals) => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  const ids = Array.from({ length: 500 }, randomId);
  expect(ids.filter((id) => !uuid.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
