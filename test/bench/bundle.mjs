// What the package adds to an app that is bundled and minified for Node, beside the peers.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { peerNames } from './peers.mjs';

const inKb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureBundle({ folder }) {
  const what = 'bundle, minified for Node';
  const ours = await bundle('aimlapi-wan', new URL('../..', import.meta.url).pathname);
  const peers = await Promise.all(
    peerNames.map(async (who) => {
      const size = await bundle(who, folder);
      return { what, who, measured: inWords(size), ratio: ours.minified / size.minified };
    }),
  );
  return [
    {
      what,
      who: 'aimlapi-wan',
      measured: inWords(ours),
      aim: 'at most 80 kB, 30 kB gzipped',
      isMet: ours.minified <= 80_000 && ours.gzipped <= 30_000,
    },
    ...peers,
  ];
}

const inWords = ({ minified, gzipped }) => `${inKb(minified)}, ${inKb(gzipped)} gzipped`;

/** All that the package exports, as an app that uses everything of it. */
async function bundle(name, resolveDir) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${name}'; export * as all from '${name}';`, resolveDir },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['undici'],
    write: false,
    logLevel: 'error',
  });
  const [{ contents }] = outputFiles;
  return { minified: contents.byteLength, gzipped: gzipSync(contents).byteLength };
}
