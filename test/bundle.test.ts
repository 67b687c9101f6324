import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

/** What an app pays for the import: no clock in it, so that it holds on any machine. */

/** Bundles an app that imports the built package. */
async function bundle(source: string, format: 'esm' | 'cjs' = 'esm') {
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    metafile: true,
    logLevel: 'silent',
    write: false,
  });
  expect(warnings).toEqual([]);
  const { imports = [] } = Object.values(metafile.outputs)[0] ?? {};
  return {
    bundled: outputFiles[0]?.contents ?? new Uint8Array(),
    loadedAtOnce: imports.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path),
  };
}

describe('an app, bundled and minified', () => {
  it.each([
    ['everything', "export * from './dist/index.js'", 140_200, 53_050],
    ['only ApiError', "export { ApiError } from './dist/index.js'", 3_000, 3_000],
    ['only toDataUri', "export { toDataUri } from './dist/index.js'", 11_330, 5_100],
  ])('that uses %s has at most as many bytes as before', async (_, source, mostBytes, mostGzipped) => {
    const { bundled } = await bundle(source);
    expect(bundled.byteLength).toBeGreaterThan(1_000);
    expect(bundled.byteLength).toBeLessThanOrEqual(mostBytes);
    expect(gzipSync(bundled).byteLength).toBeLessThanOrEqual(mostGzipped);
  });
});

it('makes no code from text: a page whose policy forbids that would report it', async () => {
  const { bundled } = await bundle("export * from './dist/index.js'");
  expect(Buffer.from(bundled).toString()).not.toMatch(/\bFunction\(|\beval\(/);
});

describe('what an import loads', () => {
  it.each([
    ['index.js', 17_500, /\bfrom '(\.\/[^']+)'|\bimport '(\.\/[^']+)'/g],
    ['index.cjs', 23_300, /\brequire\('(\.\/[^']+)'\)/g],
  ])('of %s is at most %i bytes of code', (entry, mostBytes, pattern) => {
    const seen = new Map<string, string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      // what a function loads, it loads when it is called
      const code = readFileSync(`dist/${file}`, 'utf8').replace(
        /Promise\.resolve\(\)\.then\(.*?require.*/g,
        '',
      );
      seen.set(file, code);
      for (const [, named, bare] of code.matchAll(pattern)) visit((named ?? bare ?? '').slice(2));
    };
    visit(entry);
    const bytes = [...seen.values()].reduce((sum, code) => sum + code.length, 0);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThanOrEqual(mostBytes);
  });

  it('is loaded without import() in CommonJS, which Jest does not have', () => {
    const files = readdirSync('dist').filter((file) => file.endsWith('.cjs'));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => /\bimport\(/.test(readFileSync(`dist/${file}`, 'utf8')))).toEqual([]);
  });
});

describe('importing the main entry', () => {
  it.each([
    ['esm', 'mjs', (file: string) => `await import('${file}')`],
    ['cjs', 'cjs', (file: string) => `require('${file}')`],
  ] as const)(
    'as %s loads no other module, starts nothing, and leaves the process as it was',
    async (format, ending, load) => {
      const { bundled, loadedAtOnce } = await bundle("export * from './dist/index.js'", format);
      expect(loadedAtOnce.filter((path) => !path.startsWith('node:'))).toEqual([]);
      const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const file = join(folder, `bundle.${ending}`);
      await writeFile(file, bundled);
      const look = `({
      modules: process.moduleLoadList.filter((name) => name.startsWith('NativeModule')),
      globals: Reflect.ownKeys(globalThis).map(String).filter((name) => !name.startsWith('__zod')),
      resources: process.getActiveResourcesInfo(),
    })`;
      const script = join(folder, `look.${ending}`);
      // twice: the first look itself may load something
      await writeFile(
        script,
        `const look = () => ${look}; look(); const before = look(); ${load(pathToFileURL(file).pathname)}; const after = look();
       process.stdout.write(JSON.stringify({ before, after }));`,
      );
      const { stdout } = await promisify(execFile)(process.execPath, [script]);
      const { before, after } = JSON.parse(stdout);
      expect(after).toEqual(before);
      expect(before.modules.length).toBeGreaterThan(10);
    },
  );

  it('builds nothing of a schema; the first call of a model does', async () => {
    vi.resetModules();
    const built: unknown[] = [];
    vi.doMock('zod/mini', async (importActual) => {
      const actual = await importActual<typeof import('zod/mini')>();
      const strictObject: typeof actual.strictObject = (...given) => {
        built.push(given);
        return actual.strictObject(...given);
      };
      return { ...actual, strictObject };
    });
    const { createWan } = await import('../src/index.js');
    expect(built).toEqual([]);
    const wan = createWan({
      apiKey: 'test',
      fetch: () => Promise.reject(new Error('no network')),
      maxRetries: 0,
    });
    expect(built).toEqual([]);
    await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }).catch(() => {});
    expect(built).toHaveLength(1);
    vi.doUnmock('zod/mini');
  });
});
