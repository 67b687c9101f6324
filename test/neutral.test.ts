import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFakeApi } from '../src/fake/fake-api.js';
import type * as main from '../src/index.js';

/** What index.ts loads runs where only the web's globals are: on the way to a result in hand nothing else is needed. */

const nodeOnly = [
  'Buffer',
  'process',
  'global',
  'require',
  '__dirname',
  '__filename',
  'setImmediate',
  'clearImmediate',
];

/** The door with all that it loads, as one script. A global of Node that is used without a guard gets another name. */
async function bundle(door: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [`src/${door}.ts`],
    bundle: true,
    platform: 'neutral',
    format: 'cjs',
    mainFields: ['module', 'main'],
    define: Object.fromEntries(nodeOnly.map((name) => [name, `unguarded_${name}`])),
    external: ['node:*'],
    metafile: true,
    write: false,
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  return { text: outputFiles[0]?.text ?? '', imported };
}

describe.each(['index', 'vtrix', 'ai-sdk'])('the sources of %s', (door) => {
  it('use no global of Node without a guard, and import no module of Node', async () => {
    const { text, imported } = await bundle(door);
    expect(text.length).toBeGreaterThan(10_000);
    expect([...text.matchAll(/unguarded_\w+/g)].map(String)).toEqual([]);
    expect(imported).toEqual([]);
    expect([...text.matchAll(/\b(from|import|require)\W{1,2}node:/g)].map(String)).toEqual([]);
  });
});

/** What browsers, Workers, Bun and Deno all have. */
const web = {
  ...{ URL, URLSearchParams, Headers, Response, ReadableStream, AbortController, AbortSignal, DOMException },
  ...{ Blob, TextEncoder, TextDecoder, btoa, crypto, performance, clearTimeout, console },
  // as in a page: a number, without the methods of Node's timers
  setTimeout: (...given: Parameters<typeof setTimeout>) => Number(setTimeout(...given)),
};

describe('with the globals of the web alone', () => {
  let source = '';
  beforeAll(async () => {
    source = (await bundle('index')).text;
  });

  function open() {
    const module: { exports: unknown } = { exports: {} };
    runInNewContext(`(module) => {${source}\n}`, web)(module);
    const api = createFakeApi({ videoSeconds: 0.05, images: 'base64' });
    const library = module.exports as typeof main;
    const wan = library.createWan({
      apiKey: 'k',
      baseUrl: 'http://127.0.0.1:9',
      fetch: api.fetch,
      maxRetries: 1,
    });
    return { ...library, api, wan };
  }

  const input = { model: 'wan2.2-t2v-plus', prompt: 'ein Leuchtturm in Öl' } as const;

  it('a video is made, awaited, found again and downloaded', async () => {
    const { api, wan, OutcomeUnknownError } = open();
    const video = await wan.pollUntilDone(await wan.generateVideo(input), { intervalMs: 20 });
    expect((await wan.download(video)).byteLength).toBeGreaterThan(1_000);
    api.fault({ on: 'video', kind: 'reset', accepted: true });
    const lost = await wan.generateVideo(input).catch((error) => error);
    expect(lost).toBeInstanceOf(OutcomeUnknownError);
    expect(lost.message).toContain(lost.clientRequestId);
    expect(api.generations).toBe(2);
    expect(await wan.recoverVideo(lost, { maxWaitMs: 0 })).toMatchObject({ provider: 'aimlapi' });
  });

  it('a picture comes as base64, and a local one becomes a data URI', async () => {
    const { wan, toDataUri } = open();
    const { images } = await wan.generateImage({ model: 'wan2.2-t2i-plus', prompt: 'x' });
    const bytes = await wan.download(images[0]);
    expect(Buffer.from(bytes).equals(Buffer.from(images[0].base64 ?? '', 'base64'))).toBe(true);
    expect(await toDataUri(bytes)).toBe(`data:image/png;base64,${images[0].base64}`);
    expect(await toDataUri(new Blob([Uint8Array.from(bytes)]))).toBe(
      `data:image/png;base64,${images[0].base64}`,
    );
  });

  it('errors say what is the case', async () => {
    const { api, wan, createWan } = open();
    await expect(wan.generateVideo({ ...input, prompt: 5 as never })).rejects.toThrow(/prompt/);
    api.fault({ on: 'video', kind: 'error', status: 402, message: 'no more credits for Bearer k' });
    await expect(wan.generateVideo(input)).rejects.toThrow(/402: no more credits for Bearer \*\*\*/);
    await expect(wan.save({ base64: 'aGk=' }, 'x.png')).rejects.toThrow(/"node:path" of Node\.js/);
    await expect(wan.generateVideo(input, { signal: AbortSignal.abort('mine') })).rejects.toBe('mine');
    await expect(createWan({}).generateVideo(input)).rejects.toThrow('there is no key');
  });
});
