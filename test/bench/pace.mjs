// What pacing the status checks saves: a simulation with the client's own src/job/durations.ts, the same on every run.
// Usage: node test/bench/pace.mjs
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Seconds between which the run on a model's documentation page ended: that of each Wan model that has one. */
const documented = [
  ['wan2.5-t2v-preview', 30, 40],
  ['wan2.2-14b-animate-move, wan2.2-vace-fun (3 models)', 40, 50],
  ['wan-2-7-r2v', 120, 135],
  ['wan-2-6-t2v, wan-2-6-i2v', 150, 165],
  ['wan2.2-t2v-plus', 360, 370],
  ['wan2.1-t2v-plus', 430, 440],
];
const typicalSeconds = [35, 45, 127, 157, 365, 435];
const sigmas = [0.1, 0.2, 0.35];
const clients = 400;

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

const logNormal = (medianMs, sigma) => (random) =>
  medianMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
const within = (fromMs, toMs) => (random) => fromMs + (toMs - fromMs) * random();

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

const others = {
  'fixed 5 s': () => 5_000,
  'fixed 10 s': () => 10_000,
  'fixed 15 s': () => 15_000,
  '1 s, doubled up to 30 s': (_, requests) => Math.min(1000 * 2 ** requests, 30_000),
};

function measure(runs) {
  const delays = runs.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const delay = mean(delays) / 1000;
  const requests = mean(runs.map((run) => run.requests));
  const worst = delays[Math.ceil(0.95 * delays.length) - 1] / 1000;
  return { delay, worst, requests, product: delay * requests };
}

/** One job each of many clients: each has a guess, and has polled `seen` jobs of the same kind to their ends before. */
function simulate(createDurations, { draw, guessMs, seen }) {
  const random = seeded(20);
  const [durations, ours] = [[], []];
  for (let client = 0; client < clients; client += 1) {
    const kind = createDurations(() => guessMs || undefined)('any', '');
    for (let job = 0; job < seen; job += 1)
      kind.learn(poll(draw(random), kind.schedule().nextDelayMs).middleMs);
    const plan = kind.schedule();
    for (let job = 0; job < 5; job += 1) {
      const durationMs = draw(random);
      durations.push(durationMs);
      ours.push(poll(durationMs, plan.nextDelayMs));
    }
  }
  const rows = { paced: measure(ours) };
  for (const [name, next] of Object.entries(others))
    rows[name] = measure(durations.map((ms) => poll(ms, next)));
  return rows;
}

function groupsOf() {
  const middleMs = (from, to) => (from + to) * 500;
  const run = (seen, guess) => (row) => ({
    name: row[0],
    draw: within(row[1] * 1000, row[2] * 1000),
    guessMs: guess && middleMs(row[1], row[2]),
    seen,
  });
  const spread = (sigma, seen, factor) => (seconds) => ({
    name: `median ${seconds} s, sigma ${sigma}`,
    draw: logNormal(seconds * 1000, sigma),
    guessMs: factor && seconds * 1000 * factor,
    seen,
  });
  const spreads = (seen, factor) =>
    sigmas.flatMap((sigma) => typicalSeconds.map(spread(sigma, seen, factor)));
  return [
    { title: 'Documented runs, nothing known', scenes: documented.map(run(0, false)), safe: true },
    {
      title: 'Documented runs, no job seen, the guess is that very run',
      scenes: documented.map(run(0, true)),
    },
    { title: 'Documented runs, 5 jobs seen, no guess', scenes: documented.map(run(5, false)) },
    ...sigmas.map((sigma, index) => ({
      title: `Log-normal, sigma ${sigma}, 5 jobs seen, the guess is right`,
      scenes: typicalSeconds.map(spread(sigma, 5, 1)),
      aim: [0.5, 0.75, 0.9][index],
    })),
    { title: 'Log-normal, 5 jobs seen, the guess was three times too long', scenes: spreads(5, 3) },
    { title: 'Log-normal, no job seen, the guess is right', scenes: spreads(0, 1) },
    { title: 'Documented runs, the guess is three times too long', scenes: wrongRuns(run, 3), safe: true },
    {
      title: 'Documented runs, the guess is three times too short',
      scenes: wrongRuns(run, 1 / 3),
      safe: true,
    },
    { title: 'Log-normal, the guess is three times too long', scenes: spreads(0, 3), safe: true },
    { title: 'Log-normal, the guess is three times too short', scenes: spreads(0, 1 / 3), safe: true },
    { title: 'Log-normal, nothing known', scenes: spreads(0, 0), safe: true },
  ];
}

function wrongRuns(run, factor) {
  return documented.map(run(0, true)).map((scene) => ({ ...scene, guessMs: scene.guessMs * factor }));
}

const cell = ({ delay, worst, requests, product }) =>
  `${delay.toFixed(1)} / ${worst.toFixed(1)} / ${requests.toFixed(1)} / ${product.toFixed(0)}`;
const line = (cells) => `| ${cells.join(' | ')} |`;

function verdict({ aim, safe }, ratios) {
  const worst = (key) => Math.max(...ratios.map((ratio) => ratio[key]));
  if (aim) {
    const met = worst('delay') <= aim && worst('requests') <= 1;
    return `Aim: mean delay at most ${aim} x fixed 10 s, at no more requests, in each row: ${met ? 'met' : 'MISSED'} (worst ${worst('delay').toFixed(2)} x, requests ${worst('requests').toFixed(2)} x).`;
  }
  if (safe) {
    const met = worst('product') <= 1.2;
    return `Aim: delay x requests at most 1.2 x fixed 10 s in each row: ${met ? 'met' : 'MISSED'} (worst ${worst('product').toFixed(2)} x).`;
  }
  return `Worst row: delay ${worst('delay').toFixed(2)} x, requests ${worst('requests').toFixed(2)} x, product ${worst('product').toFixed(2)} x fixed 10 s.`;
}

async function loadDurations() {
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-pace-'));
  try {
    const outfile = join(folder, 'pace.mjs');
    await build({
      entryPoints: ['src/job/durations.ts'],
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { createDurations } = await loadDurations();
console.log('Each cell: mean delay in s / 95 % of the delays below, in s / requests / delay x requests.');
console.log(
  '"x 10 s" is paced by fixed 10 s: mean delay, requests, delay x requests. Each row: the same 2,000 jobs.\n',
);
for (const group of groupsOf()) {
  const names = ['paced', ...Object.keys(others)];
  console.log(`### ${group.title}\n`);
  console.log(line(['jobs', ...names, 'x 10 s']));
  console.log(line(['---', ...names.map(() => '---'), '---']));
  const ratios = group.scenes.map((scene) => {
    const rows = simulate(createDurations, scene);
    const { paced, 'fixed 10 s': fixed } = rows;
    const ratio = {
      delay: paced.delay / fixed.delay,
      requests: paced.requests / fixed.requests,
      product: paced.product / fixed.product,
    };
    const short = Object.values(ratio).map((value) => value.toFixed(2));
    console.log(line([scene.name, ...names.map((name) => cell(rows[name])), short.join(', ')]));
    return ratio;
  });
  console.log(`\n${verdict(group, ratios)}\n`);
}
