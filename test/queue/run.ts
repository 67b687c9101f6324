import { existsSync } from 'node:fs';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { countPayments, createFleet, type OnTestFinished, waitUntil } from './fleet.js';
import { hasRedis, type Server } from './servers.js';

const isBuilt = existsSync('dist/index.js');

/** Whether the example can run here. */
export const canRun = hasRedis && isBuilt;

/** The title of a group of tests, which says why they are skipped. */
export function titleOf(title: string): string {
  if (!hasRedis) return `${title}: skipped, because redis-server is not installed`;
  return isBuilt ? title : `${title}: skipped, because dist/ is missing (npm run build)`;
}

/** Waits that fit into a test. A lock that is too short for a busy machine costs time, never money. */
const quick = {
  LOCK_MS: '4000',
  LOOK_MS: '6000',
  LOOK_EVERY_MS: '500',
  TROUBLE_MS: '500',
  CREATES_PER_SECOND: '50',
};

export const input = { model: 'wan2.2-t2v-plus', prompt: 'a paper boat in the rain', resolution: '480P' };

export const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `order-${index + 1}`);

export type Run = Awaited<ReturnType<typeof createRun>>;

/** A fleet on a Redis, with keys of its own there. */
export async function createRun(
  onTestFinished: OnTestFinished,
  server: Server,
  env: Record<string, string> = {},
) {
  const prefix = `run-${crypto.randomUUID()}`;
  const url = `redis://127.0.0.1:${server.port}`;
  const fleet = await createFleet(onTestFinished, {
    ...quick,
    REDIS_URL: url,
    QUEUE_PREFIX: prefix,
    ...env,
  });
  const redis = new Redis(url, { maxRetriesPerRequest: null }).on('error', () => {});
  onTestFinished(async () => redis.disconnect());
  const keyOf = (id: string) => `${prefix}:order:${id}`;
  const field = async (id: string, name: string) => JSON.parse((await redis.hget(keyOf(id), name)) ?? 'null');
  return {
    fleet,
    queueOf: (name: string) => new Queue(name, { connection: redis, prefix }),
    takeMarkBack: (id: string) => redis.hdel(keyOf(id), 'sent'),
    work: (env: Record<string, string> = {}) => fleet.run('examples/queue/worker.mjs', { env }),
    async enqueue(ids: string[], given: unknown = input) {
      const lines = ids.map((id) => JSON.stringify({ id, input: given }));
      const worker = fleet.run('examples/queue/enqueue.mjs', { input: lines.join('\n') });
      await worker.ended;
      return { code: worker.program.exitCode, output: worker.output };
    },
    async isSaved(ids: string[]) {
      const files = await Promise.all(ids.map((id) => field(id, 'file')));
      return files.every((file) => file !== null);
    },
    /** How often each order was paid for. */
    async payments(ids: string[]) {
      const counts = await countPayments(fleet);
      const orders = await Promise.all(ids.map((id) => field(id, 'order')));
      return orders.map((order) => counts.get(order?.clientRequestId) ?? 0);
    },
  };
}

/**
 * Waits until all orders are saved. Acts as the person where one is set aside: if it was not paid for, the mark may go.
 * Gives how many decisions that took.
 */
export async function finish(run: Run, ids: string[]): Promise<number> {
  const aside = run.queueOf('aside');
  let decisions = 0;
  await waitUntil(run.fleet, async () => {
    for (const { id = '', data } of await aside.getWaiting()) {
      expect(data.message).toContain("the API's log shows no row with the client request id");
      const [paid] = await run.payments([id]);
      if (paid !== 0) continue;
      await run.takeMarkBack(id);
      await run.enqueue([id]);
      decisions += 1;
    }
    return run.isSaved(ids);
  });
  return decisions;
}

export async function expectPaidOnce(run: Run, ids: string[], what: string): Promise<void> {
  const paid = await run.payments(ids);
  console.log(`${what}: paid creates per order ${paid.join(' ')}, of ${run.fleet.api.generations} in all`);
  expect(paid).toEqual(ids.map(() => 1));
  expect(run.fleet.api.generations).toBe(ids.length);
}
