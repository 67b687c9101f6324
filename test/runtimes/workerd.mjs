import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openRelay } from './relay.mjs';

/** Workers take their behaviour from it; before 2024-11-11 fetch refused `cache`. No flag is set: nothing is of Node. */
const compatibilityDates = ['2024-09-01', '2026-04-01'];

const worker = `
import * as library from './node_modules/aimlapi-wan/dist/index.js';
import * as vtrix from './node_modules/aimlapi-wan/dist/vtrix.js';
import { check } from './app.mjs';
export default {
  async fetch(request) {
    return check({ ...library, ...vtrix }, await request.json()).then(
      (passed) => Response.json({ passed, globals: [typeof process, typeof Buffer] }),
      (error) => Response.json({ error: error.stack }),
    );
  },
};`;

export async function runWorkerd({ folder, key }) {
  const require = createRequire(join(folder, 'package.json'));
  const { version } = require('workerd/package.json');
  let passed = [];
  for (const date of compatibilityDates) passed = await runAt(date, folder, require('miniflare'), key);
  return {
    passed,
    title: `workerd ${version} (compatibility dates ${compatibilityDates.join(' and ')}, no flags)`,
  };
}

async function runAt(compatibilityDate, folder, { Miniflare }, key) {
  const dist = 'node_modules/aimlapi-wan/dist';
  const names = readdirSync(join(folder, dist)).filter((name) => name.endsWith('.js'));
  const modules = ['app.mjs', ...names.map((name) => `${dist}/${name}`)].map((path) => ({
    type: 'ESModule',
    path,
    contents: readFileSync(join(folder, path), 'utf8'),
  }));
  const relay = await openRelay();
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents: worker }, ...modules],
    compatibilityDate,
  });
  try {
    const saves = { says: 'Node.js, Bun and Deno have it', reads: 'Pass toDataUri the bytes' };
    const body = JSON.stringify({ apiKey: key, url: relay.url, saves });
    const answer = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body });
    const { passed, error, globals } = await answer.json();
    if (error) throw new Error(`compatibility date ${compatibilityDate}: ${error}`);
    if (`${globals}` !== 'undefined,undefined') throw new Error(`the worker has globals of Node: ${globals}`);
    return passed;
  } finally {
    await miniflare.dispose();
    await relay.close();
  }
}
