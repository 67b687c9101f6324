import { expect, it } from 'vitest';
import type { AimlapiSettings } from '../../src/ai-sdk/provider.js';
import type { ImageCallOptions, VideoCallOptions } from '../../src/ai-sdk/spec.js';
import { createAimlapi } from '../../src/ai-sdk.js';
import { mayHaveBeenPaid } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

const call = { prompt: 'a fox', n: 1, seed: undefined, providerOptions: {} };
const image: ImageCallOptions = {
  ...call,
  size: undefined,
  aspectRatio: undefined,
  files: undefined,
  mask: undefined,
};
const video: VideoCallOptions = {
  ...call,
  aspectRatio: undefined,
  resolution: undefined,
  duration: undefined,
  fps: undefined,
  image: undefined,
};

function start(settings: AimlapiSettings = {}) {
  const api = createFakeApi({ videoSeconds: 60 });
  const aimlapi = createAimlapi({ apiKey: 'key', fetch: api.fetch, ...settings });
  const seen = (method: string) => api.requests.filter((each) => each.method === method).length;
  return { api, aimlapi, asked: () => seen('GET'), sent: () => seen('POST') };
}

/** What a call rejects with, and that it does. */
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

/** The first create goes out; all others are held back until the signal ends them. */
function firstAlone(): AimlapiSettings {
  let count = 0;
  return {
    aroundCreate: async (_, send) => {
      count += 1;
      return count === 1 ? send() : new Promise(() => {});
    },
  };
}

it('an abort while paid images are fetched passes for one that cost money, though another call never left', async () => {
  const { api, aimlapi, asked } = start(firstAlone());
  api.fault({ kind: 'stall', on: 'file' });
  const stop = new AbortController();
  const reason = new Error('the user left');
  const model = aimlapi.image('wan2.5-t2i-preview');
  const first = reasonOf(model.doGenerate({ ...image, abortSignal: stop.signal }));
  await expect.poll(asked).toBe(1);
  const second = reasonOf(model.doGenerate({ ...image, abortSignal: stop.signal }));
  stop.abort(reason);
  expect([await first, await second]).toEqual([reason, reason]);
  expect([api.generations, mayHaveBeenPaid(reason)]).toEqual([1, true]);
});

it('an abort during the wait for a paid video does so too', async () => {
  const { api, aimlapi, asked } = start(firstAlone());
  const stop = new AbortController();
  const reason = new Error('the user left');
  const model = aimlapi.video('wan2.5-t2v-preview');
  const providerOptions = { aimlapi: { pollIntervalMs: 20 } };
  const options = { ...video, providerOptions, abortSignal: stop.signal };
  const first = reasonOf(model.doGenerate(options));
  await expect.poll(asked).toBeGreaterThan(0);
  const second = reasonOf(model.doGenerate(options));
  stop.abort(reason);
  expect([await first, await second]).toEqual([reason, reason]);
  expect([api.generations, mayHaveBeenPaid(reason)]).toEqual([1, true]);
});

it('an abort before anything was sent cost nothing', async () => {
  const { api, aimlapi } = start();
  const reason = new Error('the user left');
  const abortSignal = AbortSignal.abort(reason);
  const asked = aimlapi.image('wan2.5-t2i-preview').doGenerate({ ...image, abortSignal });
  expect([await reasonOf(asked), api.generations, mayHaveBeenPaid(reason)]).toEqual([reason, 0, false]);
});

it('an abort whose reason is marked as retryable makes nobody pay again', async () => {
  const { api, aimlapi, sent } = start();
  const retryable = () => Object.assign(new Error('too slow'), { isRetryable: true });
  const model = aimlapi.image('wan2.5-t2i-preview');
  api.fault({ kind: 'stall', on: 'image', accepted: true });
  const stop = new AbortController();
  const asked = reasonOf(model.doGenerate({ ...image, abortSignal: stop.signal }));
  await expect.poll(sent).toBe(1);
  const reason = retryable();
  stop.abort(reason);
  expect(await asked).toMatchObject({ name: 'WanError', cause: reason });
  expect(await asked).not.toHaveProperty('isRetryable');
  const unsent = retryable();
  const late = model.doGenerate({ ...image, abortSignal: AbortSignal.abort(unsent) });
  expect([await reasonOf(late), api.generations]).toEqual([unsent, 1]);
});
