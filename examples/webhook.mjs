// Makes a video and calls a URL when it is done: signed, and tried again for an hour. Costs 1 video.
// needs Standard Webhooks: npm install standardwebhooks
import './embedded.mjs'; // without a key: the embedded API, in this process

import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  BudgetExceededError,
  ConnectionError,
  createWan,
  mayHaveBeenPaid,
  RateLimitError,
  VideoFailedError,
} from 'aimlapi-wan';
import { Webhook } from 'standardwebhooks';
import { checkUrl, createDelivery } from './webhook-delivery.mjs';

/** All in milliseconds. Those of the delivery may be given as well. */
const waitLimits = {
  lookForMs: 20 * 60_000, // rows of the API's log may come late
  lookEveryMs: 15_000,
  videoMs: 24 * 60 * 60_000, // how long a video may run
  troubleMs: 60_000, // the pause after trouble, such as a full disk
};

/** Refusals that may pass: of a busy API, of a network that is down, of `maxUsd` while other creates are under way. */
const mayWorkLater = [RateLimitError, ConnectionError, BudgetExceededError];

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Keeps what is under way in `folder`, one file each. Only one process may use a folder at a time. */
export function createWebhooks({ wan, secret, folder, allowPrivateHosts, log = console.error, ...limits }) {
  const { lookForMs, lookEveryMs, videoMs, troubleMs } = { ...waitLimits, ...limits };
  const deliver = createDelivery({ secret, allowPrivateHosts, log, ...limits });
  const running = new Set();
  const nameOf = ({ order }) => `${order.clientRequestId}.json`;

  /** A file that is renamed is there whole or not at all. The secret and the key are in none. */
  async function store(state, changes) {
    const file = join(folder, nameOf(state));
    await writeFile(`${file}.part`, JSON.stringify({ ...state, ...changes }), { flush: true, mode: 0o600 });
    await rename(`${file}.part`, file);
    Object.assign(state, changes);
  }

  /** What the receiver gets. The link is in it, and lets whoever has it fetch the video for a day. */
  function toPayload(type, { order }, { id, status, usage, error } = {}, { url, expiresAt } = {}) {
    const data = { id, clientRequestId: order.clientRequestId, status, url, expiresAt, usage, error };
    return { type: `video.${type}`, timestamp: new Date().toISOString(), data };
  }
  const unknown = (state, message) => toPayload('unknown', state, { ...state.job, error: { message } });

  /** Pays for the order, or looks for what may have been paid for already: see steps.mjs. */
  async function start(state) {
    for (const until = Date.now() + lookForMs; ; await sleep(lookEveryMs)) {
      const again = state.sent === true;
      if (!again) await store(state, { sent: true });
      const { job, error } = await wan.startVideo(state.order, { again }).then(
        (job) => ({ job }),
        (error) => ({ error }),
      );
      if (job) return { job };
      if (error) log(`${nameOf(state)}: ${error.message}`);
      const isLate = Date.now() > until;
      const isUnpaid = error && !mayHaveBeenPaid(error);
      const isRefused = isUnpaid && (isLate || !mayWorkLater.some((type) => error instanceof type));
      // rows come late: until then the log may still show the row that was paid for
      if (isRefused || (isLate && error instanceof VideoFailedError)) {
        const why = { message: 'no video was made, and nothing was paid for' };
        return { payload: toPayload('failed', state, { error: why }) };
      }
      if (isLate && !error)
        return { payload: unknown(state, 'it may have been paid for, and the log shows no row of it') };
      // nothing was paid for, so the mark may go
      if (isUnpaid) await store(state, { sent: false });
    }
  }

  async function check(state) {
    const { job, video, nextMs } = await wan.checkVideo(state.job);
    if (job.state === 'failed') return store(state, { job, payload: toPayload('failed', state, job) });
    if (video)
      return store(state, { job, payload: toPayload('completed', state, { ...job, ...video }, video) });
    await store(state, { job });
    if (Date.now() > Date.parse(state.order.orderedAt) + videoMs)
      return store(state, { payload: unknown(state, 'it is still running') });
    await sleep(nextMs);
  }

  /** The hour counts from the first attempt, over restarts. */
  async function notify(state) {
    if (!state.firstTriedAt) await store(state, { firstTriedAt: Date.now() });
    return { why: await deliver({ ...state, id: state.order.clientRequestId }) };
  }

  /** What the receiver did not take is kept in `failed/`. */
  async function putAway(state, why) {
    if (!why) return rm(join(folder, nameOf(state)), { force: true });
    await mkdir(join(folder, 'failed'), { recursive: true });
    await store(state, { why });
    await rename(join(folder, nameOf(state)), join(folder, 'failed', nameOf(state)));
  }

  async function run(state) {
    if (running.has(nameOf(state))) return;
    running.add(nameOf(state));
    let ending;
    // trouble loses nothing: it goes on where it was
    for (let isOver = false; !isOver; ) {
      try {
        if (!state.job && !state.payload) await store(state, await start(state));
        while (!state.payload) await check(state);
        // a folder that cannot be written to must not deliver the message again and again
        ending ??= await notify(state);
        await putAway(state, ending.why);
        isOver = true;
      } catch (error) {
        log(`${nameOf(state)}: ${error.message}`);
        await sleep(troubleMs);
      }
    }
    running.delete(nameOf(state));
  }

  return {
    /** Takes an order, and gives its id at once: it is paid for and delivered from then on, over all restarts. */
    async order(input, url) {
      await checkUrl(url, allowPrivateHosts);
      const state = { order: await wan.orderVideo(input), url };
      await mkdir(join(folder, 'failed'), { recursive: true });
      await store(state, {});
      void run(state);
      return state.order.clientRequestId;
    },
    /** Goes on with what an earlier process left. A file that cannot be read stops no other. */
    async resume() {
      await mkdir(join(folder, 'failed'), { recursive: true });
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      for (const name of names) {
        try {
          const state = JSON.parse(await readFile(join(folder, name), 'utf8'));
          // the copy of a file may be older than its mark, and would pay again
          if (nameOf(state) !== name) throw new Error('a file of another name');
          void run(state);
        } catch (error) {
          // its words are left out: they may quote the address
          log(`${name}: left alone: ${error.code ?? 'it holds no order of this name'}`);
        }
      }
    },
  };
}

