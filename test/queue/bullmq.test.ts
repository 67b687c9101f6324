import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OnTestFinished, waitUntil } from './fleet.js';
import { type LimitedApi, limitCreates, serveFiles } from './http-servers.js';
import { canRun, createRun, expectPaidOnce, idsOf, input, titleOf } from './run.js';
import { type Server, startRedis } from './servers.js';

describe.skipIf(!canRun)(titleOf('examples/queue'), { timeout: 300_000 }, () => {
  let redis: Server;
  beforeAll(async () => {
    redis = await startRedis();
  }, 120_000);
  afterAll(() => redis?.close());

  describe('two workers and a limit of 5 creates a second', () => {
    /** Has two processes add the same 20 orders, and two others work on them. */
    async function runTwenty(onTestFinished: OnTestFinished, perSecond: string): Promise<LimitedApi> {
      const files = await serveFiles(onTestFinished, { refuseFirst: true });
      const run = await createRun(onTestFinished, redis, {
        CREATES_PER_SECOND: perSecond,
        FILES_URL: files.url,
      });
      const limited = await limitCreates(onTestFinished, run.fleet.api, 5);
      const ids = idsOf(20);
      const added = await Promise.all([run.enqueue(ids), run.enqueue(ids)]);
      expect(added.map(({ code }) => code)).toEqual([0, 0]);
      for (const _ of [1, 2]) run.work({ AIMLAPI_BASE_URL: limited.url });
      await waitUntil(run.fleet, () => run.isSaved(ids));
      const [firstMs = 0, lastMs = 0] = [limited.acceptedMs[0], limited.acceptedMs.at(-1)];
      const rate = ((ids.length - 1) / (lastMs - firstMs)) * 1_000;
      const figures = `${rate.toFixed(1)} creates/s, ${limited.refusedMs.length} times 429`;
      await expectPaidOnce(run, ids, `two workers limited to ${perSecond}/s: ${figures}`);
      expect(files.stored.size).toBe(20);
      return limited;
    }

    it('20 orders, each added twice, are 20 payments', async ({ onTestFinished }) => {
      const { refusedMs } = await runTwenty(onTestFinished, '5');
      // both count within one second, but the account's second may begin in the middle of the queue's
      expect(refusedMs.length).toBeLessThanOrEqual(20);
    });

    it('a 429 pauses both, where they would go faster', async ({ onTestFinished }) => {
      const { refusedMs } = await runTwenty(onTestFinished, '50');
      expect(refusedMs.length).toBeGreaterThan(0);
      // after each pause, of which there are four or more, one burst of both
      expect(refusedMs.length).toBeLessThan(80);
    });
  });

  it.concurrent('waits while Redis is down, and goes on', async ({ onTestFinished }) => {
    const server = await startRedis();
    onTestFinished(() => server.close());
    const run = await createRun(onTestFinished, server, { CREATES_PER_SECOND: '2' });
    const ids = idsOf(6);
    await run.enqueue(ids);
    const pair = [run.work(), run.work()];
    await waitUntil(run.fleet, () => run.fleet.api.generations >= 2);
    await server.stop('SIGKILL');
    await waitUntil(run.fleet, () => pair.every(({ output }) => output.includes('Redis: ECONNREFUSED')));
    await server.start();
    await waitUntil(run.fleet, () => run.isSaved(ids));
    expect(pair.map(({ program }) => program.exitCode)).toEqual([null, null]);
    await expectPaidOnce(run, ids, 'Redis down in the middle');
  });

  it.concurrent('pays once where answers are lost, and again where the API refused', async ({
    onTestFinished,
  }) => {
    const run = await createRun(onTestFinished, redis);
    const { api } = run.fleet;
    api.fault({ on: 'video', kind: 'reset', accepted: true });
    api.fault({ on: 'video', kind: 'html', accepted: true });
    api.fault({ on: 'video', kind: 'error', status: 503 });
    api.fault({ on: 'video', kind: 'error', status: 401 });
    const ids = idsOf(4);
    await run.enqueue(ids);
    run.work();
    await waitUntil(run.fleet, () => run.isSaved(ids));
    expect(await run.queueOf('aside').getWaitingCount()).toBe(0);
    await expectPaidOnce(run, ids, 'two lost answers and two refusals');
  });

  it.concurrent('fails an invalid input for good, with its message', async ({ onTestFinished }) => {
    const run = await createRun(onTestFinished, redis);
    const creates = run.queueOf('create');
    run.work();
    expect(await run.enqueue(['no-words'], { ...input, prompt: '' })).toMatchObject({ code: 0 });
    const refused = await run.enqueue(['../up']);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('"../up"') });
    await creates.add('create', { input }, { jobId: '../up' });
    await waitUntil(run.fleet, async () => (await creates.getFailedCount()) === 2);
    const failed = await creates.getFailed();
    const jobOf = (id: string) => failed.find((job) => job.id === id);
    expect(jobOf('no-words')).toMatchObject({
      attemptsMade: 1,
      failedReason: expect.stringContaining('prompt'),
    });
    expect(jobOf('../up')).toMatchObject({
      attemptsMade: 1,
      failedReason: 'the id of the order is not valid',
    });
    expect(run.fleet.api.requests).toEqual([]);
  });

  it.concurrent('sets aside what its deadline meets, and goes on when a person says so', async ({
    onTestFinished,
  }) => {
    const run = await createRun(onTestFinished, redis, { DEADLINE_MS: '1500' });
    const { api } = run.fleet;
    api.fault({ on: 'status', kind: 'status', status: 'generating', times: 100_000 });
    run.work();
    await run.enqueue(['slow']);
    const aside = run.queueOf('aside');
    await waitUntil(run.fleet, async () => (await aside.getWaitingCount()) === 1);
    const [job] = await aside.getWaiting();
    expect(job).toMatchObject({
      id: 'slow',
      data: { message: expect.stringMatching(/^poll: not done after \d+ ms$/) },
    });
    api.clearFaults();
    await run.enqueue(['slow']);
    await waitUntil(run.fleet, () => run.isSaved(['slow']));
    await expectPaidOnce(run, ['slow'], 'after its deadline');
  });

  it.concurrent('stops on SIGTERM', async ({ onTestFinished }) => {
    const run = await createRun(onTestFinished, redis);
    const worker = run.work();
    await waitUntil(run.fleet, () => worker.output.includes('ready'));
    worker.program.kill('SIGTERM');
    await worker.ended;
    expect({ code: worker.program.exitCode, output: worker.output }).toEqual({ code: 0, output: 'ready\n' });
  });
});
