import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { check } from '../../src/input/check.js';

function messagesOf(schema: z.ZodMiniType, value: unknown): string[] {
  const result = check(schema, value);
  return 'issues' in result ? result.issues.map(({ message }) => message) : [];
}

describe('check()', () => {
  const schema = z.strictObject({
    name: z.string().check(z.minLength(1)),
    colour: z.optional(z.enum(['red', 'green'])),
    box: z.optional(z.strictObject({ width: z.int().check(z.minimum(1), z.maximum(9)) })),
    tags: z.optional(z.array(z.string().check(z.maxLength(3))).check(z.minLength(1), z.maxLength(2))),
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
    [{ name: 'a', tags: [] }, 'tags', 'takes a list of 1 to 2 texts'],
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
        { path: 'tags', message: 'takes a list of 1 to 2 texts', received: null },
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
  const schema = z.strictObject({ box: z.strictObject({ width: z.int() }) });
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  const box = {
    get width(): number {
      throw new Error('no width');
    },
  };
  expect(check(schema, { box })).toEqual({
    issues: [{ path: '', message: 'cannot be read: it throws (no width)' }],
  });
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

describe('several fields at once', () => {
  const schema = z
    .strictObject({ shots: z.optional(z.enum(['one', 'many'])), long: z.optional(z.boolean()) })
    .check(
      z.refine(({ shots, long }) => shots !== 'many' || long === true, {
        path: ['shots'],
        error: 'takes "many" only where it is long',
      }),
    );

  test('check() names the field that a rule over several is about', () => {
    expect(check(schema, { shots: 'many' })).toEqual({
      issues: [{ path: 'shots', message: 'takes "many" only where it is long', received: 'many' }],
    });
    expect(messagesOf(schema, { shots: 'many', long: true })).toEqual([]);
  });

  test('check() keeps a rule over several fields out of the way of a plainer mistake', () => {
    expect(messagesOf(schema, { shots: 'many', long: 'no' })).toEqual(['takes true or false']);
  });

  test('check() judges such a rule beside an unknown field as well', () => {
    expect(messagesOf(schema, { shots: 'many', colour: undefined })).toEqual([
      'is not a field of this model: it takes shots, long',
      'takes "many" only where it is long',
    ]);
  });
});

describe('a list', () => {
  const words = z.array(z.string().check(z.minLength(1)));
  const schema = z.strictObject({
    short: z.optional(words.check(z.minLength(1), z.maxLength(3))),
    any: z.optional(words),
  });
  const issuesOf = (input: unknown) => {
    const checked = check(schema, input);
    return 'issues' in checked ? checked.issues.map(({ path, message }) => [path, message]) : [];
  };
  const rule = 'takes a text of at least 1 character';

  test('is copied, so that a change of what was given changes nothing', () => {
    const short = ['a', 'b'];
    const checked = check(schema, { short });
    short.push('');
    expect(checked).toEqual({ value: { short: ['a', 'b'] } });
  });

  test('names every item that is wrong, a hole too', () => {
    const short = ['', 'a', 5];
    delete short[1];
    expect(issuesOf({ short })).toEqual([
      ['short[0]', rule],
      ['short[1]', `is missing: it ${rule}`],
      ['short[2]', rule],
    ]);
  });

  test.each([4, 200, 201, 100_000, 2 ** 32 - 1])(
    'of %i entries is too long, which is one issue',
    (length) => {
      const short = length > 100_000 ? Array(length) : Array(length).fill('');
      expect(issuesOf({ short })).toEqual([['short', 'takes a list of 1 to 3 texts']]);
      expect(issuesOf({ short, other: 1 }).length).toBeLessThanOrEqual(2);
    },
  );

  test('of thousands of entries is read to its first wrong one', () => {
    const good = Array(50_000).fill('a');
    expect(issuesOf({ any: good })).toEqual([]);
    expect(issuesOf({ any: [...good, '', ''] })).toEqual([['any[50000]', rule]]);
    expect(issuesOf({ any: Array(2 ** 32 - 1) })).toEqual([['any[0]', `is missing: it ${rule}`]]);
  });
});

describe('what cannot be read, or is no field', () => {
  const schema = z.strictObject({
    box: z.optional(z.strictObject({ width: z.int() })),
    name: z.optional(z.string()),
  });
  const throwing = (words: string) => () => {
    throw new Error(words);
  };

  test.each<[string, unknown, string]>([
    ['a getter', Object.defineProperty({}, 'name', { enumerable: true, get: throwing('no') }), 'name'],
    ['ownKeys', new Proxy({}, { ownKeys: throwing('no') }), ''],
    ['get', new Proxy({ name: 'x' }, { get: throwing('no') }), 'name'],
    [
      'a getter within',
      { box: Object.defineProperty({}, 'width', { enumerable: true, get: throwing('no') }) },
      '',
    ],
    ['a trap within', { box: new Proxy({}, { ownKeys: throwing('no') }) }, ''],
  ])('check() tells of %s that throws, and throws nothing', (_, input, path) => {
    const issues = [{ path, message: 'cannot be read: it throws (no)' }];
    expect(check(schema, input)).toEqual({ issues });
  });

  test('check() tells of a revoked proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const input of [proxy, { box: proxy }, { name: proxy }, { other: proxy }]) {
      const checked = check(schema, input);
      expect('issues' in checked && checked.issues[0]?.message).toMatch(/^cannot be read: it throws/);
    }
  });

  test('check() reads each field once', () => {
    let reads = 0;
    const input = Object.defineProperty({}, 'name', {
      enumerable: true,
      get: () => {
        reads += 1;
        return `${reads}`;
      },
    });
    expect(check(schema, input)).toEqual({ value: { name: '1' } });
    expect(reads).toBe(1);
  });

  test('check() refuses an own field "__proto__", and sets no prototype by it', () => {
    const input = JSON.parse('{"name":"x","__proto__":{"name":5}}');
    expect(messagesOf(schema, input)).toEqual(['is not a field of this model: it takes box, name']);
    const nested = JSON.parse('{"box":{"width":1,"__proto__":{"a":5}}}');
    expect(messagesOf(schema, nested)).toEqual(['is not a field of box: it takes width']);
  });

  test('check() passes over what JSON leaves out: symbols, and fields of a prototype', () => {
    const input = Object.assign(Object.create({ other: 1 }), { name: 'x', [Symbol('other')]: 1 });
    expect(check(schema, input)).toEqual({ value: { name: 'x' } });
  });
});

test('check() has its own words, whatever an app has set for its zod: all copies share one setting', () => {
  const schema = z.strictObject({
    name: z.string().check(z.refine((name) => name !== 'x', { error: 'takes no x' })),
    size: z.optional(z.union([z.strictObject({ width: z.int() }), z.enum(['wide'])])),
  });
  const inputs = [
    {},
    { name: 5 },
    { name: 'x' },
    { name: 'y', size: 1 },
    { name: 'y', size: {} },
    { name: 'y', z: 1 },
  ];
  const before = inputs.map((input) => messagesOf(schema, input));
  const { customError, localeError } = z.config();
  z.config({ customError: () => 'no', localeError: () => 'nein' });
  const after = inputs.map((input) => messagesOf(schema, input));
  z.config({ customError, localeError });
  expect(after).toEqual(before);
  expect(before.flat()).toHaveLength(inputs.length);
});
