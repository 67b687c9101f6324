import { describe, expect, test, vi } from 'vitest';
import type { $ZodType } from 'zod/v4/core';
import {
  boolean,
  check,
  either,
  integer,
  limitsOf,
  list,
  number,
  oneOf,
  optional,
  strictObject,
  string,
  together,
  toInvalidInputError,
} from '../../src/input/schema.js';

function messagesOf(schema: $ZodType, value: unknown): string[] {
  const result = check(schema, value);
  return 'issues' in result ? result.issues.map(({ message }) => message) : [];
}

describe('string()', () => {
  test.each([
    [{}, 5, 'takes a text'],
    [{ minLength: 1 }, '', 'takes a text of at least 1 character'],
    [{ maxLength: 3 }, 'abcd', 'takes a text of 0 to 3 characters'],
    [{ minLength: 2, maxLength: 3 }, 'a', 'takes a text of 2 to 3 characters'],
  ])('string(%j) refuses %j in the words of its rule', (bounds, value, message) => {
    expect(messagesOf(string(bounds), value)).toEqual([message]);
  });

  test.each(['', 'abc', '🦖🦖🦖', '龍龍龍'])(
    'string() counts characters as JSON Schema does in %j',
    (value) => {
      expect(messagesOf(string({ maxLength: 3 }), value)).toEqual([]);
    },
  );

  test('string() counts an emoji of several code points as several', () => {
    expect(messagesOf(string({ maxLength: 4 }), '👩‍👩‍👧')).toHaveLength(1);
    expect(messagesOf(string({ maxLength: 5 }), '👩‍👩‍👧')).toEqual([]);
  });

  test('string() does not count what is too long in any case', () => {
    const counted = vi.spyOn(String.prototype, Symbol.iterator);
    const refused = messagesOf(string({ maxLength: 3 }), 'a'.repeat(7));
    const calls = counted.mock.calls.length;
    counted.mockRestore();
    expect(refused).toEqual(['takes a text of 0 to 3 characters']);
    expect(calls).toBe(0);
  });
});

