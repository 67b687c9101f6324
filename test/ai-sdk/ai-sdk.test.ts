import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

/** The built package with the real AI SDK: version 6 on this Node, version 7 on the one that it needs. */

const execute = promisify(execFile);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  name: string;
  version: string;
  node: string;
  error?: string;
}

/** An empty app that has this package, and `ai` from the registry or from this project's own folder. */
async function makeApp(ai?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-ai-sdk-'));
  folders.push(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "an-app", "private": true, "type": "module" }');
  mkdirSync(join(folder, 'node_modules'));
  if (ai)
    await execute('npm', ['install', '--no-audit', '--no-fund', '--no-save', `ai@${ai}`], { cwd: folder });
  else symlinkSync(resolve('node_modules/ai'), join(folder, 'node_modules/ai'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/aimlapi-wan'));
  return folder;
}

async function runCases(folder: string, command: string, ...given: string[]): Promise<Outcome[]> {
  const { stdout } = await execute(command, [...given, 'test/ai-sdk/run.mjs', folder]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const built = existsSync('dist/ai-sdk.js');
const missing = 'skipped, because dist/ is missing (npm run build)';

/** Version 7 and a Node for it cannot be had without a network. */
const node24 = ['npx', '-y', 'node@24'] as const;
const app7 = built
  ? await Promise.all([makeApp('7.0.173'), execute(node24[0], [...node24.slice(1), '--version'])])
      .then(([folder]) => folder)
      .catch(() => undefined)
  : undefined;
const not7 = built ? 'skipped, because ai 7 or Node 24 cannot be fetched here' : missing;

const apps = [
  { title: `ai 6${built ? '' : `: ${missing}`}`, isThere: built, major: 6, run: [process.execPath] },
  {
    title: `ai 7${app7 ? '' : `: ${not7}`}`,
    isThere: app7 !== undefined,
    major: 7,
    run: node24,
  },
] as const;

describe.each(apps)('$title', ({ isThere, major, run: [command, ...given] }) => {
  const folderOf = () => (major === 7 && app7 ? Promise.resolve(app7) : makeApp());

  it.skipIf(!isThere)(
    'pays once for each create, and gives back what was made',
    async () => {
      const outcomes = await runCases(await folderOf(), command, ...given);
      expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(new Set(outcomes.map(({ version }) => version.split('.')[0]))).toEqual(new Set([String(major)]));
      expect(outcomes.length).toBeGreaterThan(major === 7 ? 25 : 21);
    },
    300_000,
  );

  it.skipIf(!isThere).each([
    ['import', 'esm.mjs', "import { aimlapi } from 'aimlapi-wan/ai-sdk'; import * as ai from 'ai';"],
    ['require', 'cjs.cjs', "const { aimlapi } = require('aimlapi-wan/ai-sdk'); const ai = require('ai');"],
  ])(
    'loads by %s',
    async (_, file, load) => {
      const folder = await folderOf();
      const use = `const model = aimlapi.image('wan2.5-t2i-preview');
      ai.createProviderRegistry({ aimlapi }).imageModel('aimlapi:x/y');
      console.log(typeof ai.generateImage, model.maxImagesPerCall);`;
      writeFileSync(join(folder, file), `${load}\n${use}`);
      const { stdout } = await execute(command, [...given, join(folder, file)]);
      expect(stdout).toBe('function 4\n');
    },
    60_000,
  );

  it.skipIf(!isThere).each([
    ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
    [
      'bundler, without exactOptionalPropertyTypes',
      { module: 'esnext', moduleResolution: 'bundler', exactOptionalPropertyTypes: false },
    ],
  ])(
    'fits the types of the AI SDK (%s)',
    async (_, options) => {
      const folder = await folderOf();
      const app = major === 7 ? 'app7.ts' : 'app.ts';
      cpSync('test/ai-sdk/types', folder, { recursive: true });
      const compilerOptions = {
        strict: true,
        exactOptionalPropertyTypes: true,
        // the declarations of ai need more than an app has; test/pack checks ours
        skipLibCheck: true,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: [],
        noEmit: true,
        ...options,
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [app] }));
      const tsc = resolve('node_modules/typescript/bin/tsc');
      const said = await execute(process.execPath, [tsc, '-p', folder]).catch(({ stdout }) => ({ stdout }));
      expect(said.stdout).toBe('');
    },
    120_000,
  );
});
