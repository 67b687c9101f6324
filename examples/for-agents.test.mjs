// Tests without a key that a create is paid for once: the test of for-agents.md. Costs nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createWan, OutcomeUnknownError } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';

test('a video whose answer was lost is found, and paid for once', async () => {
  const api = createFakeApi({ videoSeconds: 0 });
  const wan = createWan({ apiKey: 'test', fetch: api.fetch });
  api.fault({ on: 'video', kind: 'reset', accepted: true });
  const create = wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a fox' });
  const error = await create.catch((thrown) => thrown);
  assert.ok(error instanceof OutcomeUnknownError);
  const job = await wan.recoverVideo(error, { intervalMs: 10 });
  assert.match((await wan.pollUntilDone(job, { intervalMs: 10 })).url, /\.mp4/);
  assert.equal(api.generations, 1);
});
