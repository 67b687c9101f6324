import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext, runInThisContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as library from '../../src/index.js';
import { failureOf, makeFolder, serveFiles } from './file-server.js';

/** Where Node's modules come from: a script in one file, run as Jest does, and where there are none. */

let bundle = '';
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['undici'],
    write: false,
  });
  bundle = `(module, exports, require) => {${outputFiles[0]?.text}\n}`;
});

/** Runs the bundle as a script of the vm module, which has no import() of its own. */
function load(run: (source: string) => unknown): typeof library {
  const module: { exports: unknown } = { exports: {} };
  const require = (name: string) => {
    throw new Error(`nothing may be required, such as ${name}`);
  };
  Reflect.apply(run(bundle) as () => void, undefined, [module, module.exports, require]);
  return module.exports as typeof library;
}

const png = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');

describe('a script in one file', () => {
  it('saves, loads and reads pictures', async () => {
    const { createWan, toDataUri } = load((source) => runInThisContext(source));
    const url = await serveFiles((_, response) => response.end(png));
    const wan = createWan({ apiKey: 'k' });
    const path = join(await makeFolder(), 'new/x.png');
    expect(await wan.save(url, path)).toMatchObject({ path, contentType: 'image/png' });
    expect(await readFile(path)).toEqual(png);
    expect(Buffer.from(await wan.download({ url }, { allowPrivateHosts: true }))).toEqual(png);
    expect((await failureOf(wan.download({ url }))).message).toContain('is a private address');
    expect(await toDataUri(path)).toMatch(/^data:image\/png;base64,/);
  });
});

const web = { URL, URLSearchParams, Headers, AbortController, Blob, TextEncoder, TextDecoder, btoa, crypto };
const timers = { setTimeout, clearTimeout, performance };

describe('a script in a context of its own, as under Jest,', () => {
  it('says what errors of Node say, without their stacks', async () => {
    const context = { ...web, ...timers, Buffer, Uint8Array, ArrayBuffer, process, fetch };
    const { createWan, toDataUri } = load((source) => runInNewContext(source, context));
    const url = await serveFiles((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
    });
    const wan = createWan({ apiKey: 'k', maxRetries: 0 });
    const path = join(await makeFolder(), 'x.png');
    for (const [call, said] of [
      [() => wan.download(url), /\/: (other side closed|read ECONNRESET) \(1 bytes received\)$/],
      [() => wan.download('http://127.0.0.1:1/'), /\/: bad port \(0 bytes received\)$/],
      [() => wan.save({ base64: 'aGk=' }, `${path}${'x'.repeat(300)}`), /": ENAMETOOLONG: [^\n]*'$/],
      [() => toDataUri(path), /cannot be read \(ENOENT: [^\n]*\)$/],
    ] as const) {
      expect((await failureOf(call())).message).toMatch(said);
    }
    await writeFile(path, png);
    expect(await toDataUri(png)).toMatch(/^data:image\/png;base64,/);
    expect(await toDataUri(path)).toMatch(/^data:image\/png;base64,/);
    expect((await wan.save({ base64: 'aGk=' }, path)).bytes).toBe(2);
  });
});

describe('a context without Blob and crypto', () => {
  it('saves, and reads what is no Blob', async () => {
    const { Blob: _, crypto: __, ...rest } = web;
    const context = { ...rest, ...timers, Buffer, process };
    const { createWan, toDataUri } = load((source) => runInNewContext(source, context));
    const path = join(await makeFolder(), 'x.png');
    const saved = await createWan({ apiKey: 'k', fetch }).save({ base64: png.toString('base64') }, path);
    expect(saved.bytes).toBe(png.length);
    const uri = `data:image/png;base64,${png.toString('base64')}`;
    for (const source of [path, pathToFileURL(path).href, png, new Uint8Array(png).buffer, new Blob([png])]) {
      expect(await toDataUri(source)).toBe(uri);
    }
    expect((await failureOf(toDataUri({} as never))).message).toContain('is not a path, bytes or a Blob');
  });
});

describe('where Node’s modules are missing', () => {
  const sent: string[] = [];
  const fetch = async (url: string) => {
    sent.push(url);
    return new Response(png);
  };
  it.each([
    ['no process', {}],
    ['a process without getBuiltinModule', { process: { env: {} } }],
    ['a getBuiltinModule that knows none', { process: { env: {}, getBuiltinModule: () => undefined } }],
  ])('(%s) it is said before anything is sent', async (_, globals) => {
    const context = { ...web, ...timers, ...globals };
    const { createWan, toDataUri } = load((source) => runInNewContext(source, context));
    const wan = createWan({ apiKey: 'k', baseUrl: 'https://x.example', fetch });
    for (const path of ['v.png', 'file:///v.png']) {
      const error = await failureOf(wan.save('https://x.example/v.png', path));
      expect(error.name).toBe('TypeError');
      expect(error.message).toMatch(
        /^Cannot save a file: it needs the module "node:\w+" of Node\.js, which this runtime does not have; Node\.js, Bun and Deno have it\. download\(\) gives the bytes instead\.$/,
      );
    }
    const unread = await failureOf(toDataUri('cat.png'));
    expect(unread.name).toBe('TypeError');
    expect(unread.message).toMatch(
      /^Cannot read a file: it needs the module "node:fs\/promises" of Node\.js, .* Pass toDataUri the bytes or a Blob\.$/,
    );
    expect((await failureOf(wan.download({ url: 'http://127.0.0.1/v.png' }))).message).toContain(
      'is a private address',
    );
    expect(sent).toEqual([]);
    expect([...(await wan.download({ url: 'https://x.example/v.png' }))]).toEqual([...png]);
    expect([...(await wan.download({ base64: png.toString('base64') }))]).toEqual([...png]);
    const uri = `data:image/png;base64,${png.toString('base64')}`;
    for (const source of [png, new Blob([png])]) expect(await toDataUri(source)).toBe(uri);
    sent.length = 0;
  });
});

describe('the sources of what is not for Node alone', () => {
  it('import no module of Node', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/^(cli|fake|undici)\/|undici-/.test(file),
    );
    const importing = files.filter((file) =>
      /(\bfrom |\bimport\(|\bimport |\brequire\()'node:/.test(readFileSync(join('src', file), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(20);
    expect(importing).toEqual([]);
  });
});
