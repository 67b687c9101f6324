import { describe, expect, test } from 'vitest';
import { toInvalidInputError } from '../../src/input/explain.js';

describe('toInvalidInputError()', () => {
  test('toInvalidInputError() names the model, every field, its rule and its value', () => {
    const error = toInvalidInputError('make the image', 'alibaba/m', [
      { path: 'seed', message: 'takes a whole number', received: 1.5 },
      { path: '', message: 'takes an object', received: 'text' },
      { path: 'prompt', message: 'is missing: it takes a text' },
      { path: 'watermark', message: 'takes true or false', received: null },
    ]);
    expect(error.message).toBe(
      'Cannot make the image with alibaba/m: seed takes a whole number (received 1.5); ' +
        'the input takes an object (received "text"); prompt is missing: it takes a text; ' +
        'watermark takes true or false (received null). Nothing was sent',
    );
    expect(error.model).toBe('alibaba/m');
    expect(error.issues).toHaveLength(4);
  });

  test.each([
    [10, 'j is wrong. Nothing was sent'],
    [11, 'j is wrong; and 1 more. Nothing was sent'],
    [26, 'j is wrong; and 16 more. Nothing was sent'],
  ])('toInvalidInputError() of %i issues ends with "%s"', (count, end) => {
    const issues = [...'abcdefghijklmnopqrstuvwxyz']
      .slice(0, count)
      .map((path) => ({ path, message: 'is wrong' }));
    const error = toInvalidInputError('make the image', undefined, issues);
    expect(error.message.endsWith(`; ${end}`)).toBe(true);
    expect(error.issues).toEqual(issues);
  });

  test('toInvalidInputError() leaves the model out where none was recognised', () => {
    const issues = [{ path: 'model', message: 'takes one of a, b' }];
    const error = toInvalidInputError('start the video', undefined, issues);
    expect(error.message).toBe('Cannot start the video: model takes one of a, b. Nothing was sent');
    expect(error).not.toHaveProperty('model');
  });
});
