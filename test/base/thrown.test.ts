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

  test('redactCause() keeps what may be shown of the name and the message', () => {
    expect(redactCause(new TypeError('bad header: Bearer key-1'), ['key-1'])).toMatchObject({
      name: 'TypeError',
      message: 'bad header: Bearer ***',
    });
  });
});
