// Packs the library, installs the tarball in an empty folder, and uses it there from import and from require.
// Usage: node test/pack/check.mjs [NODE_MAJOR …]   (more Node versions to try, fetched with npx)
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-pack-'));
const here = new URL('.', import.meta.url).pathname;
const versions = process.argv.slice(2);
const run = (command, args) =>
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });

try {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  const [{ filename, files }] = [JSON.parse(packed)]
    .flat()
    .flatMap((entry) => (entry.filename ? [entry] : Object.values(entry)));
  const unwanted = files.filter(
    ({ path }) => !/^(dist\/|README\.md|LICENSE|CHANGELOG\.md|package\.json)/.test(path),
  );
  if (unwanted.length > 0)
    throw new Error(`the tarball holds ${unwanted.map(({ path }) => path).join(', ')}`);
  writeFileSync(join(folder, 'package.json'), '{ "name": "an-app", "private": true }');
  run('npm', ['install', '--no-audit', '--no-fund', `./${filename}`]);
  const installed = JSON.parse(readFileSync(join(folder, 'node_modules/aimlapi-wan/package.json'), 'utf8'));
  if (Object.keys(installed.dependencies).join() !== 'undici')
    throw new Error('undici is not the only dependency');
  for (const app of ['app.mjs', 'app.cjs']) {
    copyFileSync(join(here, app), join(folder, app));
    console.log(`node ${process.version}: ${run(process.execPath, [app]).trim()}`);
    for (const version of versions) {
      console.log(`node ${version}: ${run('npx', ['-y', `node@${version}`, app]).trim()}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
