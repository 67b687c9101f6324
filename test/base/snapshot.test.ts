import { describe, expect, test } from 'vitest';
import { snapshot } from '../../src/base/snapshot.js';

describe('snapshot()', () => {
  test('snapshot() copies plain objects, lists and bytes, at every level', () => {
    const value = {
      prompt: 'a cat',
      image_urls: ['a', 'b'],
      image_size: { width: 512 },
      bytes: new Uint8Array([1, 2]),
      nothing: undefined,
      bare: Object.assign(Object.create(null), { seed: 1 }),
    };
    const kept = snapshot(value);
    expect(kept).toEqual(value);
    value.prompt = 'a dog';
    value.image_urls.push('c');
    value.image_size.width = 1;
    value.bytes[0] = 9;
    value.bare.seed = 2;
    expect(kept).toEqual({
      prompt: 'a cat',
      image_urls: ['a', 'b'],
      image_size: { width: 512 },
      bytes: new Uint8Array([1, 2]),
      nothing: undefined,
      bare: { seed: 1 },
    });
  });

  test.each([
    ['a text', 'a cat'],
    ['a date', new Date(0)],
    ['an error', new Error('no')],
    ['a promise', Promise.resolve(1)],
    ['a signal', new AbortController().signal],
    ['an instance of a class', new (class Own {})()],
    ['a Proxy that throws', new Proxy({}, { ownKeys: () => fail() })],
    ['a revoked Proxy', revoked()],
  ])('snapshot() keeps %s as it is', (_, value) => {
    expect(snapshot({ value }).value).toBe(value);
  });

  test('snapshot() keeps getters without calling them, and a key __proto__ as a key', () => {
    const value = Object.defineProperty(JSON.parse('{ "__proto__": { "a": 1 } }'), 'prompt', {
      get: () => fail(),
      enumerable: true,
    });
    const kept = snapshot(value);
    expect(Object.keys(kept)).toEqual(['__proto__', 'prompt']);
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    expect(() => kept.prompt).toThrow('called');
  });

  test('snapshot() ends where an object contains itself', () => {
    const circle: Record<string, unknown> = { prompt: 'a cat' };
    circle.self = circle;
    expect(snapshot(circle)).toMatchObject({ prompt: 'a cat', self: { self: {} } });
  });
});

function fail(): never {
  throw new Error('called');
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