describe('integer()', () => {
  test.each([
    [{ minimum: 1, maximum: 4 }, [1, 4], [0, 5, 2.5, '2'], 'takes a whole number from 1 to 4'],
    [{}, [0, -1, 2 ** 40], [0.5, Number.NaN, Number.POSITIVE_INFINITY, 1n], 'takes a whole number'],
    [
      { minimum: 0, maximum: 64, multipleOf: 32 },
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
  expect(messagesOf(oneOf('a', 'b'), 'c')).toEqual(['takes "a" or "b" (did you mean "a"?)']);
});

test('number() takes any number that can be written in JSON', () => {
  for (const value of [0, -1.5, 1e300]) expect(messagesOf(number(), value)).toEqual([]);
  for (const value of ['1', Number.NaN, Number.POSITIVE_INFINITY, null]) {
    expect(messagesOf(number(), value)).toEqual(['takes a number']);
  }
});

describe('oneOf() of numbers', () => {
  test('oneOf() suggests the number for the same one as a text, and none for another number', () => {
    expect(messagesOf(oneOf(5, 10), 10)).toEqual([]);
    expect(messagesOf(oneOf(5, 10), '10')).toEqual(['takes 5 or 10 (did you mean 10?)']);
    expect(messagesOf(oneOf(5, 10), 11)).toEqual(['takes 5 or 10']);
  });
});

describe('check()', () => {
  const schema = strictObject({
    name: string({ minLength: 1 }),
    colour: optional(oneOf('red', 'green')),
    box: optional(strictObject({ width: integer({ minimum: 1, maximum: 9 }) })),
    tags: optional(list('words', string({ maxLength: 3 }), { minItems: 1, maxItems: 2 })),
  });

  test('check() gives the value when it fits', () => {
    const input = { name: 'a', colour: 'red', box: { width: 9 }, tags: ['abc', ''] };
    expect(check(schema, input)).toEqual({ value: input });
  });

  test.each([
    [{}, 'name', 'is missing: it takes a text of at least 1 character'],
    [{ name: 'a', colour: 'RED' }, 'colour', 'takes "red" or "green" (did you mean "red"?)'],
    [{ name: 'a', colour: 'blue' }, 'colour', 'takes "red" or "green"'],
    [{ name: 'a', color: 'red' }, 'color', 'is not a field of this model: did you mean "colour"?'],
    [{ name: 'a', zzz: 1 }, 'zzz', 'is not a field of this model: it takes name, colour, box, tags'],
    [{ name: 'a', box: 5 }, 'box', 'takes { width }'],
    [{ name: 'a', tags: [] }, 'tags', 'takes a list of 1 to 2 words'],
    [{ name: 'a', box: {} }, 'box.width', 'is missing: it takes a whole number from 1 to 9'],
    [{ name: 'a', box: { width: 0 } }, 'box.width', 'takes a whole number from 1 to 9'],
    [{ name: 'a', box: { width: 1, w: 1 } }, 'box.w', 'is not a field of box: it takes width'],
    [{ name: 'a', tags: ['abc', 'abcd'] }, 'tags[1]', 'takes a text of 0 to 3 characters'],
  ])('check() finds the place and the rule in %j', (input, path, message) => {
    const checked = check(schema, input);
    expect('issues' in checked && checked.issues).toMatchObject([{ path, message }]);
  });

  test('check() says what it received, and nothing where there was nothing', () => {
    expect(check(schema, { name: '', tags: null })).toEqual({
      issues: [
        { path: 'name', message: 'takes a text of at least 1 character', received: '' },
        { path: 'tags', message: 'takes a list of 1 to 2 words', received: null },
      ],
    });
    const secret = check(schema, { name: 'a', apiKey: 'k-1', box: { width: 1, token: 't-1' } });
    expect('issues' in secret && secret.issues).toEqual([
      { path: 'box.token', message: 'is not a field of box: it takes width' },
      { path: 'apiKey', message: 'is not a field of this model: it takes name, colour, box, tags' },
    ]);
    const missing = check(schema, {});
    expect('issues' in missing && missing.issues.map((issue) => 'received' in issue)).toEqual([false]);
  });
});

test('check() refuses an input that cannot be read, and leaves no rejection behind', async () => {
  const schema = strictObject({ box: strictObject({ width: integer() }) });
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  const box = {
    get width(): number {
      throw new Error('no width');
    },
  };
  expect(check(schema, { box })).toEqual({
    issues: [{ path: '', message: 'cannot be read: a field of it throws' }],
  });
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

describe('several fields at once', () => {
  const schema = strictObject(
    { shots: optional(oneOf('one', 'many')), long: optional(boolean()) },
    together(
      'shots',
      'takes "many" only where it is long',
      ({ shots, long }) => shots !== 'many' || long === true,
    ),
  );

  test('together() names the field that it is about', () => {
    expect(check(schema, { shots: 'many' })).toEqual({
      issues: [{ path: 'shots', message: 'takes "many" only where it is long', received: 'many' }],
    });
    expect(messagesOf(schema, { shots: 'many', long: true })).toEqual([]);
  });

  test('together() keeps out of the way of a plainer mistake', () => {
    expect(messagesOf(schema, { shots: 'many', long: 'no' })).toEqual(['takes true or false']);
  });

  test('together() is judged beside an unknown field as well', () => {
    expect(messagesOf(schema, { shots: 'many', colour: undefined })).toEqual([
      'is not a field of this model: it takes shots, long',
      'takes "many" only where it is long',
    ]);
  });
});

describe('list()', () => {
  const schema = list('words', string({ minLength: 1 }), { minItems: 1, maxItems: 3 });

  test('list() gives a copy, so that a change of what was given changes nothing', () => {
    const words = ['a', 'b'];
    const checked = check(schema, words);
    words.push('');
    expect(checked).toEqual({ value: ['a', 'b'] });
  });

  test('list() names every item that is wrong, a hole too', () => {
    const words = ['', 'a', 5];
    delete words[1];
    const checked = check(schema, words);
    expect('issues' in checked && checked.issues.map(({ path, message }) => [path, message])).toEqual([
      ['[0]', 'takes a text of at least 1 character'],
      ['[1]', 'is missing: it takes a text of at least 1 character'],
      ['[2]', 'takes a text of at least 1 character'],
    ]);
  });

  test('list() judges no item of a list that is too long', () => {
    expect(
      messagesOf(
        schema,
        Array.from({ length: 1000 }, () => ''),
      ),
    ).toEqual(['takes a list of 1 to 3 words']);
  });
});

describe('either()', () => {
  const schema = either(strictObject({ width: integer() }), oneOf('wide', 'tall'));

  test('either() judges an object by the one and anything else by the other', () => {
    expect(check(schema, { width: 5 })).toEqual({ value: { width: 5 } });
    expect(check(schema, 'tall')).toEqual({ value: 'tall' });
    expect(check(schema, { width: 'x' })).toMatchObject({
      issues: [{ path: 'width', message: 'takes a whole number' }],
    });
    expect(messagesOf(schema, 5)).toEqual(['takes "wide" or "tall"']);
  });
});

describe('limitsOf()', () => {
  test('limitsOf() tells what a schema takes in the words of JSON Schema', () => {
    const schema = strictObject({
      name: string({ minLength: 1, maxLength: 9 }),
      count: optional(integer({ minimum: 1, maximum: 4 }), 2),
      tags: list('words', string(), { maxItems: 5 }),
      size: optional(either(strictObject({ width: number() }), oneOf('wide'))),
      long: optional(boolean(), false),
    });
    expect(limitsOf(schema)).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 9, required: true },
        count: { type: 'integer', minimum: 1, maximum: 4, default: 2 },
        tags: { type: 'array', maxItems: 5, items: { type: 'string' }, required: true },
        size: {
          anyOf: [
            { type: 'object', properties: { width: { type: 'number', required: true } } },
            { type: 'string', enum: ['wide'] },
          ],
        },
        long: { type: 'boolean', default: false },
      },
    });
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
