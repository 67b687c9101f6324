import { describe, expect, test } from 'vitest';
import { createWan, OutcomeUnknownError, PollTimeoutError, VideoFailedError } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

const api = createFakeApi({ videoSeconds: 0 });
const wan = createWan({ apiKey: 'key-of-a-test', fetch: api.fetch });
const input = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const lost = new OutcomeUnknownError(
  'lost',
  { clientRequestId: 'a', model: 'm', startedAt: 'now' },
  undefined,
);

async function timedOut() {
  const job = await wan.generateVideo(input);
  return new PollTimeoutError('too late', job, { lastStatus: job.status, waitedMs: 1 });
}

describe('getVideo() and pollUntilDone()', () => {
  test.each([
    ['undefined', () => undefined, 'it takes a job from generateVideo, or its id, not (undefined)'],
    ['null', () => null, 'not null'],
    ['a number', () => 5, 'not 5'],
    ['an empty text', () => '', 'not an empty text'],
    ['a list', async () => [await wan.generateVideo(input)], 'not (a list of 1)'],
    [
      'images',
      () => wan.generateImage({ model: 'wan2.2-t2i-plus', prompt: 'x' }),
      'its images are there already',
    ],
    [
      'the JSON of an error',
      async () => JSON.parse(JSON.stringify(await timedOut())),
      'pass error.job or error.id',
    ],
    ['a clone of an error', async () => structuredClone(await timedOut()), 'pass error.job or error.id'],
    ['a lost create', () => lost, 'pass it to recoverVideo'],
    ['an answer of the API', () => ({ id: 'a', status: 'queued' }), 'names no provider: pass its id'],
    ['an object', () => ({ video: 1 }), 'not an object without an id'],
  ])('tell that %s is no job', async (_, make, told) => {
    const value = await make();
    const sent = api.requests.length;
    for (const call of [wan.getVideo, wan.pollUntilDone]) {
      const end = call(value as never);
      await expect(end).rejects.toThrow(TypeError);
      await expect(end).rejects.toThrow(told);
    }
    expect(api.requests.length).toBe(sent);
  });

  test('tell to await a Promise', async () => {
    for (const call of [wan.getVideo, wan.pollUntilDone]) {
      await expect(call(wan.generateVideo(input) as never)).rejects.toThrow('it is a Promise: await it');
    }
  });

  test('take the job of an error', async () => {
    const error = await timedOut();
    expect(await wan.getVideo(error as never)).toMatchObject({ id: error.id, state: 'done' });
    expect(await wan.pollUntilDone(error as never, { intervalMs: 1 })).toMatchObject({ id: error.id });
    const failed = new VideoFailedError('failed', error.job, { reason: 'x' });
    expect(await wan.pollUntilDone(failed as never, { intervalMs: 1 })).toMatchObject({ id: error.id });
  });
});

test.each([
  ['a clone', structuredClone(lost), 'not a copy of an error, which has lost them'],
  ['undefined', undefined, 'not (undefined)'],
  ['an id', 'a', 'not a'],
])('recoverVideo() names the facts that it needs for %s', async (_, facts, told) => {
  await expect(wan.recoverVideo(facts as never)).rejects.toThrow(
    'it takes the OutcomeUnknownError itself, or { clientRequestId, startedAt, model } of it',
  );
  await expect(wan.recoverVideo(facts as never)).rejects.toThrow(told);
});
