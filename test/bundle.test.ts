import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';

/** What an app pays for the import: no clock in it, so that it holds on any machine. */

describe('the main entry, bundled and minified for Node', () => {
  let bundle: Uint8Array = new Uint8Array();
  let modules: string[] = [];

  beforeAll(async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: ['src/index.ts'],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      external: ['undici'],
      metafile: true,
      write: false,
    });
    bundle = outputFiles[0]?.contents ?? bundle;
    const { inputs = {} } = Object.values(metafile.outputs)[0] ?? {};
    modules = Object.keys(inputs).filter((path) => inputs[path]?.bytesInOutput);
  });

  it('is at most 60 kB, and 23.2 kB gzipped, with all models', () => {
    expect(bundle.byteLength).toBeGreaterThan(10_000);
    expect(bundle.byteLength).toBeLessThanOrEqual(60_000);
    expect(gzipSync(bundle).byteLength).toBeLessThanOrEqual(23_200);
  });

  it('takes of its dependencies the core of zod alone', () => {
    const packages = modules.filter((path) => path.includes('node_modules/'));
    expect(packages.filter((path) => !path.startsWith('node_modules/zod/v4/core/'))).toEqual([]);
    expect(packages.length).toBeGreaterThan(3);
  });
});

describe('importing the main entry', () => {
  it('builds nothing of a schema; the first call of a model does', async () => {
    vi.resetModules();
    const built: string[] = [];
    vi.doMock('../src/schema.js', async (importActual) => {
      const actual = await importActual<typeof import('../src/schema.js')>();
      const spies = Object.entries(actual).map(([name, made]) => {
        const spy = (...given: never[]): unknown => {
          built.push(name);
          return Reflect.apply(made, undefined, given);
        };
        return [name, spy];
      });
      return Object.fromEntries(spies);
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
    expect(built.filter((name) => name === 'strictObject')).toHaveLength(1);
    vi.doUnmock('../src/schema.js');
  });
});
