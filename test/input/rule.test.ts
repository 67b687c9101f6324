import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { check } from '../../src/input/check.js';
import { about, visibleCharacter } from '../../src/input/field.js';

function messagesOf(field: z.ZodMiniType, value: unknown): string[] {
  const result = check(z.strictObject({ field }), { field: value });
  return 'issues' in result ? result.issues.map(({ message }) => message) : [];
}

describe('a text', () => {
  test.each([
    [z.string(), 5, 'takes a text'],
    [z.string().check(z.minLength(1)), '', 'takes a text of at least 1 character'],
    [z.string().check(z.maxLength(3)), 'abcd', 'takes a text of 0 to 3 characters'],
    [z.string().check(z.minLength(2), z.maxLength(3)), 'a', 'takes a text of 2 to 3 characters'],
  ])('is refused in the words of its rule (case %#)', (schema, value, message) => {
    expect(messagesOf(schema, value)).toEqual([message]);
  });

  test.each(['', 'abc', '🦖🦖🦖', '龍龍龍'])('counts characters as JSON Schema does in %j', (value) => {
    expect(messagesOf(z.string().check(z.maxLength(3)), value)).toEqual([]);
    expect(messagesOf(z.string().check(z.maxLength(3)), `${value}abcd`)).toHaveLength(1);
  });

  test('counts an emoji of several code points as several', () => {
    expect(messagesOf(z.string().check(z.maxLength(4)), '👩‍👩‍👧')).toHaveLength(1);
    expect(messagesOf(z.string().check(z.maxLength(5)), '👩‍👩‍👧')).toEqual([]);
  });

  const seen = z.string().check(z.minLength(1), z.regex(visibleCharacter));

  test.each([
    ...[' ', '\t\n\r', '\u00a0', '\u3000', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060', '\u2800'],
    ...['\u3164', '\u115f\u1160', '\uffa0', '\u180e', '\u200e\u200f', '\ufe0f', '\0', '\u0085', '\u202e'],
  ])('has no visible character in %j', (value) => {
    const message = 'takes a text of at least 1 character, and this has none that is visible';
    expect(messagesOf(seen, value)).toEqual([message]);
    expect(messagesOf(seen, `${value}.`)).toEqual([]);
    expect(new RegExp(visibleCharacter.source, 'u').test(value)).toBe(false);
  });

  test.each(['a', '龍', 'é', '.', '🦖', '\u0301', '☃', 'ـ', '٠'])('is seen in %j', (value) => {
    expect(messagesOf(seen, value)).toEqual([]);
    expect(new RegExp(visibleCharacter.source, 'u').test(value)).toBe(true);
  });

  test('that is empty breaks several rules, and is told once', () => {
    expect(messagesOf(seen, '')).toEqual(['takes a text of at least 1 character']);
  });
});

describe('a whole number', () => {
  test.each([
    [z.int().check(z.minimum(1), z.maximum(4)), [1, 4], [0, 5, 2.5, '2'], 'takes a whole number from 1 to 4'],
    [z.int(), [0, -1, 2 ** 40], [0.5, Number.NaN, Number.POSITIVE_INFINITY, 1n], 'takes a whole number'],
    [
      z.int(),
      [2 ** 53 - 1],
      [2 ** 53, 1e300],
      'takes a whole number from -9007199254740991 to 9007199254740991',
    ],
    [
      z.int().check(z.minimum(0), z.maximum(64), z.multipleOf(32)),
      [0, 32, 64],
      [-32, 1, 31, 96, 97],
      'takes a whole number from 0 to 64, a multiple of 32',
    ],
  ])('takes its range and refuses the rest (case %#)', (schema, good, bad, message) => {
    for (const value of good) expect(messagesOf(schema, value)).toEqual([]);
    for (const value of bad) expect(messagesOf(schema, value)).toEqual([message]);
  });
});

test('a boolean takes true and false only', () => {
  expect(messagesOf(z.boolean(), false)).toEqual([]);
  expect(messagesOf(z.boolean(), 0)).toEqual(['takes true or false']);
});

test('a number is one that can be written in JSON', () => {
  for (const value of [0, -1.5, 1e300]) expect(messagesOf(z.number(), value)).toEqual([]);
  for (const value of ['1', Number.NaN, Number.POSITIVE_INFINITY, null]) {
    expect(messagesOf(z.number(), value)).toEqual(['takes a number']);
  }
});

describe('one of several words', () => {
  test('is one of them only, and the near one is suggested', () => {
    expect(messagesOf(z.enum(['a', 'b']), 'b')).toEqual([]);
    expect(messagesOf(z.enum(['a', 'b']), 'c')).toEqual(['takes "a" or "b" (did you mean "a"?)']);
  });

  test('is suggested for the same number as a text, and not for another number', () => {
    expect(messagesOf(z.literal([5, 10]), 10)).toEqual([]);
    expect(messagesOf(z.literal([5, 10]), '10')).toEqual(['takes 5 or 10 (did you mean 10?)']);
    expect(messagesOf(z.literal([5, 10]), 11)).toEqual(['takes 5 or 10']);
  });
});

describe('an object or a word', () => {
  const schema = z.union([z.strictObject({ width: z.int() }), z.enum(['wide', 'tall'])]);

  test('is judged by the one where it is an object, and by the other where it is anything else', () => {
    expect(messagesOf(schema, { width: 5 })).toEqual([]);
    expect(messagesOf(schema, 'tall')).toEqual([]);
    expect(messagesOf(schema, { width: 'x' })).toEqual(['takes a whole number']);
    expect(messagesOf(schema, { width: 1, w: 1 })).toEqual(['is not a field of field: it takes width']);
    expect(messagesOf(schema, 5)).toEqual(['takes one of wide, tall, or { width }']);
    expect(messagesOf(schema, 'Wide')).toEqual([
      'takes one of wide, tall, or { width } (did you mean "wide"?)',
    ]);
  });
});

describe('what was passed by mistake', () => {
  const picture = z.string().register(about, { media: 'image', dataUri: true });
  const link = z.string().register(about, { media: 'image', dataUri: false });

  test.each([
    ['a Promise', Promise.resolve('x'), 'this is a Promise: await it'],
    ['a URL object', new URL('https://a.b/c'), 'this is a URL object: pass its href'],
    ['a function', () => 'x', 'this is a function: pass what it returns'],
    ['a Date', new Date(), 'this is a Date object'],
    ['a Map', new Map(), 'this is a Map object'],
    ['a text object', Object('x'), 'this is a String object'],
  ])('%s is told as what it is', (_, value, hint) => {
    for (const field of [z.string(), z.boolean(), z.enum(['a', 'b']), picture, link]) {
      expect(messagesOf(field, value)).toEqual([
        expect.stringMatching(new RegExp(`^takes .*\\(${hint}\\)$`)),
      ]);
    }
  });

  test.each([
    ['a Buffer', Buffer.from('x')],
    ['a Uint8Array', new Uint8Array(3)],
    ['an ArrayBuffer', new ArrayBuffer(3)],
    ['a Blob', new Blob(['x'])],
  ])('%s needs toDataUri where the field takes the file itself', (_, value) => {
    expect(messagesOf(picture, value)[0]).toMatch(/\(these are bytes: await toDataUri of them\)$/);
    expect(messagesOf(link, value)[0]).toMatch(/put it where the API can fetch it/);
    expect(messagesOf(link, value)[0]).not.toContain('toDataUri');
  });

  test.each([5, null, 'x', [1], { a: 1 }, Symbol('x'), 5n])('%s needs no more words', (value) => {
    expect(messagesOf(z.boolean(), value)).toEqual(['takes true or false']);
  });
});
