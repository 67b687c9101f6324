import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { show } from '../../src/base/show.js';
import { messageOf, redactCause } from '../../src/base/thrown.js';

/** As in a runtime without Node's modules. */
function loseModules(): void {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
}

const circular: Record<string, unknown> = {};
circular.self = circular;
const deep = { a: { b: { c: { d: { e: { f: { g: 'key-1' } } } } } } };
const getter = {
  get x(): never {
    throw new Error('mine');
  },
};

describe('show() where there is no inspect', () => {
  test.each([
    ['a text', 'a text'],
    [5, '5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 'source', '(a function)'],
    [{ status: 5, why: ['a', 'b'] }, '{ status: 5, why: [ a, b ] }'],
    [Object.create(null), '{  }'],
    [Object.assign(['a'], { more: 'b' }), '[ a, b ]'],
  ])('shows %o as %j', (value, expected) => {
    loseModules();
    expect(show(value)).toBe(expected);
  });

  test('shows an error with its stack, its fields and its causes', () => {
    loseModules();
    const cause = new AggregateError([new Error('inner')], 'several');
    const error = Object.assign(new TypeError('outer', { cause }), { code: 'E_CODE' });
    const shown = show(error);
    for (const part of [
      'TypeError: outer',
      'show.test.ts',
      'code: E_CODE',
      'AggregateError: several',
      'inner',
    ])
      expect(shown).toContain(part);
    expect(show(new DOMException('gone', 'AbortError'))).toMatch(/^AbortError: gone/);
  });

  test.each([
    ['goes round in a circle', circular],
    ['is deep', deep],
    ['throws', getter],
    ['is large', { text: 'x'.repeat(100_001) }],
    ['is long', Array.from({ length: 100_001 }, () => '')],
    ['would be very long', new Array(4e9)],
    ['is of a class', { headers: new Headers({ authorization: 'Bearer key-1' }) }],
  ])('shows nothing of what %s', (_, value) => {
    loseModules();
    expect(show(value)).toBeUndefined();
  });
});

describe('where there is no inspect', () => {
  test('redactCause() gives the error itself when nothing in it is secret', () => {
    loseModules();
    const cause = Object.assign(new TypeError('Failed to fetch'), { code: 5 });
    expect(redactCause(cause, ['key-1', ''])).toBe(cause);
  });

  test.each([
    ['its message', new TypeError('bad header: Bearer key-1')],
    ['its cause', new TypeError('failed', { cause: new Error('Bearer key-1') })],
    ['a property', Object.assign(new TypeError('failed'), { request: { headers: ['key-1'] } })],
    ['the name of a property', Object.assign(new TypeError('failed'), { 'key-1': 5 })],
    ['a property with a symbol', Object.assign(new TypeError('failed'), { [Symbol('s')]: 'key-1' })],
    ['an object of a class', Object.assign(new Error('failed'), { sent: new Headers({ a: 'key-1' }) })],
    ['a list of errors', new AggregateError([new Error('key-1')], 'failed')],
    ['a deep field', Object.assign(new Error('failed'), { deep })],
    ['a thrown text', 'Bearer key-1'],
  ])('redactCause() gives a copy without the secret when it is in %s', (_, cause) => {
    loseModules();
    const safe = redactCause(cause, ['key-1']);
    vi.restoreAllMocks();
    expect(safe).toBeInstanceOf(Error);
    expect(inspect(safe, { depth: 9, showHidden: true })).not.toContain('key-1');
  });

  test('redactCause() finds a secret that inspect would show with its quotes escaped', () => {
    loseModules();
    const key = `k'"\\-1`;
    const safe = redactCause(Object.assign(new Error('failed'), { sent: key }), [key]);
    vi.restoreAllMocks();
    expect(inspect(safe)).not.toContain('-1');
  });

  test('messageOf() says what a thrown value is', () => {
    loseModules();
    expect(messageOf(new Error('gone'))).toBe('gone');
    expect(messageOf({ status: 5, key: 'key-1' }, ['key-1'])).toBe('{ status: 5, key: *** }');
    expect(messageOf(new Headers())).toBe('a value that cannot be shown (Headers)');
  });
});
