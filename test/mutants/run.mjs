// Changes the library in one small way after the other (Stryker), and prints each change that no test notices.
// Usage: npm run test:mutants -- [--quick] [FILE …]   (files of src/; every file of every room below if none is named)
// --quick leaves out the slow tests that see what the quick ones did not notice.
// Stryker is fetched into a temporary folder, so that `npm ci` stays quick.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The newest that runs on Node 20. */
const version = '9.6.1';
const concurrency = Number(process.env.MUTANTS_AT_ONCE ?? 2);

/**
 * What is changed, and the tests that have to notice it, quick ones first. `last` sees what the others did not notice. None
 * needs a built package.
 */
const rooms = [
  {
    files: ['src/http/retry.ts', 'src/http/retry-after.ts', 'src/time/backoff.ts'],
    judges: [...testsIn('test/http', ['retry', 'retry-after']), 'test/time/backoff.test.ts'],
  },
  {
    files: ['answer', 'failure', 'line-up', 'pay', 'request', 'send'].map((name) => `src/http/${name}.ts`),
    judges: [...testsIn('test/http'), 'test/aimlapi/client.test.ts'],
    last: ['test/endings.test.ts', 'test/faults/exhaustive.test.ts'],
  },
  {
    files: ['src/base/listeners.ts', 'src/base/trace.ts', 'src/http/trace.ts', 'src/job/trace-wait.ts'],
    judges: [...testsIn('test/http', ['trace']), ...testsIn('test/job', ['trace-wait'])],
  },
  {
    files: ['deadline', 'line', 'sleep', 'abort', 'clock'].map((name) => `src/time/${name}.ts`),
    judges: [...testsIn('test/time'), 'test/http/line-up.test.ts', 'test/job/watch.test.ts'],
    last: ['test/endings.test.ts', 'test/faults/exhaustive.test.ts'],
  },
  {
    files: ['calls', 'job', 'pace', 'stray', 'turn', 'watch'].map((name) => `src/job/${name}.ts`),
    judges: [
      ...testsIn('test/job', ['job', 'turn', 'pace', 'status', 'cost-of-failure', 'stray', 'watch']),
      'test/vtrix/client.test.ts',
    ],
    last: ['test/http/line-up.test.ts', 'test/aimlapi/client.test.ts', 'test/faults/exhaustive.test.ts'],
  },
  {
    files: ['check-video', 'order', 'orders', 'under-way'].map((name) => `src/job/${name}.ts`),
    judges: [...testsIn('test/job', ['orders', 'check-video']), 'test/aimlapi/orders.test.ts'],
    last: ['test/orders/crash.test.ts'],
  },
  {
    files: ['budget', 'catalogue', 'credits', 'prices', 'quote'].map((name) => `src/money/${name}.ts`),
    judges: testsIn('test/money'),
    last: ['test/aimlapi/prices.test.ts', 'test/faults/random.test.ts'],
  },
  {
    files: ['src/aimlapi/logged-create.ts', 'src/aimlapi/orders.ts'],
    judges: testsIn('test/aimlapi', ['orders', 'recover']),
    last: ['test/orders/crash.test.ts'],
  },
  {
    files: ['log', 'log-pages', 'look', 'recover'].map((name) => `src/aimlapi/${name}.ts`),
    judges: testsIn('test/aimlapi', ['look', 'recover', 'recover-clock']),
    last: ['test/aimlapi/recover-paging.test.ts'],
  },
  {
    files: ['incoming-file', 'part-file', 'save', 'transfer'].map((name) => `src/media/${name}.ts`),
    judges: testsIn('test/media', ['disk', 'odd-fetch', 'save']),
    last: ['test/media/resume.test.ts'],
  },
  {
    files: ['client', 'orders', 'problem', 'videos'].map((name) => `src/vtrix/${name}.ts`),
    judges: ['test/vtrix/client.test.ts'],
  },
];

const isQuick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter((word) => word !== '--quick');
const unknown = wanted.filter((file) => !rooms.some(({ files }) => files.includes(file)));
if (unknown.length > 0) throw new Error(`no room of test/mutants/run.mjs has ${unknown.join(', ')}`);

const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-mutants-'));
try {
  const { Stryker } = await fetchStryker();
  for (const room of rooms) {
    const chosen = room.files.filter((file) => wanted.length === 0 || wanted.includes(file));
    if (chosen.length > 0) await tryRoom(Stryker, chosen, room);
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

async function fetchStryker() {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${version}`);
  const options = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', ...options, ...packages], { cwd: folder, stdio: 'inherit' });
  // Stryker and the tests must share one vitest
  for (const name of ['vitest', 'typescript']) {
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  }
  return import(pathToFileURL(join(folder, 'node_modules/@stryker-mutator/core/dist/src/index.js')).href);
}

async function tryRoom(Stryker, files, { judges, last }) {
  const startedAt = performance.now();
  console.log(`What survives in ${files.join(', ')}:`);
  const mutants = await judge(Stryker, files, judges);
  let survivors = mutants.filter(survived);
  if (last && !isQuick && survivors.length > 0) {
    console.log(`${survivors.length} so far. What is left of them after ${last.join(', ')}:`);
    const before = new Set(survivors.map(keyOf));
    const again = await judge(Stryker, [...new Set(survivors.map(toRange))], last);
    survivors = again.filter((mutant) => survived(mutant) && before.has(keyOf(mutant)));
  }
  for (const file of files) {
    const countIn = (some) => some.filter(({ fileName }) => resolve(fileName) === resolve(file)).length;
    console.log(`${file}: ${countIn(survivors)} of ${countIn(mutants)} survived`);
  }
  console.log(`${mutants.length} mutants in ${Math.round((performance.now() - startedAt) / 1000)} s`);
}

function judge(Stryker, mutate, judges) {
  process.env.MUTANT_JUDGES = JSON.stringify(judges);
  return new Stryker({
    mutate,
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency,
    plugins: ['@stryker-mutator/*', resolve('test/mutants/survivors.mjs')],
    reporters: ['survivors'],
    tempDirName: join(folder, 'sandbox'),
    ignorePatterns: ['dist', 'out', 'test/pack', 'test/bench'],
    timeoutMS: 10_000,
    // a wording is not worth the minutes: other tests hold the messages that matter
    mutator: { excludedMutations: ['StringLiteral'] },
    logLevel: 'error',
  }).runMutationTest();
}

function survived({ status }) {
  return status === 'Survived' || status === 'NoCoverage';
}

function keyOf({ fileName, location, replacement }) {
  return JSON.stringify([resolve(fileName), location, replacement]);
}

function toRange({ fileName, location: { start, end } }) {
  return `${relative('.', fileName)}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

function testsIn(room, names) {
  if (names) return names.map((name) => `${room}/${name}.test.ts`);
  return readdirSync(room)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${room}/${file}`);
}
