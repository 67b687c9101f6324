import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { openRelay, pageKey } from './relay.mjs';

const longestRunMs = 120_000;
const types = { '.html': 'text/html', '.js': 'text/javascript' };

const script = `
import * as library from 'aimlapi-wan';
import * as vtrix from 'aimlapi-wan/vtrix';
import { check } from '../app.mjs';
const saves = { says: 'Node.js, Bun and Deno have it', reads: 'Pass toDataUri the bytes' };
const facts = { apiKey: '${pageKey}', url: location.origin, isPage: true, saves };
const report = (found) => fetch('/report', { method: 'POST', body: JSON.stringify(found) });
check({ ...library, ...vtrix }, facts).then((passed) => report({ passed }), (error) => report({ error: String(error.stack) }));
`;

/** Builds a page with Vite and opens it in Chromium. The page reaches the API through a relay, which has the key. */
export async function openPage({ folder }) {
  const chromium = ['chromium', 'chromium-browser', 'google-chrome'].map(versionOf).find(Boolean);
  if (!chromium) return { missing: 'there is no chromium' };
  const { viteVersion, built } = await buildPage(folder);
  let found;
  const reported = new Promise((resolve) => {
    found = resolve;
  });
  const relay = await openRelay({
    isForPages: true,
    async serve(incoming, outgoing) {
      if (incoming.url === '/report') {
        found(await json(incoming));
        outgoing.end();
        return true;
      }
      const path = join(built, incoming.url === '/' ? 'index.html' : incoming.url.split('?')[0]);
      if (!existsSync(path) || !types[extname(path)]) return false;
      outgoing.writeHead(200, { 'content-type': types[extname(path)] }).end(readFileSync(path));
      return true;
    },
  });
  const profile = mkdtempSync(join(folder, 'profile-'));
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
  ];
  // in a group of its own, so that the processes that it starts end with it
  const browser = spawn(chromium.name, [...options, `--user-data-dir=${profile}`, relay.url], {
    stdio: 'ignore',
    detached: true,
  });
  const closed = new Promise((resolve) => browser.once('close', resolve));
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the page reported nothing for ${longestRunMs} ms`)),
        longestRunMs,
      );
    });
    const { passed, error } = await Promise.race([reported, late]);
    if (error) throw new Error(error);
    return {
      passed,
      title: `page, vite ${viteVersion}, chromium ${chromium.version} (its relay stopped ${relay.repeats} repeats)`,
    };
  } finally {
    clearTimeout(timer);
    process.kill(-browser.pid, 'SIGKILL');
    await closed;
    await relay.close();
  }
}

function versionOf(name) {
  try {
    const said = execFileSync(name, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return { name, version: /\d+(\.\d+)+/.exec(said)?.[0] };
  } catch {
    return undefined;
  }
}

async function buildPage(folder) {
  const root = join(folder, 'page');
  mkdirSync(root);
  writeFileSync(join(root, 'index.html'), '<!doctype html><script type="module" src="/main.js"></script>');
  writeFileSync(join(root, 'main.js'), script);
  const { resolve } = createRequire(join(folder, 'package.json'));
  const { build, version } = await import(pathToFileURL(resolve('vite')).href);
  const warnings = [];
  const customLogger = {
    ...{ info() {}, clearScreen() {}, hasErrorLogged: () => false, hasWarned: false },
    warn: (message) => warnings.push(message),
    warnOnce: (message) => warnings.push(message),
    error: (message) => warnings.push(message),
  };
  await build({ root, customLogger, configFile: false });
  if (warnings.length > 0) throw new Error(`vite warns: ${warnings.join('\n')}`);
  return { viteVersion: version, built: join(root, 'dist') };
}