/** A receiver that is busy at first, and verifies what it gets by Standard Webhooks. */
async function demo(secret) {
  let attempts = 0;
  const receiver = createServer(async (request, response) => {
    const body = await text(request);
    attempts += 1;
    if (attempts === 1) return response.writeHead(500).end();
    let message;
    try {
      message = new Webhook(secret).verify(body, request.headers);
    } catch {
      // the signature is not right, or older than 5 minutes
      return response.writeHead(400).end();
    }
    // the same id may come again, after a restart: a real receiver skips it then
    console.log('attempt', attempts, message.type, message.data.clientRequestId);
    response.writeHead(204).end();
    receiver.close();
  });
  await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
  await mkdir('out', { recursive: true });
  const folder = await mkdtemp('out/webhooks-');
  // the receiver of this demo is on this machine: leave allowPrivateHosts out in a real service
  const rest = { secret, folder, allowPrivateHosts: true, log: console.log };
  const webhooks = createWebhooks({ wan: createWan({ maxUsd: 1 }), ...rest });
  await webhooks.resume();
  const url = `http://127.0.0.1:${receiver.address().port}/videos`;
  console.log('ordered:', await webhooks.order({ model: 'wan2.2-t2v-plus', prompt: 'a fox' }, url));
}

if (realpathSync(process.argv[1] ?? '.') === import.meta.filename)
  await demo(process.env.WEBHOOK_SECRET ?? `whsec_${randomBytes(24).toString('base64')}`);
