// What it takes to import the package, beside the peers: processor time of a process that imports it, less that of one
// that imports nothing. And the same for ours with a first create, which loads the rest.
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inShort, medianOf, takeTurns } from './contest.mjs';
import { peerNames } from './peers.mjs';

const forms = {
  ESM: { extension: 'mjs', load: (name) => `import ${JSON.stringify(name)};\n`, most: 0.3 },
  CJS: { extension: 'cjs', load: (name) => `require(${JSON.stringify(name)});\n`, most: 0.58 },
};
const nothing = 'an empty module';
const firstCreate = 'aimlapi-wan, with a first create';
const mostFirstMs = 65;
const tellCpu =
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); });\n';
const create = `import { createWan } from 'aimlapi-wan';
const answer = new Response('{"data":[{"url":"https://example.com/a.png"}]}');
const wan = createWan({ apiKey: 'no-key-is-needed-here', fetch: async () => answer });
await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a lighthouse' });\n`;

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureImport({ folder, isQuick }) {
  await installOurs(folder);
  const rows = [];
  for (const [form, { extension, load, most }] of Object.entries(forms)) {
    const sources = Object.fromEntries(['aimlapi-wan', ...peerNames].map((name) => [name, load(name)]));
    sources[nothing] = '';
    if (form === 'ESM') sources[firstCreate] = create;
    const names = Object.keys(sources);
    const start = await writeAll(folder, extension, sources);
    // once unmeasured: the files come from the disk's cache for all
    await takeTurns(names, 1, start);
    rows.push(...toRows(`cold import, CPU, ${form}`, most, await takeTurns(names, isQuick ? 5 : 30, start)));
  }
  return rows;
}

/** Gives the function that starts one of them, and tells its milliseconds. */
async function writeAll(folder, extension, sources) {
  const files = {};
  for (const [index, [name, source]] of Object.entries(sources).entries()) {
    files[name] = join(folder, `import-${index}.${extension}`);
    await writeFile(files[name], `${source}${tellCpu}`);
  }
  return async (name) => {
    // without the environment, which may have Node read certificates at each start
    const { stdout } = await promisify(execFile)(process.execPath, [files[name]], { env: {} });
    return Number(stdout);
  };
}

/** Puts the built package where the peers are, as npm would. */
async function installOurs(folder) {
  const target = join(folder, 'node_modules', 'aimlapi-wan');
  await mkdir(target, { recursive: true });
  for (const path of ['dist', 'package.json']) {
    await cp(new URL(`../../${path}`, import.meta.url), join(target, path), { recursive: true });
  }
}

function toRows(what, most, { [nothing]: bare, [firstCreate]: first, ...timesByName }) {
  const bareMs = medianOf(bare);
  const over = (times) => times.map((ms) => ms - bareMs);
  const ours = medianOf(over(timesByName['aimlapi-wan']));
  const rows = Object.entries(timesByName).map(([who, times]) => {
    const row = { what, who, measured: inShort(over(times), 'ms') };
    if (who === 'aimlapi-wan') return row;
    const ratio = ours / medianOf(over(times));
    return who === 'replicate'
      ? { ...row, ratio, aim: `at most ${most} of replicate`, isMet: ratio <= most }
      : { ...row, ratio };
  });
  if (first) {
    const aim = { aim: `at most ${mostFirstMs} ms`, isMet: medianOf(over(first)) <= mostFirstMs };
    rows.push({ what, who: firstCreate, measured: inShort(over(first), 'ms'), ...aim });
  }
  return [...rows, { what, who: `${nothing} (taken off above)`, measured: inShort(bare, 'ms') }];
}
