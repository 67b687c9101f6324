import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, waitUntil } from './fleet.js';
import { serveFiles } from './http-servers.js';
import { canRun, createRun, expectPaidOnce, finish, idsOf, titleOf } from './run.js';
import { type Server, startRedis } from './servers.js';

describe.skipIf(!canRun)(titleOf('examples/queue, killed'), { timeout: 300_000 }, () => {
  let redis: Server;
  beforeAll(async () => {
    redis = await startRedis();
  }, 120_000);
  afterAll(() => redis?.close());

  const places = [
    ['before the POST', 'disk'],
    ['after the POST', 'disk'],
    ['polling', 'disk'],
    ['saving to disk', 'disk'],
    ['before the saving to a store', 'store'],
    ['after the saving to a store', 'store'],
  ] as const;

  it.concurrent.for(places)(
    '%s, it pays once, and two others go on',
    async ([place, where], { onTestFinished }) => {
      const files = where === 'store' ? await serveFiles(onTestFinished) : undefined;
      const run = await createRun(onTestFinished, redis, files && { FILES_URL: files.url });
      const ids = idsOf(3);
      expect(await run.enqueue(ids)).toMatchObject({ code: 0 });
      const doomed = run.work({ KILL_AT: place });
      await doomed.ended;
      expect(doomed.program.signalCode).toBe('SIGKILL');
      run.work();
      run.work();
      const decisions = await finish(run, ids);
      await expectPaidOnce(run, ids, `kill -9 ${place}, ${decisions} decided by a person`);
      // nothing shows that a create never left: the log alone can tell, and it tells nothing
      if (place === 'before the POST') expect(decisions).toBeGreaterThan(0);
      const headOf = (id: string) => files?.stored.get(`/bucket/${id}.mp4`)?.toString('latin1', 4, 8);
      for (const id of ids) expect(files ? headOf(id) === 'ftyp' : run.fleet.hasVideo(id)).toBe(true);
    },
  );

  it.concurrent('six times at random, it pays once, and two others go on', async ({ onTestFinished }) => {
    const run = await createRun(onTestFinished, redis);
    const ids = idsOf(12);
    await run.enqueue(ids);
    for (let kills = 0; kills < 6; kills += 2) {
      const pair = [run.work(), run.work()];
      const requests = run.fleet.api.requests.length + 1 + Math.floor(Math.random() * 12);
      await waitUntil(
        run.fleet,
        async () => run.fleet.api.requests.length >= requests || (await run.isSaved(ids)),
      );
      await Promise.all(pair.map(kill));
    }
    run.work();
    run.work();
    const decisions = await finish(run, ids);
    await expectPaidOnce(run, ids, `kill -9 at random, ${decisions} decided by a person`);
  });

  it.concurrent('frozen before the POST, it pays alone when it wakes up', async ({ onTestFinished }) => {
    const run = await createRun(onTestFinished, redis, { LOOK_MS: '300000' });
    const ids = idsOf(3);
    await run.enqueue(ids);
    const frozen = run.work({ KILL_AT: 'before the POST', KILL_BY: 'SIGSTOP' });
    const looks = () => run.fleet.api.requests.filter(({ path }) => path === '/v2/logs').length;
    await waitUntil(run.fleet, () => frozen.output.includes('SIGSTOP'));
    run.work();
    // the lock of the frozen worker is over: another one has its jobs, and finds the mark
    await waitUntil(run.fleet, () => looks() > 0);
    frozen.program.kill('SIGCONT');
    await finish(run, ids);
    await expectPaidOnce(run, ids, 'frozen before the POST');
  });
});
