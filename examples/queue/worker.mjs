import { randomUUID } from 'node:crypto';
import {
  ApiError,
  createWan,
  InvalidInputError,
  mayHaveBeenPaid,
  RateLimitError,
  VideoFailedError,
} from 'aimlapi-wan';
import { DelayedError, UnrecoverableError, Worker } from 'bullmq';
import { addJob, connect, isOrderId, Orders, optionsOf, queueOf } from './orders.mjs';

const { FILES_URL, OUT = 'out' } = process.env;
const numberOf = (name, byDefault) => Number(process.env[name] ?? byDefault);
const createsPerSecond = numberOf('CREATES_PER_SECOND', 5);
const pollsPerSecond = numberOf('POLLS_PER_SECOND', 50);
const deadlineMs = numberOf('DEADLINE_MS', 24 * 60 * 60_000);
const lookMs = numberOf('LOOK_MS', 20 * 60_000);
const lookEveryMs = numberOf('LOOK_EVERY_MS', 60_000);
const troubleMs = numberOf('TROUBLE_MS', 30_000);
const lockMs = numberOf('LOCK_MS', 30_000);

const wan = createWan();
const redis = connect(null);
const orders = new Orders(redis);
const [creates, polls, aside] = ['create', 'poll', 'aside'].map((name) => queueOf(redis, name));

/** Stores a finished file, and gives its address. Anything with a `put` does: see README.md. */
async function put(name, video) {
  if (!FILES_URL) return (await wan.save(video, `${OUT}/${name}`)).path;
  const address = `${FILES_URL}/${name}`;
  const body = await wan.download(video);
  const { ok, status } = await fetch(address, {
    method: 'PUT',
    body,
    headers: { 'content-type': 'video/mp4' },
  });
  if (!ok) throw new Error(`the file cannot be stored: PUT ${address} was answered with ${status}`);
  return address;
}

/** Pays for an order, or looks in the API's log whether it was paid for. The mark decides which. */
async function start(id, order) {
  const token = randomUUID();
  const again = !(await orders.mark(id, token));
  try {
    // the queue sends it again, so that the limit of all machines counts each attempt
    return await wan.startVideo(order, { again, maxRetries: 0 });
  } catch (error) {
    if (!mayHaveBeenPaid(error)) await orders.unmark(id, token);
    // of an order that is looked for, failed rows alone prove nothing yet: the paid row may come late
    if (!again || !(error instanceof VideoFailedError)) throw error;
    if ((await orders.waitedMs(id, 'look')) > lookMs) throw error;
  }
}

/** A step gives when it is to run again (`nextMs`), or `undefined` when it is done. */
async function create({ id, data }) {
  if (!isOrderId(id)) throw new UnrecoverableError('the id of the order is not valid');
  if (!(await orders.jobOf(id))) {
    const order = await orders.orderOf(id, () => wan.orderVideo(data.input));
    const job = await start(id, order);
    if (!job && (await orders.waitedMs(id, 'look')) > lookMs) {
      const { clientRequestId, orderedAt } = order;
      return setAside(
        id,
        `it may have been paid for at ${orderedAt} or later, and the API's log shows no row with the client request id ${clientRequestId}`,
      );
    }
    if (!job) return { nextMs: lookEveryMs };
    await orders.store(id, 'job', job);
  }
  if (!(await orders.fileOf(id))) await addJob(polls, id, {});
}

async function poll({ id }) {
  if (await orders.fileOf(id)) return;
  const { job, video, trouble, nextMs } = await wan.checkVideo(await orders.jobOf(id));
  await orders.store(id, 'job', job);
  if (job.state === 'failed') throw new UnrecoverableError(`the video failed: ${job.error?.message}`);
  if (trouble instanceof RateLimitError) throw trouble;
  if (!video) return { nextMs };
  // at once: the link expires after a day
  const file = await put(`${id}.mp4`, video);
  await orders.store(id, 'file', file);
  console.log('saved:', file);
}

async function setAside(id, message) {
  console.error(`${id} needs a person: ${message}`);
  await addJob(aside, id, { message });
}

/** Whether another try would end in the same way: nothing was paid for, and the input is at fault. */
const isFinal = (error) =>
  error instanceof UnrecoverableError ||
  error instanceof InvalidInputError ||
  error instanceof VideoFailedError ||
  (error instanceof ApiError && [400, 404, 413, 422].includes(error.status) && !mayHaveBeenPaid(error));

function work(queue, step, { perSecond, concurrency }) {
  async function run(job, lock) {
    const ending = await step(job).catch((error) => ({ error }));
    if (ending === undefined) return;
    const { error, nextMs = troubleMs } = ending;
    if (isFinal(error)) throw new UnrecoverableError(error.message);
    const waitedMs = await orders.waitedMs(job.id, queue.name);
    if (waitedMs > deadlineMs) {
      return setAside(
        job.id,
        `${queue.name}: not done after ${waitedMs} ms${error ? `: ${error.message}` : ''}`,
      );
    }
    if (error instanceof RateLimitError) {
      // no machine takes a job of this queue until then
      await queue.rateLimit(error.retryAfterMs ?? 1_000);
      throw Worker.RateLimitError();
    }
    if (error) console.error(`${queue.name} ${job.id}: ${error.message}`);
    // the wait is a delayed job: it holds no worker, and outlives all of them
    await job.moveToDelayed(Date.now() + nextMs, lock);
    throw new DelayedError();
  }
  const worker = new Worker(queue.name, run, {
    ...optionsOf(redis),
    concurrency,
    // without a limiter a worker would not heed queue.rateLimit()
    limiter: { max: perSecond, duration: 1_000 },
    lockDuration: lockMs,
    stalledInterval: lockMs,
    // by default the second worker that dies takes the job with it
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  return worker.on('error', (error) => console.error(`${queue.name}: ${error.message}`));
}

const workers = [
  work(creates, create, { perSecond: createsPerSecond, concurrency: 10 }),
  work(polls, poll, { perSecond: pollsPerSecond, concurrency: 20 }),
];
console.log('ready');

process.once('SIGTERM', async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  redis.disconnect();
});
