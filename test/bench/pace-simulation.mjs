// Polls simulated jobs with the client's own src/job/durations.ts, and with pauses that know nothing.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const jobsOfARow = 2_000;

export const others = {
  'fixed 5 s': () => 5_000,
  'fixed 10 s': () => 10_000,
  'fixed 15 s': () => 15_000,
  '1 s, doubled up to 30 s': (_, requests) => Math.min(1000 * 2 ** requests, 30_000),
};

/** Numbers between 0 and 1, the same ones on each run. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Polls a job from its create until a check comes after its end. Answers take no time. */
function poll(durationMs, nextDelayMs) {
  let [ageMs, beforeMs, requests] = [0, 0, 0];
  while (ageMs < durationMs) {
    beforeMs = ageMs;
    ageMs += nextDelayMs(ageMs, requests);
    requests += 1;
  }
  return { delayMs: ageMs - durationMs, requests, middleMs: (beforeMs + ageMs) / 2 };
}

function measure(runs) {
  const delays = runs.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const delay = mean(delays) / 1000;
  const requests = mean(runs.map((run) => run.requests));
  const late = delays[Math.ceil(0.95 * delays.length) - 1] / 1000;
  return { delay, late, requests, product: delay * requests };
}

/**
 * The jobs of many clients, each with a memory of its own, by each way to poll: mean delay and `late`, below which 95 %
 * of the delays are, in seconds.
 *
 * @param {import('./pace-scenes.mjs').Scene} scene
 */
export function simulate(createDurations, scene, seed, ways = others) {
  const { draw, guessMs, seen, measured, isLearning } = scene;
  const random = seeded(seed);
  const [durations, ours] = [[], []];
  for (let client = 0; client < jobsOfARow / measured; client += 1) {
    const kind = createDurations(() => guessMs || undefined)('any', '');
    for (let job = 0; job < seen + measured; job += 1) {
      const durationMs = draw(random, job);
      const run = poll(durationMs, kind.schedule().nextDelayMs);
      if (job < seen || isLearning) kind.learn(run.middleMs);
      if (job < seen) continue;
      durations.push(durationMs);
      ours.push(run);
    }
  }
  const rows = { paced: measure(ours) };
  for (const [name, next] of Object.entries(ways))
    rows[name] = measure(durations.map((ms) => poll(ms, next)));
  const { paced, 'fixed 10 s': ten, 'fixed 15 s': fifteen } = rows;
  return {
    rows,
    ratio: {
      delay: paced.delay / ten.delay,
      requests: paced.requests / ten.requests,
      product: paced.product / ten.product,
      late: paced.late / fifteen.late,
    },
  };
}

/** The client's code, as it is or with another longest pause for kinds of which it has seen a job. */
export async function loadDurations(slowestMs) {
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-pace-'));
  const withSlowest = {
    name: 'slowest',
    setup({ onLoad }) {
      onLoad({ filter: /schedule\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source.replace(/(const slowestMs = )[\d_]+/, `$1${slowestMs}`);
        if (contents === source && !source.includes(`slowestMs = ${slowestMs}`))
          throw new Error('there is no slowestMs in it');
        return { contents, loader: 'ts' };
      });
    },
  };
  try {
    const outfile = join(folder, 'pace.mjs');
    await build({
      entryPoints: ['src/job/durations.ts'],
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
      plugins: slowestMs === undefined ? [] : [withSlowest],
    });
    return (await import(pathToFileURL(outfile).href)).createDurations;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
