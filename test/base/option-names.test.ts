import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createWan, InvalidInputError, toDataUri } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { createUndiciFetch } from '../../src/undici.js';
import { createVtrix } from '../../src/vtrix.js';

const api = createFakeApi({ videoSeconds: 0 });
const wan = createWan({ apiKey: 'key-of-a-test', fetch: api.fetch });
const vtrix = createVtrix({ apiKey: 'key-of-a-test', fetch: api.fetch });
const text = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const lost = { clientRequestId: 'a', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
const find = { clientRequestId: 'a', since: new Date() };

/** Every function that takes options, and one of its own. */
const takers: [name: string, call: (options: never) => unknown, own: object][] = [
  ['createWan', createWan, { maxRetries: 1 }],
  ['createVtrix', createVtrix, { bodyStyle: 'flat' }],
  ['createUndiciFetch', (options) => void createUndiciFetch(options), { connections: 1 }],
  ['createFakeApi', createFakeApi, { ranges: false }],
  ['listen', async (options) => (await api.listen(options)).close(), { port: 0 }],
  ['toDataUri', (options) => toDataUri(Uint8Array.of(0x47, 0x49, 0x46, 0x38), options), { maxBytes: 9 }],
  [
    'generateImage',
    (options) => wan.generateImage({ model: 'wan2.2-t2i-plus', prompt: 'x' }, options),
    { maxRetries: 0 },
  ],
  ['generateVideo', (options) => wan.generateVideo(text, options), { clientRequestId: 'a' }],
  [
    'generateImageUnchecked',
    (options) => wan.generateImageUnchecked({ model: 'alibaba/wan2.2-t2i-plus', prompt: 'x' }, options),
    { timeoutMs: 9e3 },
  ],
  [
    'generateVideoUnchecked',
    (options) => wan.generateVideoUnchecked({ ...text, model: 'alibaba/wan2.2-t2v-plus' }, options),
    { headers: {} },
  ],
  ['getVideo', async (options) => wan.getVideo(await wan.generateVideo(text), options), { maxRetries: 0 }],
  [
    'pollUntilDone',
    async (options) => wan.pollUntilDone(await wan.generateVideo(text), options),
    { intervalMs: 1 },
  ],
  [
    'watchVideo',
    async (options) => wan.watchVideo(await wan.generateVideo(text), options).next(),
    { intervalMs: 1 },
  ],
  ['findRequest, input', (input) => wan.findRequest(input), find],
  ['findRequest', (options) => wan.findRequest(find, options), { maxRetries: 0 }],
  ['recoverVideo', (options) => wan.recoverVideo(lost, options), { maxWaitMs: 0 }],
  ['download', (options) => wan.download({ base64: 'R0lGOA==' }, options), { maxBytes: 9 }],
  [
    'save',
    (options) => wan.save({ base64: 'R0lGOA==' }, join(tmpdir(), 'none.gif'), options),
    { maxBytes: 1 },
  ],
  [
    'vtrix.generateVideo',
    (options) => vtrix.generateVideo({ model: 'wan22_t2v_plus', input: { prompt: 'x' } }, options),
    { maxRetries: 0 },
  ],
];

/** What a call ends with, thrown or rejected. */
async function endOf(call: (options: never) => unknown, options: unknown): Promise<unknown> {
  try {
    await call(options as never);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(takers)('%s', (name, call, own) => {
  test('takes its own options, and undefined for any name', async () => {
    const end = await endOf(call, { ...own, nothing: undefined });
    // a file of 4 bytes is more than the one that `save` may take here
    if (name === 'save') expect(end).toMatchObject({ name: 'DownloadError' });
    else expect(end).toBeUndefined();
  });

  test('refuses an option that does not exist', async () => {
    const end = await endOf(call, { ...own, colour: 'red' });
    expect(end).toBeInstanceOf(TypeError);
    expect(String(end)).toMatch(/^TypeError: Cannot .*: there is no option "colour" \(it takes \w+/);
  });

  test.each([
    ['null', null],
    ['a number', 0],
    ['a list', []],
    ['a text', 'sk-hunter2'],
    ['a Map', new Map()],
  ])('refuses %s in place of options', async (_, options) => {
    const end = await endOf(call, options);
    expect(end).toBeInstanceOf(TypeError);
    expect(String(end)).toMatch(/^TypeError: Cannot .*: options take a plain object, not /);
    expect(String(end)).not.toContain('hunter2');
  });
});

describe('an unknown option', () => {
  test.each([
    [() => createWan({ baseURL: 'https://relay.example' } as never), '"baseURL" (did you mean "baseUrl"?)'],
    [() => createWan({ timeout: 5 } as never), '"timeout" (did you mean "timeoutMs"?)'],
    [() => createWan({ retries: 5 } as never), '"retries" (did you mean "maxRetries"?)'],
    [() => createWan({ api_key: 'x' } as never), '"api_key" (did you mean "apiKey"?)'],
    [() => createVtrix({ bodystyle: 'flat' } as never), '"bodystyle" (did you mean "bodyStyle"?)'],
    [() => createUndiciFetch({ keepAlive: 5 } as never), '"keepAlive" (did you mean "keepAliveMs"?)'],
    [() => createFakeApi({ videoSecond: 5 } as never), '"videoSecond" (did you mean "videoSeconds"?)'],
    [() => wan.generateVideo(text, { apiKey: 'x' } as never), '"apiKey" (the client takes it)'],
    [
      () => wan.generateVideo(text, { aroundCreate: () => {} } as never),
      '"aroundCreate" (the client takes it)',
    ],
    [() => wan.pollUntilDone('a', { interval: 5 } as never), '"interval" (did you mean "intervalMs"?)'],
    [() => wan.pollUntilDone('a', { onupdate: () => {} } as never), '"onupdate" (did you mean "onUpdate"?)'],
    [
      () => wan.save('https://an.example/a.mp4', 'a.mp4', { maxbytes: 5 } as never),
      '"maxbytes" (did you mean "maxBytes"?)',
    ],
  ])('%# is told with the near name, and nothing is sent', async (call, told) => {
    const sent = api.requests.length;
    const end = await endOf(call, undefined);
    expect(end).toBeInstanceOf(TypeError);
    expect(String(end)).toContain(`there is no option ${told}`);
    expect(api.requests.length).toBe(sent);
  });

  test('is found in ids.map(wan.getVideo), which passes an index as options', async () => {
    await expect(Promise.all(['a', 'b'].map(wan.getVideo as never))).rejects.toThrow(
      'options take a plain object, not 0',
    );
  });
});

describe('null in place of an option', () => {
  test.each([
    ['baseUrl', () => createWan({ baseUrl: null } as never), TypeError],
    ['headers', () => createWan({ headers: null } as never), TypeError],
    ['onAttempt', () => createWan({ onAttempt: null } as never), TypeError],
    ['timeoutMs', () => createWan({ timeoutMs: null } as never), RangeError],
    ['apiKey', () => createWan({ apiKey: null, fetch: api.fetch } as never).getVideo('a'), TypeError],
    ['clientRequestId', () => wan.generateVideo(text, { clientRequestId: null } as never), InvalidInputError],
    ['headers of a call', () => wan.generateVideo(text, { headers: null } as never), TypeError],
    ['sleep', () => wan.pollUntilDone('a', { sleep: null } as never), TypeError],
    ['onUpdate', () => wan.pollUntilDone('a', { onUpdate: 5 } as never), TypeError],
    ['onProgress', () => wan.download({ base64: 'R0lGOA==' }, { onProgress: 5 } as never), TypeError],
  ])('is refused: %s', async (_, call, Type) => {
    const sent = api.requests.length;
    expect(await endOf(call, undefined)).toBeInstanceOf(Type);
    expect(api.requests.length).toBe(sent);
  });
});

describe('a signal that is none', () => {
  const controller = new AbortController();

  test('is told with what to pass: a controller', async () => {
    await expect(wan.generateVideo(text, { signal: controller as never })).rejects.toThrow(
      'the option signal takes an AbortSignal, not AbortController: pass controller.signal',
    );
  });

  test('is told with what to pass: a signal in place of the options', async () => {
    await expect(wan.pollUntilDone('a', controller.signal as never)).rejects.toThrow(
      'options take a plain object, not AbortSignal: pass { signal }',
    );
  });

  test.each([5, 'abort', {}, null])('is told: %j', async (signal) => {
    await expect(wan.getVideo('a', { signal: signal as never })).rejects.toThrow(TypeError);
  });
});
