import { describe, expect, test, vi } from 'vitest';
import type { $ZodType } from 'zod/v4/core';
import { check } from '../../src/input/explain.js';
import {
  boolean,
  either,
  integer,
  limitsOf,
  list,
  number,
  oneOf,
  optional,
  strictObject,
  string,
} from '../../src/input/field.js';

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
