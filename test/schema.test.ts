import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { boolean, checkWith, integer, oneOf, string, toInvalidInputError } from '../src/schema.js';

function messagesOf(schema: z.ZodMiniType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];
}

describe('string()', () => {
  test.each([
    [{}, 5, 'takes a text'],
    [{ min: 1 }, '', 'takes a text of at least 1 character'],
    [{ max: 3 }, 'abcd', 'takes a text of 0 to 3 characters'],
    [{ min: 2, max: 3 }, 'a', 'takes a text of 2 to 3 characters'],
  ])('string(%j) refuses %j in the words of its rule', (bounds, value, message) => {
    expect(messagesOf(string(bounds), value)).toEqual([message]);
  });

  test.each(['', 'abc', '🦖🦖🦖', '龍龍龍'])(
    'string() counts characters as JSON Schema does in %j',
    (value) => {
      expect(messagesOf(string({ max: 3 }), value)).toEqual([]);
    },
  );

  test('string() counts an emoji of several code points as several', () => {
    expect(messagesOf(string({ max: 4 }), '👩‍👩‍👧')).toHaveLength(1);
    expect(messagesOf(string({ max: 5 }), '👩‍👩‍👧')).toEqual([]);
  });
});

describe('integer()', () => {
  test.each([
    [{ min: 1, max: 4 }, [1, 4], [0, 5, 2.5, '2'], 'takes a whole number from 1 to 4'],
    [{}, [0, -1, 2 ** 40], [0.5, Number.NaN, Number.POSITIVE_INFINITY, 1n], 'takes a whole number'],
    [
      { min: 0, max: 64, multipleOf: 32 },
      [0, 32, 64],
      [-32, 1, 31, 96],
      'takes a whole number from 0 to 64, a multiple of 32',
    ],
  ])('integer(%j) takes %j and refuses the rest', (bounds, good, bad, message) => {
    for (const value of good) expect(messagesOf(integer(bounds), value)).toEqual([]);
    for (const value of bad) expect(messagesOf(integer(bounds), value)).toEqual([message]);
  });
});

test('boolean() takes true and false only', () => {
  expect(messagesOf(boolean(), false)).toEqual([]);
  expect(messagesOf(boolean(), 0)).toEqual(['takes true or false']);
});

test('oneOf() takes one of its values only', () => {
  expect(messagesOf(oneOf('a', 'b'), 'b')).toEqual([]);
  expect(messagesOf(oneOf('a', 'b'), 'B')).toEqual(['takes "a" or "b"']);
});

describe('checkWith()', () => {
  const schema = () =>
    z.strictObject({
      name: string({ min: 1 }),
      colour: z.optional(oneOf('red', 'green')),
      box: z.optional(z.strictObject({ width: integer({ min: 1, max: 9 }) }, 'takes { width }')),
      tags: z.optional(z.array(string({ max: 3 }), 'takes a list')),
    });
  const check = checkWith(schema);

  test('checkWith() builds the schema once, when it is first needed', () => {
    const build = vi.fn(schema);
    const own = checkWith(build);
    expect(build).not.toHaveBeenCalled();
    own({ name: 'a' });
    own({ name: 'b' });
    expect(build).toHaveBeenCalledOnce();
  });

  test('checkWith() gives the value when it fits', () => {
    const input = { name: 'a', colour: 'red', box: { width: 9 }, tags: ['abc', ''] };
    expect(check(input)).toEqual({ value: input });
  });

  test.each([
    [{}, 'name', 'is missing: it takes a text of at least 1 character'],
    [{ name: 'a', colour: 'RED' }, 'colour', 'takes "red" or "green" (did you mean "red"?)'],
    [{ name: 'a', colour: 'blue' }, 'colour', 'takes "red" or "green"'],
    [{ name: 'a', color: 'red' }, 'color', 'is not a field of this model: did you mean "colour"?'],
    [{ name: 'a', zzz: 1 }, 'zzz', 'is not a field of this model: it takes name, colour, box, tags'],
    [{ name: 'a', box: 5 }, 'box', 'takes { width }'],
    [{ name: 'a', box: {} }, 'box.width', 'is missing: it takes a whole number from 1 to 9'],
    [{ name: 'a', box: { width: 0 } }, 'box.width', 'takes a whole number from 1 to 9'],
    [{ name: 'a', box: { width: 1, w: 1 } }, 'box.w', 'is not a field: box takes { width }'],
    [{ name: 'a', tags: ['abc', 'abcd'] }, 'tags[1]', 'takes a text of 0 to 3 characters'],
  ])('checkWith() finds the place and the rule in %j', (input, path, message) => {
    const checked = check(input);
    expect('issues' in checked && checked.issues).toMatchObject([{ path, message }]);
  });

  test('checkWith() says what it received, and nothing where there was nothing', () => {
    expect(check({ name: '', tags: null })).toEqual({
      issues: [
        { path: 'name', message: 'takes a text of at least 1 character', received: '' },
        { path: 'tags', message: 'takes a list', received: null },
      ],
    });
    const missing = check({});
    expect('issues' in missing && missing.issues.map((issue) => 'received' in issue)).toEqual([false]);
  });
});

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

  test('toInvalidInputError() leaves the model out where none was recognised', () => {
    const issues = [{ path: 'model', message: 'takes one of a, b' }];
    const error = toInvalidInputError('start the video', undefined, issues);
    expect(error.message).toBe('Cannot start the video: model takes one of a, b. Nothing was sent');
    expect(error).not.toHaveProperty('model');
  });
});
