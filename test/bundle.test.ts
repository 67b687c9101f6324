import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

/** What an app pays for the import: no clock in it, so that it holds on any machine. */

async function bundleAs(format: 'esm' | 'cjs') {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    external: ['undici'],
    metafile: true,
    write: false,
  });
  const { inputs = {}, imports = [] } = Object.values(metafile.outputs)[0] ?? {};
  return {
    bundle: outputFiles[0]?.contents ?? new Uint8Array(),
    modules: Object.keys(inputs).filter((path) => inputs[path]?.bytesInOutput),
    loadedAtOnce: imports.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path),
  };
}

describe('the main entry, bundled and minified for Node', () => {
  let bundle: Uint8Array = new Uint8Array();
  let modules: string[] = [];

  beforeAll(async () => {
    ({ bundle, modules } = await bundleAs('esm'));
  });

  it('is at most 102.5 kB, and 38.7 kB gzipped, with all models and what they need of zod', () => {
    expect(bundle.byteLength).toBeGreaterThan(10_000);
    expect(bundle.byteLength).toBeLessThanOrEqual(102_500);
    expect(gzipSync(bundle).byteLength).toBeLessThanOrEqual(38_700);
  });

  it('makes no code from text: a page whose policy forbids that would report it', () => {
    expect(Buffer.from(bundle).toString()).not.toMatch(/\bFunction\(|\beval\(/);
  });

  it('takes of its dependencies the core of zod and zod/mini alone, and no JSON Schema', () => {
    const packages = modules.filter((path) => path.includes('node_modules/'));
    expect(packages.filter((path) => !/^node_modules\/zod\/v4\/(core|mini)\//.test(path))).toEqual([]);
    expect(packages.filter((path) => path.includes('json-schema'))).toEqual([]);
    expect(packages.length).toBeGreaterThan(3);
  });
});

describe('importing the main entry', () => {
  it.each([
    ['esm', 'mjs', (file: string) => `await import('${file}')`],
    ['cjs', 'cjs', (file: string) => `require('${file}')`],
  ] as const)(
    'as %s loads no other module, starts nothing, and leaves the process as it was',
    async (format, ending, load) => {
      const { bundle, loadedAtOnce } = await bundleAs(format);
      expect(loadedAtOnce.filter((path) => !path.startsWith('node:'))).toEqual([]);
      const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const file = join(folder, `bundle.${ending}`);
      await writeFile(file, bundle);
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
