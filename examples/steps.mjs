// Makes one video in steps, by a worker that is killed at random. Costs nothing: it always uses the embedded API.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWan, mayHaveBeenPaid, VideoFailedError } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';

// a worker makes one video in steps, and is killed at random awaits: this one always runs against the embedded API

const input = { model: 'wan2.2-t2v-plus', prompt: 'a paper boat in the rain' };
// at the real API: 20 * 60_000 and 15_000, because rows of its log may come late
const [lookMs, lookEveryMs] = [1_000, 500];
const nobodyKnows = 2;

/** What is in the journal is all that outlives a worker. A file that is renamed is there whole or not at all. */
async function read(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    // only of a journal that is not there is nothing paid: after any other error a new order would pay again
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
async function write(file, state) {
  await writeFile(`${file}.part`, JSON.stringify(state));
  await rename(`${file}.part`, file);
}

async function work(file, wan, step) {
  const state = await step(read(file));
  const store = (changes) => step(write(file, Object.assign(state, changes)));

  if (!state.order) await store({ order: await step(wan.orderVideo(input)), sent: false });

  const lookUntil = Date.now() + lookMs;
  while (!state.job) {
    const again = state.sent;
    // first the mark, then the money
    if (!again) await store({ sent: true });
    try {
      await store({ job: await step(wan.startVideo(state.order, { again })) });
    } catch (error) {
      if (!mayHaveBeenPaid(error)) await store({ sent: false });
      // a lost answer, or only failed rows so far: the log may still show the paid one
      if (!mayHaveBeenPaid(error) || (again && !(error instanceof VideoFailedError))) throw error;
    }
    if (state.job) break;
    if (Date.now() > lookUntil) return nobodyKnows;
    await step(sleep(lookEveryMs));
  }

  while (!state.video) {
    const { job, video, nextMs } = await step(wan.checkVideo(state.job));
    if (job.state === 'failed') throw new Error(`the video failed: ${job.error?.message}`);
    await store({ job, video });
    await step(sleep(nextMs));
  }

  if (!state.saved) await store({ saved: (await step(wan.save(state.video, 'out/steps.mp4'))).path });
  console.log('saved:', state.saved);
  return 0;
}

/** The worker's process. The first dies after the mark and before the money, the third to the sixth at a random await. */
async function live(file, life) {
  let awaitsLeft = life > 2 && life < 7 ? Math.floor(Math.random() * 16) : Infinity;
  const mayDie = (isDeadly = awaitsLeft-- <= 0) => {
    if (!isDeadly) return;
    console.log(`worker ${life} is killed`);
    process.exit(1);
  };
  const step = async (promise) => {
    mayDie();
    const value = await promise;
    mayDie();
    return value;
  };
  const wan = createWan({
    async fetch(...given) {
      mayDie(life === 1 || undefined);
      const answer = await fetch(...given);
      mayDie();
      return answer;
    },
  });
  process.exitCode = await work(file, wan, step);
}

/** Starts a worker again until one ends well. */
async function supervise() {
  const api = createFakeApi({ videoSeconds: 1 });
  const { url } = await api.listen({ unref: true });
  const env = { ...process.env, AIMLAPI_API_KEY: 'embedded', AIMLAPI_BASE_URL: url };
  const file = join(await mkdtemp(join(tmpdir(), 'aimlapi-wan-')), 'journal.json');
  for (let life = 1, code = 1; code !== 0; life += 1) {
    [code] = await once(fork(import.meta.filename, [file, String(life)], { env }), 'exit');
    if (code !== nobodyKnows) continue;
    // a person looks at the account, and decides: here the API took no money, so that the mark may go
    console.log(`no row came up: a person decides (charged: $${api.charged})`);
    await write(file, { ...(await read(file)), sent: false });
  }
  console.log('paid creates:', api.generations);
}

const [file, life] = process.argv.slice(2);
await (file ? live(file, Number(life)) : supervise());
