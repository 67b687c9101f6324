import { expect, test, vi } from 'vitest';
import { nearest } from '../../src/base/nearest.js';

const fields = ['model', 'prompt', 'negative_prompt', 'image_size', 'num_images', 'seed', 'watermark'];

test.each([
  ['negativePrompt', 'negative_prompt'],
  ['negative-prompt', 'negative_prompt'],
  ['NEGATIVE_PROMPT', 'negative_prompt'],
  ['promt', 'prompt'],
  ['pormpt', undefined],
  ['sed', 'seed'],
  ['sees', 'seed'],
  ['waterMarks', 'watermark'],
  ['num_image', 'num_images'],
  ['size', 'image_size'],
  ['n', undefined],
  ['siz', undefined],
  ['duration', undefined],
  ['', undefined],
  ['!!!', undefined],
])('nearest() finds for %j the field %j', (word, field) => {
  expect(nearest(word, fields)).toBe(field);
});

test('nearest() takes the word with the fewest edits when several are near', () => {
  expect(nearest('wan-2-6-images', ['wan-2-7-image', 'wan-2-6-image'])).toBe('wan-2-6-image');
});

test('nearest() prefers the same word in another spelling to a nearer one', () => {
  expect(nearest('480p', ['480', '480P'])).toBe('480P');
});

test('nearest() finds nothing when there is nothing to choose from', () => {
  expect(nearest('seed', [])).toBeUndefined();
});

test('nearest() gives up on a long text without reading all of it', () => {
  const lowered = vi.spyOn(String.prototype, 'toLowerCase');
  const found = nearest('x'.repeat(10_000_000), fields);
  const lengths = lowered.mock.contexts.map((word) => String(word).length);
  lowered.mockRestore();
  expect(found).toBeUndefined();
  expect(lengths.length).toBeGreaterThan(1);
  expect(Math.max(...lengths)).toBe(100);
});
