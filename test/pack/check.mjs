// Packs the library, installs the tarball in an empty folder, and uses it there: from import and from require, from
// TypeScript, and by its examples.
// Usage: node test/pack/check.mjs [NODE_MAJOR …]   (more Node versions to try, fetched with npx)
import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-pack-'));
const here = new URL('.', import.meta.url).pathname;
const versions = process.argv.slice(2);
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AIML|VTRIX)/.test(name)));
const run = (command, args) =>
  execFileSync(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
const execute = promisify(execFile);

try {
  const filename = pack();
  writeFileSync(join(folder, 'package.json'), '{ "name": "an-app", "private": true, "type": "module" }');
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
  for (const version of ['', ...versions]) {
    const [node, ...start] = version ? ['npx', '-y', `node@${version}`] : [process.execPath];
    const made = run(node, [
      ...start,
      'node_modules/.bin/aimlapi-wan',
      'image',
      'a fox',
      '--fake',
      '-q',
      '-o',
      'fox',
    ]);
    if (made.trim() !== join(folder, 'fox.png')) throw new Error(`the command line made ${made}`);
    rmSync(join(folder, 'fox.png'));
    console.log(`node ${version || process.version}: the command line works`);
  }
  // another version changes nothing of these; the examples mostly wait, so that the compiler runs beside them
  if (versions.length === 0) await Promise.all([compileApps(), runExamples(), runJest()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Gives the tarball's name; throws where it holds what it should not, or lacks what it should hold. */
function pack() {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  const [{ filename, files }] = [JSON.parse(packed)]
    .flat()
    .flatMap((entry) => (entry.filename ? [entry] : Object.values(entry)));
  const paths = files.map(({ path }) => path);
  const wanted =
    /^(dist\/|examples\/((queue|web)\/)?[\w.-]+\.(mjs|js|cjs|ts|md|svg|png|html|css)$|(src\/)?README\.md|LICENSE|CHANGELOG\.md|package\.json)/;
  const unwanted = paths.filter((path) => !wanted.test(path));
  if (unwanted.length > 0) throw new Error(`the tarball holds ${unwanted.join(', ')}`);
  const examples = readdirSync('examples', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const missing = examples.filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Error(`the tarball lacks the examples ${missing.join(', ')}`);
  return filename;
}

/** Compiles apps with all declarations checked: with the DOM's types and without those of Node, and the other way. */
async function compileApps() {
  const withDom = { lib: ['es2021', 'dom'], types: [] };
  const withNode = { lib: ['es2021'], types: ['node'], typeRoots: [resolve('node_modules/@types')] };
  const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
  const bundler = { module: 'esnext', moduleResolution: 'bundler' };
  const node10 = { module: 'commonjs', moduleResolution: 'node10' };
  const projects = [
    ['app.ts', { ...withDom, ...nodenext }],
    ['app.cts', { ...withDom, ...nodenext }],
    ['app.ts', { ...withDom, ...bundler }],
    ['app.ts', { ...withDom, ...node10 }],
    ['app.ts', { ...withNode, ...nodenext }],
    ['undici.ts', { ...withNode, ...nodenext }],
    ['undici.cts', { ...withNode, ...nodenext }],
    ['typed-wrapper.ts', { ...withNode, ...nodenext }],
  ];
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: 'es2021',
    noEmit: true,
  };
  for (const [index, [file, options]] of projects.entries()) {
    const source = readdirSync('examples').includes(file) ? 'examples' : join(here, 'types');
    copyFileSync(join(source, file.replace('.cts', '.ts')), join(folder, file));
    const config = { compilerOptions: { ...strict, ...options }, files: [file] };
    const project = join(folder, `tsconfig.${index}.json`);
    writeFileSync(project, JSON.stringify(config));
    const tsc = [resolve('node_modules/typescript/bin/tsc'), '-p', project];
    await execute(process.execPath, tsc, { cwd: folder, env }).catch(({ stdout }) => {
      throw new Error(`${file} does not compile with ${JSON.stringify(options)}:\n${stdout}`);
    });
  }
  console.log(`typescript: ${projects.length} projects compile`);
}

/** Runs each example where it was installed, four at a time: mostly they wait for the embedded API. */
async function runExamples() {
  for (const name of ['ai', 'msw', 'hono', '@hono', '@opentelemetry', 'standardwebhooks'])
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  const parts = ['embed.mjs', 'embedded.mjs', 'embedded-vtrix.mjs', 'chat-tools.mjs', 'webhook-delivery.mjs'];
  // these need a program of their own, or do not end by themselves
  const apart = ['vitest.test.mjs', 'web-endpoint.mjs', 'pg-boss.mjs'];
  const names = readdirSync('examples').filter(
    (name) => name.endsWith('.mjs') && !parts.includes(name) && !apart.includes(name),
  );
  const waiting = [...names];
  const runNext = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift())
      await execute(process.execPath, [`node_modules/aimlapi-wan/examples/${name}`], { cwd: folder, env });
  };
  await Promise.all([runNext(), runNext(), runNext(), runNext()]);
  console.log(`examples: ${names.length} run from the installed package`);
}

/** Runs the example for Jest in an app that has Jest: not one of our dependencies, because it brings 185 packages. */
async function runJest() {
  const app = join(folder, 'jest-app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "name": "a-jest-app", "private": true }');
  await execute('npm', ['install', '--no-audit', '--no-fund', 'jest@30.5.2'], { cwd: app, env });
  copyFileSync('examples/jest.test.cjs', join(app, 'clip.test.cjs'));
  const { stderr } = await execute(process.execPath, ['node_modules/jest/bin/jest.js'], { cwd: app, env });
  if (!/Tests: +2 passed, 2 total/.test(stderr)) throw new Error(`jest says:\n${stderr}`);
  console.log('jest: its example passes');
}
