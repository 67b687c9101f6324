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
    ['what writes its own JSON', { toJSON: () => 'x' }],
    ['a Proxy that throws', new Proxy({}, { ownKeys: () => fail() })],
    ['a revoked Proxy', revoked()],
  ])('snapshot() keeps %s as it is', (_, value) => {
    expect(snapshot({ value }).value).toBe(value);
  });

  test('snapshot() reads getters once, and copies the fields of an instance', () => {
    let reads = 0;
    class Request {
      prompt = 'first';
      get model() {
        return 'm';
      }
    }
    const value = Object.defineProperty(new Request(), 'seed', {
      get: () => {
        reads += 1;
        return reads;
      },
      enumerable: true,
    });
    const kept = snapshot(value);
    value.prompt = 'second';
    expect(kept).toBeInstanceOf(Request);
    expect({ ...kept }).toEqual({ prompt: 'first', seed: 1 });
    expect(kept.model).toBe('m');
    expect(reads).toBe(1);
  });

  test('snapshot() copies of a view its own bytes, also where the memory is shared', () => {
    const memory = new Uint8Array(new SharedArrayBuffer(1_000_000));
    const view = memory.subarray(10, 13);
    view.set([1, 2, 3]);
    const kept = snapshot(view);
    memory.fill(9);
    expect([...kept]).toEqual([1, 2, 3]);
    expect(kept.buffer.byteLength).toBe(3);
  });

  test('snapshot() keeps an object whose getter throws, and a key __proto__ as a key', () => {
    const throwing = Object.defineProperty({}, 'prompt', { get: () => fail(), enumerable: true });
    expect(snapshot(throwing)).toBe(throwing);
    const kept = snapshot(JSON.parse('{ "__proto__": { "a": 1 } }'));
    expect(Object.keys(kept)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
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
