import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWan } from '../../src/index.js';
import { createFakeApi, type FakeApi } from '../../src/testing.js';
import { createVtrix } from '../../src/vtrix.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;
const vtrixInput = { model: 'wan22_t2v_plus', input: { prompt: 'a dragon' } } as const;
const byTheApi = /billed nothing/;
const documentedIn = /documentation \(usage logs\)/;

function start(): { api: FakeApi; wan: ReturnType<typeof createWan>; vtrix: ReturnType<typeof createVtrix> } {
  const api = createFakeApi({ videoSeconds: 1 });
  const options = { apiKey: 'test', fetch: api.fetch };
  return { api, wan: createWan(options), vtrix: createVtrix(options) };
}

async function failureOf(call: Promise<unknown>): Promise<Error> {
  let settled = false;
  const ending = call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  );
  const done = () => {
    settled = true;
  };
  ending.then(done, done);
  while (!settled) await vi.advanceTimersByTimeAsync(1_000);
  return ending;
}

test('a failed job of the API: billed nothing, as its documentation says', async () => {
  const { api, wan } = start();
  api.fault({ kind: 'job-fails', message: 'The prompt was refused.' });
  const job = await wan.generateVideo(input);
  const updates = async () => {
    for await (const { video } of wan.watchVideo(job)) if (video) return;
  };
  await vi.advanceTimersByTimeAsync(2_000);
  const stored = await wan.getVideo(job);
  for (const call of [() => wan.pollUntilDone(job), updates, () => wan.pollUntilDone(stored)]) {
    const error = await failureOf(call());
    expect(error).toMatchObject({ name: 'VideoFailedError', reason: 'The prompt was refused.' });
    expect(error.message).toMatch(byTheApi);
    expect(error.message).toMatch(documentedIn);
    expect(error.message).not.toContain('..');
  }
});

test('a create that its log says failed: billed nothing, as its documentation says', async () => {
  const { api, wan } = start();
  api.fault({ kind: 'error', on: 'video', status: 504 });
  const facts = { clientRequestId: 'order-7', startedAt: new Date().toISOString(), model: input.model };
  await failureOf(wan.generateVideo(input, { clientRequestId: facts.clientRequestId }));
  const error = await failureOf(wan.recoverVideo(facts, { maxWaitMs: 60_000 }));
  expect(error.name).toBe('VideoFailedError');
  expect(error.message).toMatch(byTheApi);
  expect(error.message).toMatch(documentedIn);
});

test('a job that is done without a video: it may have been billed', async () => {
  const { api, wan } = start();
  const job = await wan.generateVideo(input);
  api.fault({ kind: 'no-video', times: 1000 });
  const error = await failureOf(wan.pollUntilDone(job));
  expect(error.name).toBe('VideoFailedError');
  expect(error.message).toContain('it may have been billed');
  expect(error.message).not.toMatch(byTheApi);
});

test('a failed job of Vtrix: nothing is known', async () => {
  const { api, vtrix } = start();
  api.fault({ kind: 'job-fails' });
  const error = await failureOf(vtrix.pollUntilDone(await vtrix.generateVideo(vtrixInput)));
  expect(error.name).toBe('VideoFailedError');
  expect(error.message).toContain('Vtrix does not document whether it bills a failed job');
  expect(error.message).not.toMatch(byTheApi);
});
