import { expect, test, vi } from 'vitest';
import { globalFetch } from '../../src/http/global-fetch.js';
import { createWan } from '../../src/index.js';

/** What other runtimes want of a request; `npm run test:runtimes` runs them. */

const signal = new AbortController().signal;
const create = { method: 'POST', headers: { a: 'b' }, body: '{"é":1}', signal, redirect: 'manual' } as const;

function catchInit() {
  const given: RequestInit[] = [];
  const fetch = async (_: unknown, init: RequestInit) => {
    given.push(init);
    return new Response();
  };
  vi.stubGlobal('fetch', fetch);
  return given;
}

test('globalFetch() gives Deno a Blob, which Deno does not send a second time', async () => {
  vi.stubGlobal('Deno', {});
  const given = catchInit();
  await globalFetch('http://x.example', { ...create, cache: 'no-store' });
  await globalFetch('http://x.example', { ...create, cache: 'no-store', fresh: true });
  for (const init of given) {
    expect(init).toMatchObject({ method: 'POST', headers: { a: 'b' }, redirect: 'manual', signal });
    expect(await new Response(init.body ?? null).text()).toBe('{"é":1}');
    expect(init.body).toBeInstanceOf(Blob);
    expect(init).not.toHaveProperty('duplex');
  }
});

test('globalFetch() leaves `cache` out where fetch does not know it, as in older Workers', async () => {
  const given = catchInit();
  await globalFetch('http://x.example', { ...create, cache: 'no-store' });
  vi.stubGlobal('Request', class {});
  await globalFetch('http://x.example', { ...create, cache: 'no-store' });
  vi.stubGlobal('Request', undefined);
  await globalFetch('http://x.example', { ...create, cache: 'no-store' });
  expect(given.map((init) => Reflect.get(init, 'cache'))).toEqual(['no-store', undefined, 'no-store']);
  expect(given[1]).toEqual(create);
});

test('globalFetch() keeps `publicOnly` to itself: no global fetch knows it', async () => {
  const given = catchInit();
  await globalFetch('http://x.example', { ...create, cache: 'no-store', publicOnly: true });
  expect(given).toEqual([{ ...create, cache: 'no-store' }]);
});

test('download() needs no global fetch for base64, and names the missing one for a link', async () => {
  vi.stubGlobal('fetch', undefined);
  const wan = createWan({ apiKey: 'key-of-a-test' });
  const png = 'iVBORw0KGgo=';
  expect((await wan.download({ base64: png })).byteLength).toBe(8);
  await expect(wan.download('https://cdn.aimlapi.com/x.png')).rejects.toBeInstanceOf(TypeError);
});
