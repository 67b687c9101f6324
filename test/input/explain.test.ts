import { describe, expect, test } from 'vitest';
import type { $ZodType } from 'zod/v4/core';
import { check, toInvalidInputError } from '../../src/input/explain.js';
import {
  boolean,
  integer,
  list,
  oneOf,
  optional,
  strictObject,
  string,
  together,
} from '../../src/input/field.js';

function messagesOf(schema: $ZodType, value: unknown): string[] {
  const result = check(schema, value);
  return 'issues' in result ? result.issues.map(({ message }) => message) : [];
}

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
