// Runs the packed library in other runtimes than Node: it creates, waits, downloads, loses answers and aborts there, against
// the embedded API. The runtimes are fetched into a temporary folder. A runtime that cannot be had is skipped, and said so.
// Usage: npm run build && node test/runtimes/run.mjs [NAME …]   (bun, deno, workerd, page; all of them if none is named)
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPage } from './page.mjs';
import { realKey } from './relay.mjs';
import { runBun, runDeno, runDenoSaving } from './terminals.mjs';
import { runWorkerd } from './workerd.mjs';

/** What the npm registry has of each. miniflare is the newest that runs on Node 20. */
const packages = { bun: '1.4.5', deno: '2.9.6', miniflare: '4.20260426.0', vite: '7.3.8' };

const runtimes = [
  { name: 'bun', needs: ['bun'], run: runBun },
  { name: 'deno', needs: ['deno'], run: runDeno },
  { name: 'deno', needs: ['deno'], run: runDenoSaving },
  { name: 'workerd', needs: ['miniflare'], run: runWorkerd },
  { name: 'page', needs: ['vite'], run: openPage },
];

const wanted = process.argv.slice(2);
const chosen = runtimes.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-runtimes-'));
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  const here = new URL('.', import.meta.url).pathname;
  for (const file of ['app.mjs', 'terminal.mjs']) cpSync(join(here, file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), '{ "name": "an-app", "private": true, "type": "module" }');
  npm('install', packLibrary());
  const missing = new Set(
    [...new Set(chosen.flatMap(({ needs }) => needs))].filter((name) => !fetchPackage(name)),
  );
  for (const { name, needs, run } of chosen) {
    const lacking = needs.filter((need) => missing.has(need));
    if (lacking.length > 0) skip(name, `${lacking.join(', ')} cannot be installed`);
    else await attempt(name, run);
  }
} finally {
  // a browser that was killed may still be writing
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
console.log(`runtimes: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed > 0) process.exitCode = 1;

async function attempt(name, run) {
  try {
    const { title, passed, missing } = await run({ folder, key: realKey });
    if (missing) return skip(name, missing);
    counts.passed += 1;
    console.log(`${title}: ${passed.join(', ')}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`${name} FAILED: ${error.stack ?? error}`);
  }
}

function skip(name, why) {
  counts.skipped += 1;
  console.log(`${name} SKIPPED: ${why}`);
}

function packLibrary() {
  const options = ['--ignore-scripts', '--json', '--pack-destination', folder];
  const packed = JSON.parse(execFileSync('npm', ['pack', ...options], { encoding: 'utf8' }));
  const [{ filename }] = [packed]
    .flat()
    .flatMap((entry) => (entry.filename ? [entry] : Object.values(entry)));
  return `./${filename}`;
}

function fetchPackage(name) {
  try {
    npm('install', `${name}@${packages[name]}`);
    return true;
  } catch {
    return false;
  }
}

function npm(...args) {
  execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
}
