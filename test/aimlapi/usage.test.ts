import { describe, expect, test } from 'vitest';
import { toUsage, usageOf } from '../../src/aimlapi/usage.js';
import { createWan } from '../../src/index.js';
import { createFakeApi, type Fault } from '../../src/testing.js';

const body = (usage: unknown) => ({ meta: { usage } });
const headers = (credits?: string, usd?: string) =>
  new Headers({
    ...(credits !== undefined && { 'x-aimlapi-credits-used': credits }),
    ...(usd !== undefined && { 'x-aimlapi-usd-spent': usd }),
  });

test.each([
  ['both of the body', body({ credits_used: 78_000, usd_spent: 0.039 }), undefined, 78_000, 0.039],
  ['credits of the body', body({ credits_used: 105_000 }), undefined, 105_000, 0.0525],
  ['tokens of an older body', body({ tokens_used: 1_050_000 }), undefined, 1_050_000, 0.525],
  ['USD of the body', body({ usd_spent: 0.52 }), undefined, 1_040_000, 0.52],
  ['texts', body({ credits_used: '78000', usd_spent: '0.039' }), undefined, 78_000, 0.039],
  ['the body before the headers', body({ credits_used: 2, usd_spent: 1 }), headers('5', '6'), 2, 1],
  ['what the body leaves out', body({ credits_used: 2, usd_spent: null }), headers('5', '6'), 2, 6],
  ['the headers', body(null), headers('2480', '0.001240000'), 2_480, 0.00124],
  ['the headers of a body that is none', undefined, headers('2480'), 2_480, 0.00124],
  ['a cost of 0', body({ credits_used: 0 }), undefined, 0, 0],
])('toUsage() reads %s', (_, given, named, creditsUsed, usdSpent) => {
  expect(toUsage(given, named)).toEqual({ creditsUsed, usdSpent });
});

test.each([
  ['nothing', {}, undefined],
  ['no usage', { meta: null }, headers()],
  ['nonsense', body({ credits_used: 'many', usd_spent: Number.NaN }), headers('x', '')],
])('toUsage() finds none in %s', (_, given, named) => {
  expect(toUsage(given, named)).toBeUndefined();
});

test('usageOf() is the same for rows of the log', () => {
  expect(usageOf(200_000, undefined)).toEqual({ creditsUsed: 200_000, usdSpent: 0.1 });
});

describe('the cost of a video', () => {
  const input = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
  const held = { creditsUsed: 200_000, usdSpent: 0.1 };

  function open(status?: unknown) {
    const api = createFakeApi({ videoSeconds: 0 });
    const wan = createWan({ apiKey: 'test', fetch: api.fetch });
    const tell = (id: string): Fault => ({
      kind: 'answer',
      on: 'status',
      status: 200,
      body: { id, video: { url: 'https://cdn.aimlapi.com/a.mp4' }, ...Object(status) },
    });
    const finish = async () => {
      const job = await wan.generateVideo(input);
      if (status) api.fault(tell(job.id));
      return { job, after: await wan.getVideo(job) };
    };
    return { wan, finish };
  }

  test('is that of the create where the status tells none, in the job and in its video', async () => {
    const { wan, finish } = open();
    const { job, after } = await finish();
    expect([job.usage, after.usage, after.video?.usage]).toEqual([held, held, held]);
    expect((await wan.pollUntilDone(job, { intervalMs: 1 })).usage).toEqual(held);
    // a mere id does not tell what the create cost
    expect((await wan.pollUntilDone(job.id)).usage).toBeUndefined();
  });

  test.each([
    ['what a status tells', { status: 'completed', ...body({ credits_used: 300_000 }) }, 0.15],
    ['that of the create where a status tells 0', { status: 'completed', ...body({ credits_used: 0 }) }, 0.1],
    ['that of the create where a status tells null', { status: 'completed', meta: null }, 0.1],
    ['gone where the job failed', { status: 'error', video: null }, undefined],
    ['what a failed job tells', { status: 'error', video: null, ...body({ usd_spent: 0.01 }) }, 0.01],
  ])('is %s', async (_, status, usdSpent) => {
    const { after } = await open(status).finish();
    expect(after.usage?.usdSpent).toBe(usdSpent);
    if (after.state === 'done') expect(after.video?.usage).toEqual(after.usage);
  });
});
