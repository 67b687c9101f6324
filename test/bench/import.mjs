// What it takes to import the package, beside the peers: from the start of a process to the end of the import, less
// the same with nothing to import.
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inShort, medianOf, takeTurns } from './contest.mjs';
import { peerNames } from './peers.mjs';

const forms = {
  ESM: { extension: 'mjs', load: (name) => `import ${JSON.stringify(name)};\n` },
  CJS: { extension: 'cjs', load: (name) => `require(${JSON.stringify(name)});\n` },
};
const nothing = 'an empty module';

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureImport({ folder, isQuick }) {
  await installOurs(folder);
  const names = ['aimlapi-wan', ...peerNames, nothing];
  const rows = [];
  for (const [form, { extension, load }] of Object.entries(forms)) {
    const files = {};
    for (const [index, name] of names.entries()) {
      files[name] = join(folder, `import-${index}.${extension}`);
      await writeFile(
        files[name],
        `${name === nothing ? '' : load(name)}process.stdout.write(String(performance.now()));\n`,
      );
    }
    const start = async (name) => {
      // without the environment, which may have Node read certificates at each start
      const { stdout } = await promisify(execFile)(process.execPath, [files[name]], { env: {} });
      return Number(stdout);
    };
    // once unmeasured: the files come from the disk's cache for all
    await takeTurns(names, 1, start);
    rows.push(...toRows(`cold import, ${form}`, await takeTurns(names, isQuick ? 5 : 40, start)));
  }
  return rows;
}

/** Puts the built package where the peers are, as npm would. */
async function installOurs(folder) {
  const target = join(folder, 'node_modules', 'aimlapi-wan');
  await mkdir(target, { recursive: true });
  for (const path of ['dist', 'package.json']) {
    await cp(new URL(`../../${path}`, import.meta.url), join(target, path), { recursive: true });
  }
}

function toRows(what, { [nothing]: bare, ...timesByName }) {
  const bareMs = medianOf(bare);
  const costs = Object.entries(timesByName).map(([who, times]) => ({
    who,
    times: times.map((ms) => ms - bareMs),
  }));
  const ours = medianOf(costs[0].times);
  const rows = costs.map(({ who, times }) => {
    const row = { what, who, measured: inShort(times, 'ms') };
    if (who === 'aimlapi-wan') return row;
    const ratio = ours / medianOf(times);
    return who === 'replicate'
      ? { ...row, ratio, aim: 'at most 0.5 of replicate', isMet: ratio <= 0.5 }
      : { ...row, ratio };
  });
  return [...rows, { what, who: `${nothing} (taken off above)`, measured: inShort(bare, 'ms') }];
}
