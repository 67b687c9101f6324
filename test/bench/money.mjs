// What the same faults cost with other SDKs and with this one: counted and timed on real loopback sockets.
// Usage, after a build: node test/bench/money.mjs [--json FILE]
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  limits,
  measureAbort,
  measureControl,
  measureCutFile,
  measureOutage,
  measureUnknownWord,
  paidUnder,
} from './measures.mjs';
import { inWords } from './outcome.mjs';
import { createSdks, installPeers, stayOnLoopback, versionsIn } from './peers.mjs';

const wholeBoundMs = 290_000;

const firstRows = [
  { fault: 'no fault (control): paid creates, then the wait', measure: measureControl },
  { fault: 'create accepted, then the connection drops: paid creates', measure: paidUnder('drop') },
  { fault: 'gateway answers 502 with HTML after accepting: paid creates', measure: paidUnder('html') },
  {
    fault: 'answer never comes, the transport gives up: paid creates',
    measure: paidUnder('silent', { timeoutMs: limits.attemptTimeoutMs }),
  },
];
const laterRows = [
  { fault: 'twelve 503 in a row while polling a paid job', measure: measureOutage },
  { fault: 'a status word nobody knew', measure: measureUnknownWord },
  { fault: `abort during a wait, ${limits.abortAfterMs} ms after the first answer`, measure: measureAbort },
];
const lastRow = { fault: 'result download cut in the middle', measure: measureCutFile };

/** Measures rows for all SDKs at once; what cannot be measured says why in its cell. */
async function measureRows(rows, sdks, folder) {
  const measureCell = async (row, sdk) => {
    try {
      return await row.measure(sdk, folder);
    } catch (error) {
      return { text: `not measured: ${error.message}`, failed: true };
    }
  };
  return Promise.all(
    rows.map(async (row) => {
      const cells = await Promise.all(sdks.map((sdk) => measureCell(row, sdk)));
      return {
        fault: row.fault,
        cells: Object.fromEntries(sdks.map(({ name }, index) => [name, cells[index]])),
      };
    }),
  );
}

function toTable(rows, sdks) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const names = sdks.map(({ name }) => name);
  return [
    line(['fault', ...names]),
    line(['---', ...names.map(() => '---')]),
    ...rows.map(({ fault, cells }) => line([fault, ...names.map((name) => cells[name].text)])),
  ].join('\n');
}

function toNotes(versions, seconds) {
  const installed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Node ${process.version}; ${installed.join(', ')}. All of it took ${seconds} s.`,
    'Each SDK with its defaults and its documented options for another base URL: openai and aimlapi-wan against the ' +
      "embedded API, the others, and openai's polling and download, against servers of their own protocols.",
    'Paid creates: counted by the server; the fault strikes every create of one call, or only the first.',
    `The transport gives up: by a timeout of ${inWords(limits.attemptTimeoutMs)} of the SDK's own (openai, runway, aimlapi-wan). ` +
      'fal and replicate have none, so that the headersTimeout of fetch ends the attempt: ' +
      `${inWords(limits.attemptTimeoutMs)} here, 300 s by default.`,
    `Twelve 503: aimlapi-wan with intervalMs ${limits.outageIntervalMs}, which is the default of fal and replicate; ` +
      'with its own default, checks 1 to 15 s apart, it takes longer, not less.',
    `A word nobody knew: watched for ${inWords(limits.observedMs)} from the start of the call; the answers of the peers' ` +
      'servers take 20 ms.',
    "The job's id: whether it can be read anywhere on the error. The program may know it all the same, from fal's " +
      'onEnqueue or from a create of its own before the wait.',
    `Abort: ${limits.abortSamples} runs each, fastest to slowest; for openai ${limits.abortAfterMs} ms after its create arrived.`,
    'Download: only the first request is cut; the server gives the rest to whoever asks for it.',
  ];
}

async function main() {
  const { values } = parseArgs({ options: { json: { type: 'string' } } });
  const startedMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-bench-'));
  const watchdog = setTimeout(() => {
    console.error(`The bench is not over after ${inWords(wholeBoundMs)}: something in it hangs.`);
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  }, wholeBoundMs);
  try {
    console.error('installing the peers …');
    const requirePeer = await installPeers(folder);
    stayOnLoopback();
    const sdks = createSdks(requirePeer);
    console.error('creates and downloads …');
    const early = await measureRows([...firstRows, lastRow], sdks, folder);
    console.error('waits, which take up to four minutes …');
    const later = await measureRows(laterRows, sdks, folder);
    const rows = [...early.slice(0, -1), ...later, ...early.slice(-1)];
    const versions = versionsIn(folder);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    const notes = toNotes(versions, seconds);
    console.log(`${toTable(rows, sdks)}\n\n${notes.map((note) => `- ${note}`).join('\n')}`);
    if (values.json) {
      const facts = { node: process.version, versions, seconds, rows, notes };
      await writeFile(values.json, `${JSON.stringify(facts, undefined, 2)}\n`);
    }
  } finally {
    clearTimeout(watchdog);
    await rm(folder, { recursive: true, force: true });
  }
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
