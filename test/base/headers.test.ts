import { afterAll, describe, expect, test } from 'vitest';
import { createWan } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { createUndiciFetch } from '../../src/undici.js';
import { createVtrix } from '../../src/vtrix.js';

const ofTheConnection = [
  'expect',
  'transfer-encoding',
  'upgrade',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'host',
  'content-length',
  'proxy-connection',
  'http2-settings',
];
const names = ofTheConnection.flatMap((name) => [name, name.toUpperCase()]);

const image = { model: 'wan2.2-t2i-plus', prompt: 'a cat' } as const;
const video = { model: 'wan2.2-t2v-plus', prompt: 'a cat' } as const;
const vtrixVideo = { model: 'wan22_t2v_plus', input: { prompt: 'a cat' } } as const;

const api = createFakeApi();
const wan = createWan({ apiKey: 'test', fetch: api.fetch });
const vtrix = createVtrix({ apiKey: 'test', fetch: api.fetch });
const undiciFetch = createUndiciFetch();
afterAll(() => undiciFetch.close());

describe.each(names)('the header "%s"', (name) => {
  const headers = { [name]: 'x' };
  const naming = { name: 'TypeError', message: expect.stringContaining(`"${name}"`) };

  test('is refused as an option of a client', () => {
    expect(() => createWan({ headers })).toThrow(TypeError);
    expect(() => createWan({ headers })).toThrow(`"${name}"`);
    expect(() => createVtrix({ headers })).toThrow(`"${name}"`);
  });

  test('is refused as an option of a call, before anything is sent', async () => {
    const calls = [
      wan.generateImage(image, { headers }),
      wan.generateVideo(video, { headers }),
      wan.generateImageUnchecked(image, { headers }),
      wan.generateVideoUnchecked(video, { headers }),
      wan.getVideo('an-id', { headers }),
      wan.findRequest({ clientRequestId: 'an-id', since: new Date() }, { headers }),
      vtrix.generateVideo(vtrixVideo, { headers }),
      vtrix.getVideo('an-id', { headers }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject(naming);
    expect(api.requests).toEqual([]);
  });

  test('is refused by the fetch of /undici, before anything is sent', async () => {
    const server = await api.listen();
    const { signal } = new AbortController();
    const init = { headers, signal, redirect: 'manual', cache: 'no-store' } as const;
    for (const method of ['GET', 'POST'] as const)
      await expect(undiciFetch(server.url, { ...init, method })).rejects.toMatchObject(naming);
    expect(api.requests).toEqual([]);
    await server.close();
  });
});

test('headers that only look like those of a connection are sent', async () => {
  const server = await api.listen();
  const headers = {
    'proxy-authorization': 'Basic eA==',
    via: '1.1 gateway',
    forwarded: 'for=192.0.2.1',
    'x-connection': 'a',
    'x-forwarded-host': 'an.example',
    'max-forwards': '3',
    priority: 'u=1',
  };
  for (const fetch of [undefined, undiciFetch]) {
    const client = createWan({ apiKey: 'test', baseUrl: server.url, fetch });
    await client.generateVideo(video, { headers });
    const { 'proxy-authorization': _, ...shown } = headers;
    expect(api.requests.at(-1)?.headers).toMatchObject(shown);
    expect(api.requests.at(-1)?.headers).toHaveProperty('proxy-authorization');
  }
  await server.close();
});

test('a header whose value is undefined is left out, of the client as of the call', async () => {
  const headers = { 'x-team': undefined, 'x-app': 'wan', connection: undefined };
  const client = createWan({ apiKey: 'test', fetch: api.fetch, headers });
  await client.generateVideo(video, { headers: { ...headers, 'x-app': undefined, 'x-call': '1' } });
  const sent = api.requests.at(-1)?.headers;
  expect(sent).toMatchObject({ 'x-app': 'wan', 'x-call': '1' });
  expect(sent).not.toHaveProperty('x-team');
  expect(sent).not.toHaveProperty('connection');
});

test.each([[[['x-a', '1']]], [new Map([['x-a', '1']])], ['x-a: 1'], [5]])(
  'headers that are no object of names and values are refused: %j',
  (headers) => {
    expect(() => createWan({ headers: headers as never })).toThrow(/^Cannot use headers: it takes an object/);
  },
);

test('a value that is null is refused, Headers of any realm are taken', async () => {
  expect(() => createWan({ headers: { 'x-a': null } as never })).toThrow(/^Cannot use the header "x-a"/);
  const seen: unknown[] = [];
  const fetch = async (_: string, init: { headers: Record<string, string> }) => {
    seen.push(init.headers['x-a']);
    return new Response('{}');
  };
  const foreign = Object.assign(Object.create(null), {
    [Symbol.toStringTag]: 'Headers',
    [Symbol.iterator]: () => [['x-a', '1']].values(),
  });
  const client = createWan({ apiKey: 'test', fetch, headers: foreign as never });
  await client.getVideo('j').catch(() => {});
  expect(seen).toEqual(['1']);
});
