// Makes videos in three steps on pg-boss, a queue in PostgreSQL. Costs one video for each order.
// once:      node pg-boss.mjs set-up
// an order:  node pg-boss.mjs add order-42 '{"model":"wan2.2-t2v-plus","prompt":"a dragon"}'
// a worker:  node pg-boss.mjs work
import { randomUUID } from 'node:crypto';
import { createWan, InvalidInputError, mayHaveBeenPaid, VideoFailedError } from 'aimlapi-wan';
import pg from 'pg';
import PgBoss from 'pg-boss';

const { DATABASE_URL, OUT = 'out' } = process.env;
const secondsOf = (name, byDefault) => Number(process.env[name] ?? byDefault);
const lookSeconds = secondsOf('LOOK_SECONDS', 20 * 60);
const againSeconds = secondsOf('AGAIN_SECONDS', 30);
const expireInSeconds = secondsOf('EXPIRE_SECONDS', 15 * 60);
const deadlineMs = 24 * 60 * 60_000;

const wan = createWan();
const db = new pg.Pool({ connectionString: DATABASE_URL });
// jobs of workers that died come back at the next maintenance
const boss = new PgBoss({
  connectionString: DATABASE_URL,
  maintenanceIntervalSeconds: Math.min(60, expireInSeconds),
});
for (const source of [db, boss]) source.on('error', (error) => console.error(error.message));
await boss.start();
const one = async (text, ...values) => (await db.query(text, values)).rows[0];

const send = (queue, id, startAfter = 0) =>
  boss.send(queue, { id }, { startAfter, expireInSeconds, retryLimit: 1_000 });

/** The mark: the statement that finds no mark sets it, and only its worker pays. */
async function start(id, order) {
  const mark = randomUUID();
  const again = !(await one(
    'update wan_order set sent = $2 where id = $1 and sent is null returning id',
    id,
    mark,
  ));
  try {
    return await wan.startVideo(order, { again, maxRetries: 0 });
  } catch (error) {
    if (!mayHaveBeenPaid(error))
      await one('update wan_order set sent = null where id = $1 and sent = $2', id, mark);
    // of an order that is looked for, failed rows alone prove nothing yet
    if (!again || !(error instanceof VideoFailedError)) throw error;
  }
}

/** A step gives the seconds until it is to run again, or `undefined` when it is done. */
async function create({ id, input, order, job }) {
  if (!order) {
    const made = await wan.orderVideo(input);
    ({ order } = await one(
      'update wan_order set "order" = coalesce("order", $2) where id = $1 returning "order"',
      id,
      made,
    ));
  }
  job ??= await start(id, order);
  if (!job) {
    const { seconds } = await one(
      `update wan_order set looked_at = coalesce(looked_at, now()) where id = $1
         returning extract(epoch from now() - looked_at)::float as seconds`,
      id,
    );
    if (seconds <= lookSeconds) return againSeconds;
    return giveUp(id, `no row in the API's log with ${order.clientRequestId}: a person decides`);
  }
  await one('update wan_order set job = $2 where id = $1', id, job);
  await send('wan-poll', id);
}

async function poll({ id, job: known }) {
  const { job, video, nextMs } = await wan.checkVideo(known);
  await one('update wan_order set job = $2 where id = $1', id, job);
  if (job.state === 'failed') return giveUp(id, `the video failed: ${job.error?.message}`);
  if (!video) return nextMs / 1_000;
  const { path } = await wan.save(video, `${OUT}/${id}.mp4`);
  await one('update wan_order set file = $2 where id = $1', id, path);
  console.log('saved:', path);
}

const giveUp = (id, problem) => one('update wan_order set problem = $2 where id = $1', id, problem);

async function run(queue, step, id) {
  const row = await one('select * from wan_order where id = $1', id);
  if (row.file ?? row.problem) return;
  let [seconds, problem] = [againSeconds, 'not done after 24 hours'];
  try {
    seconds = await step(row);
  } catch (error) {
    if (error instanceof InvalidInputError) return giveUp(id, error.message);
    console.error(`${queue} ${id}: ${error.message}`);
    problem += `: ${error.message}`;
    seconds = Math.max(seconds, (error.retryAfterMs ?? 0) / 1_000);
  }
  if (seconds === undefined) return;
  if (Date.now() - Date.parse(row.order?.orderedAt) > deadlineMs) return giveUp(id, problem);
  // the wait is a job of later
  await send(queue, id, Math.ceil(seconds));
}

const commands = {
  async 'set-up'() {
    for (const queue of ['wan-create', 'wan-poll']) await boss.createQueue(queue);
    // the id is the name of a file, too
    await db.query(`create table if not exists wan_order (id text primary key check (id ~ '^[a-zA-Z0-9_-]{1,100}$'),
      input jsonb not null, "order" jsonb, sent uuid, looked_at timestamptz, job jsonb, file text, problem text)`);
    await Promise.all([boss.stop(), db.end()]);
  },
  async add(id, input) {
    await db.query('insert into wan_order (id, input) values ($1, $2) on conflict do nothing', [id, input]);
    await send('wan-create', id);
    await Promise.all([boss.stop(), db.end()]);
  },
  async work() {
    const work = (queue, step, batchSize) =>
      boss.work(queue, { batchSize, pollingIntervalSeconds: 1 }, (jobs) => {
        // an order that was added twice: while one call looks for it, the client refuses another one that would pay
        const ids = new Set(jobs.map(({ data }) => data.id));
        return Promise.all([...ids].map((id) => run(queue, step, id)));
      });
    // at most five creates a second on each machine
    await work('wan-create', create, 5);
    await work('wan-poll', poll, 50);
  },
};
const [command, id, input] = process.argv.slice(2);
const { [command]: execute } = commands;
if (!execute) throw new Error(`the first argument is one of ${Object.keys(commands).join(', ')}`);
await execute(id, input);
