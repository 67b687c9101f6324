import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { redactCause } from '../../src/base/thrown.js';

describe('redactCause()', () => {
  test('redactCause() gives the error itself when nothing in it is secret', () => {
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(redactCause(cause, ['key-1', ''])).toBe(cause);
    expect(redactCause(undefined, ['key-1'])).toBeUndefined();
  });

  test.each([
    ['its message', new TypeError('bad header: Bearer key-1')],
    ['its cause', new TypeError('failed', { cause: new Error('Bearer key-1') })],
    ['a property', Object.assign(new TypeError('failed'), { request: { headers: ['Bearer key-1'] } })],
    ['a list of errors', new AggregateError([new Error('Bearer key-1')], 'failed')],
    ['a thrown text', 'Bearer key-1'],
    ['a signed address', new Error('GET https://a.b/c?Signature=key-1 failed')],
  ])('redactCause() gives a copy without the secret when it is in %s', (_, cause) => {
    const safe = redactCause(cause, ['key-1']);
    expect(safe).toBeInstanceOf(Error);
    expect(inspect(safe, { depth: 9, showHidden: true })).not.toContain('key-1');
  });

  test.each([
    ['ten causes deep', deep(10, (inner) => new Error('outer', { cause: inner }))],
    ['fifty objects deep', deep(50, (inner) => Object.assign(new Error('outer'), { inner }))],
    ['ten thousand objects deep', deep(10_000, (inner) => ({ inner }))],
    ['its toJSON', Object.assign(new Error('failed'), { toJSON: () => 'Bearer key-1' })],
    ['its toString', Object.assign(new Error('failed'), { toString: () => 'Bearer key-1' })],
    [
      'behind a custom inspect',
      Object.assign(new Error('failed'), { key: 'key-1', [inspect.custom]: () => 'fine' }),
    ],
    [
      'what its custom inspect shows',
      Object.assign(new Error('failed'), { [inspect.custom]: () => 'key-1' }),
    ],
    [
      'the 200th entry of a list',
      Object.assign(new Error('failed'), { list: [...Array(199).fill('a'), 'key-1'] }),
    ],
  ])('redactCause() finds the secret in %s', (_, cause) => {
    const safe = redactCause(cause, ['key-1']);
    expect(safe).not.toBe(cause);
    expect(`${inspect(safe, { depth: 99 })}${JSON.stringify(safe)}${safe}`).not.toContain('key-1');
  });

  test('redactCause() keeps an error that contains itself', () => {
    const cause = Object.assign(new Error('failed'), { self: {} });
    cause.self = cause;
    expect(redactCause(cause, ['key-1'])).toBe(cause);
  });

  test('redactCause() keeps what may be shown of the name and the message', () => {
    expect(redactCause(new TypeError('bad header: Bearer key-1'), ['key-1'])).toMatchObject({
      name: 'TypeError',
      message: 'bad header: Bearer ***',
    });
  });
});

/** A value with the key at its end, as many levels deep. */
function deep(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = { authorization: 'Bearer key-1' };
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}
