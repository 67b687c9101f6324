import { existsSync } from 'node:fs';
// @ts-expect-error it has no types of its own
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoOrder } from '../../src/index.js';
import { countPayments, createFleet, type OnTestFinished, waitUntil } from './fleet.js';
import { idsOf, input } from './run.js';
import { postgresPrograms, type Server, startPostgres } from './servers.js';

const isBuilt = existsSync('dist/index.js');
const why = postgresPrograms ? 'dist/ is missing (npm run build)' : 'PostgreSQL is not installed';
const canRun = isBuilt && postgresPrograms !== undefined;

interface Row {
  id: string;
  order: VideoOrder;
  file: string | null;
  problem: string | null;
}

describe.skipIf(!canRun)(
  canRun ? 'examples/pg-boss.mjs' : `examples/pg-boss.mjs: skipped, because ${why}`,
  {
    timeout: 300_000,
  },
  () => {
    let postgres: Server;
    beforeAll(async () => {
      postgres = await startPostgres(postgresPrograms ?? '');
    }, 120_000);
    afterAll(() => postgres?.close());

    /** A fleet with a database of its own. */
    async function createRun(onTestFinished: OnTestFinished, name: string) {
      const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${postgres.port}/${database}`;
      const admin = new pg.Client(urlOf('postgres'));
      await admin.connect();
      await admin.query(`create database ${name}`);
      await admin.end();
      const fleet = await createFleet(onTestFinished, {
        DATABASE_URL: urlOf(name),
        LOOK_SECONDS: '6',
        AGAIN_SECONDS: '1',
        EXPIRE_SECONDS: '5',
      });
      const db = new pg.Pool({ connectionString: urlOf(name) }).on('error', () => {});
      onTestFinished(() => db.end());
      const rows = async () => {
        const found: { rows: Row[] } = await db.query(
          'select id, "order", file, problem from wan_order order by id',
        );
        return found.rows;
      };
      const runToEnd = async (...args: string[]) => {
        const worker = fleet.run('examples/pg-boss.mjs', { args });
        await worker.ended;
        expect({ code: worker.program.exitCode, output: worker.output }).toEqual({ code: 0, output: '' });
      };
      await runToEnd('set-up');
      return {
        fleet,
        rows,
        work: (env: Record<string, string> = {}) =>
          fleet.run('examples/pg-boss.mjs', { args: ['work'], env }),
        enqueue: (id: string, given: unknown = input) => runToEnd('add', id, JSON.stringify(given)),
        takeMarkBack: (id: string) =>
          db.query('update wan_order set sent = null, looked_at = null, problem = null where id = $1', [id]),
        async expectPaidOnce(what: string) {
          const counts = await countPayments(fleet);
          const all = await rows();
          const paid = all.map(({ order }) => counts.get(order.clientRequestId) ?? 0);
          console.log(
            `pg-boss, ${what}: paid creates per order ${paid.join(' ')}, of ${fleet.api.generations} in all`,
          );
          expect(paid).toEqual(all.map(() => 1));
          expect(fleet.api.generations).toBe(all.length);
          for (const { id } of all) expect(fleet.hasVideo(id)).toBe(true);
        },
      };
    }

    const places = ['before the POST', 'after the POST', 'polling', 'saving to disk'];

    it.concurrent.for(places)(
      'killed %s, it pays once, and two others go on',
      async (place, { onTestFinished }) => {
        const run = await createRun(onTestFinished, `killed_${place.replaceAll(' ', '_').toLowerCase()}`);
        for (const id of idsOf(2)) await run.enqueue(id);
        const doomed = run.work({ KILL_AT: place });
        await doomed.ended;
        expect(doomed.program.signalCode).toBe('SIGKILL');
        run.work();
        run.work();
        let decisions = 0;
        await waitUntil(run.fleet, async () => {
          const rows = await run.rows();
          for (const { id, order, problem } of rows) {
            if (!problem) continue;
            expect(problem).toContain("no row in the API's log with");
            if ((await countPayments(run.fleet)).has(order.clientRequestId)) continue;
            await run.takeMarkBack(id);
            await run.enqueue(id);
            decisions += 1;
          }
          return rows.every(({ file }) => file !== null);
        });
        await run.expectPaidOnce(`kill -9 ${place}, ${decisions} decided by a person`);
        if (place === 'before the POST') expect(decisions).toBeGreaterThan(0);
      },
    );

    it.concurrent('pays once for what is added twice, and not for an invalid input', async ({
      onTestFinished,
    }) => {
      const run = await createRun(onTestFinished, 'twice');
      const ids = idsOf(3);
      await Promise.all([...ids, ...ids].map((id) => run.enqueue(id)));
      run.work();
      run.work();
      await waitUntil(run.fleet, async () => (await run.rows()).every(({ file }) => file !== null));
      await run.expectPaidOnce('added twice');
      await run.enqueue('no-words', { ...input, prompt: '' });
      const problem = async () => (await run.rows()).find(({ id }) => id === 'no-words')?.problem;
      await waitUntil(run.fleet, problem);
      expect(await problem()).toContain('prompt');
      expect(run.fleet.api.generations).toBe(3);
    });
  },
);
