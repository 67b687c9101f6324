// What the client costs beside other SDKs and bare calls: time to import, bytes, processor, memory, disk.
// Usage, after a build: node test/bench/run.mjs [--quick] [--peers FOLDER] [SECTION …]
// --quick takes fewer rounds; FOLDER has the peers installed already. Only a whole run writes RESULTS.md
// and the README's charts.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { measureBundle } from './bundle.mjs';
import { writeCharts } from './charts.mjs';
import { measureChecking } from './checking.mjs';
import { measureCli } from './cli.mjs';
import { measureCpu } from './cpu.mjs';
import { measureCrowd } from './crowd.mjs';
import { measureImport } from './import.mjs';
import { measureLargeInput } from './large-input.mjs';
import { installPeers, versionsIn } from './peers.mjs';
import { measureSaving } from './saving.mjs';
import { fullTable, shortTable } from './tables.mjs';
import { measureTracing } from './tracing.mjs';
import { measureWaiting } from './waiting.mjs';

const sections = {
  import: measureImport,
  bundle: measureBundle,
  cpu: measureCpu,
  waiting: measureWaiting,
  crowd: measureCrowd,
  saving: measureSaving,
  checking: measureChecking,
  large: measureLargeInput,
  tracing: measureTracing,
  cli: measureCli,
};

const root = new URL('../..', import.meta.url);
const resultsFile = new URL('RESULTS.md', import.meta.url);

const notes = [
  'Every figure is the median of several rounds, and in brackets from the least to the most. In a round each ' +
    'contender has its turn, in a process of its own; servers are processes of their own too, and in no figure.',
  '"Ours to it": our median, divided by that of the line, both of the same run, where nothing else is said.',
  'Import: 30 processes each, user and system time of the whole process, less the median of those that import ' +
    'nothing. The first create is answered by a fetch of the script itself.',
  'Bundle: everything the package exports, by esbuild for Node, undici left outside.',
  'CPU: user and system time of the process, by `process.cpuUsage()`, for 12 turns of 2,000 requests, 64 at a time, ' +
    'after 6,000 at first and 500 before each turn to warm up; the ratio is the median of those of each turn, as the machine is now faster and now ' +
    'slower. All ask the same server, which gives all the same bytes and keeps their connections. ' +
    '"The same by hand" is `fetch` with the same headers, a timer that aborts, `redirect: manual`, ' +
    '`cache: no-store`, and `JSON.parse` of the text; "bare fetch" has the headers only. The peers: `models.retrieve` ' +
    '(openai), `tasks.retrieve` (runway), `queue.status` (fal), `predictions.get` (replicate), all by their defaults.',
  'Waits: `pollUntilDone` with `intervalMs` 10 s, against the embedded API; 128 connections for both; 2 rounds. Each ' +
    'job is asked for at once, 10 s later, and 10 s later again, when it is done. The heap is what all waits added to ' +
    'that before them, connections and compiled code with it. The delay is that of `monitorEventLoopDelay`, whose ' +
    'samples include its resolution of 10 ms; the collections that the bench asks for are left out.',
  '100,000 waits: ours alone, against a server that answers with the same id and `generating`; 500 waits begin at ' +
    'each turn of the event loop. The block is the longest delay of the event loop until all have begun.',
  'Saving: 11 rounds, after a small file to warm up; the ratio is the median of those of each round. `save` syncs the file and renames it, which the bare pipeline does not.',
  'Checking: 100,000 calls after 10,000 to warm up; each model in a new process; 7 rounds.',
  'Large inputs: three data URIs of 14 MB in one create, in a new process each; 15 rounds, after three small creates to ' +
    'warm up. The server reads all of it. The ratio is the median of those of each round.',
  'Tracing: 21 turns of 3,000 creates each in one process, answered by a fetch of the script itself, so that the ' +
    'listeners weigh as much as they can; the ratio is the median of those of each turn.',
  'Command line: 30 processes each, user and system time of the whole process; the ratio is to one that prints a line. ' +
    'The dry run reads its price from the embedded API.',
];

/** What pacing the checks saves, which is a simulation of its own, with a table of its own. */
async function runPace() {
  const script = new URL('pace.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: root.pathname });
  return `## Waiting for "done", simulated\n\n${stdout.trim()}`;
}

function describeRun(versions, seconds) {
  const [{ model }] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0].toFixed(1);
  const installed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model}, ${memoryGb} GB, load ${load} at the end, ${process.platform}.`,
    `Node ${process.version}; ${installed.join(', ')}. All of it took ${seconds} s.`,
  ];
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, peers: { type: 'string' } },
    allowPositionals: true,
  });
  const known = [...Object.keys(sections), 'pace'];
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown) throw new Error(`Cannot measure "${unknown}": the sections are ${known.join(', ')}.`);
  const chosen = positionals.length > 0 ? positionals : known;
  const startedMs = performance.now();
  const work = await mkdtemp(join(tmpdir(), 'aimlapi-wan-bench-'));
  try {
    const folder = values.peers ?? work;
    if (!values.peers) {
      console.error('installing the peers …');
      await installPeers(folder);
    }
    const rows = [];
    for (const name of Object.keys(sections).filter((name) => chosen.includes(name))) {
      console.error(`${name} …`);
      rows.push(...(await sections[name]({ folder, isQuick: values.quick })));
    }
    const pace = chosen.includes('pace') ? await runPace() : '';
    const undici = JSON.parse(await readFile(new URL('node_modules/undici/package.json', root), 'utf8'));
    const versions = { ...versionsIn(folder), undici: undici.version };
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    const facts = [...describeRun(versions, seconds), ...notes].map((note) => `- ${note}`).join('\n');
    const short = shortTable(rows, pace);
    const text = [`## In short\n\n${short}`, `## In full\n\n${fullTable(rows)}`, facts, pace]
      .filter((part) => part !== '')
      .join('\n\n');
    console.log(text);
    if (!values.quick && positionals.length === 0) {
      await writeFile(resultsFile, `# What the client costs\n\nBy \`npm run bench\`.\n\n${text}\n`);
      await writeCharts();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
