import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWan, DownloadError } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

let folder: string;
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** A file server that does just what the test says. */
async function serveFiles(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const wan = createWan({ apiKey: 'secret-key-1', maxRetries: 0 });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );
const bytes = Buffer.alloc(300_000, 'aimlapi-wan ');

describe('save()', () => {
  it('writes the file, makes its folders, and leaves nothing else', async () => {
    const url = await serveFiles((_, response) =>
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': bytes.length }).end(bytes),
    );
    const path = join(folder, 'a/b/video.mp4');
    const progress: object[] = [];
    const saved = await wan.save(`${url}/v.mp4`, path, { onProgress: (step) => progress.push(step) });
    expect(saved).toEqual({ path, bytes: bytes.length, contentType: 'video/mp4' });
    expect(await readFile(path)).toEqual(bytes);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['video.mp4']);
    expect(progress.at(-1)).toEqual({ bytes: bytes.length, totalBytes: bytes.length });
  });

  it('takes base64, a file URL as the path, and replaces a file of that name', async () => {
    const path = join(folder, 'x.png');
    await writeFile(path, 'old');
    const png = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');
    const saved = await wan.save({ base64: png.toString('base64') }, pathToFileURL(path));
    expect(saved).toEqual({ path, bytes: png.length, contentType: 'image/png' });
    expect(await readFile(path)).toEqual(png);
  });

  it('sends no key, and asks for the file as it is', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const server = await api.listen();
    const client = createWan({ apiKey: 'secret-key-1', baseUrl: server.url });
    const { images } = await client.generateImage({
      model: 'wan2.5-t2i-preview',
      prompt: 'x',
      image_size: 'square',
    });
    await client.save(images[0], join(folder, 'x.png'));
    const { headers } = api.requests.at(-1) ?? {};
    expect(headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(headers).not.toHaveProperty('authorization');
    await server.close();
  });

  it.each<[string, RequestListener, string]>([
    [
      'a body that breaks off',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 1000 }).write('half', () => response.destroy()),
      'DownloadError',
    ],
    ['an error page', (_, response) => response.writeHead(500).end('no'), 'the answer was 500'],
    ['a refused link', (_, response) => response.writeHead(403).end('expired'), 'the answer was 403'],
    [
      'redirects without end',
      (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
      'redirected more than 5 times',
    ],
    [
      'a redirect to a file',
      (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'no http(s) URL',
    ],
  ])('leaves no file after %s', async (_, listener, said) => {
    const url = await serveFiles(listener);
    const error = await failure(wan.save(`${url}/v.mp4?Signature=do-not-show-me`, join(folder, 'v.mp4')));
    expect(error).toBeInstanceOf(DownloadError);
    expect(`${error.name} ${error.message}`).toContain(said);
    expect(error.message).not.toContain('do-not-show-me');
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows no password of an address that it is redirected to', async () => {
    const location = 'http://bob:do-not-show-me@127.0.0.1/';
    const url = await serveFiles((_, response) => response.writeHead(302, { location }).end());
    const error = await failure(wan.save(url, join(folder, 'x')));
    expect(error).toMatchObject({
      name: 'DownloadError',
      message: expect.stringContaining('holds a password'),
    });
    expect(inspect(error)).not.toContain('do-not-show-me');
  });

  it('follows redirects, five of them', async () => {
    const url = await serveFiles((request, response) => {
      const hop = Number(request.url?.slice(1));
      if (hop < 5) response.writeHead(307, { location: `/${hop + 1}` }).end();
      else response.end('there');
    });
    expect(Buffer.from(await wan.download(`${url}/0`)).toString()).toBe('there');
  });

  it('gives up on a transfer that stalls, and leaves no file', async () => {
    const url = await serveFiles(
      (_, response) => void response.writeHead(200, { 'content-length': 1000 }).write('half'),
    );
    const error = await failure(wan.save(`${url}/v.mp4`, join(folder, 'v.mp4'), { stallTimeoutMs: 100 }));
    expect(error).toMatchObject({ name: 'DownloadError', bytesReceived: 4 });
    expect(error.message).toContain('nothing arrived for 100 ms');
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends at once with the caller’s reason, and leaves no file', async () => {
    const url = await serveFiles(
      (_, response) => void response.writeHead(200, { 'content-length': 1000 }).write('half'),
    );
    const controller = new AbortController();
    const reason = { mine: true };
    const saving = failure(
      wan.save(`${url}/v.mp4`, join(folder, 'v.mp4'), {
        signal: controller.signal,
        onProgress: () => controller.abort(reason),
      }),
    );
    expect(await saving).toBe(reason);
    expect(await readdir(folder)).toEqual([]);
    expect(
      await failure(wan.save(`${url}/v.mp4`, join(folder, 'v.mp4'), { signal: AbortSignal.abort(reason) })),
    ).toBe(reason);
  });

  it('checks maxBytes against the announced and the real length', async () => {
    const announced = await serveFiles((_, response) =>
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
    );
    const chunked = await serveFiles((_, response) => response.end(bytes));
    for (const url of [announced, chunked]) {
      const error = await failure(wan.save(`${url}/v`, join(folder, 'v'), { maxBytes: bytes.length - 1 }));
      expect(error.message).toContain(`more than maxBytes (${bytes.length - 1})`);
      expect(await wan.save(`${url}/v`, join(folder, 'v'), { maxBytes: bytes.length })).toMatchObject({
        bytes: bytes.length,
      });
    }
  });

  it('says what is wrong with a path it cannot write to, and the media stays usable', async () => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'file'), '');
    const media = { base64: 'aGk=' };
    expect(await failure(wan.save(media, join(folder, 'taken')))).toMatchObject({
      name: 'DownloadError',
      message: expect.stringContaining('it is a folder'),
    });
    const error = await failure(wan.save(media, join(folder, 'file/x.png')));
    expect(error).toMatchObject({
      name: 'DownloadError',
      cause: { code: expect.stringMatching(/ENOTDIR|EEXIST/) },
    });
    expect(await wan.save(media, join(folder, 'x'))).toMatchObject({
      bytes: 2,
      contentType: 'application/octet-stream',
    });
  });

  it('follows a link at the path, keeps the mode of the old file, and refuses what is no file', async () => {
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    // nobody but root may write to it, and yet it may be replaced
    await writeFile(file, 'old', { mode: 0o400 });
    await symlink(file, link);
    expect(await wan.save({ base64: 'aGk=' }, link)).toMatchObject({ path: link });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('hi');
    expect((await stat(file)).mode & 0o777).toBe(0o400);
    expect(await failure(wan.save({ base64: 'aGk=' }, '/dev/null'))).toMatchObject({
      name: 'DownloadError',
      message: expect.stringContaining('no regular file'),
    });
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('ends with what onProgress throws, at once', async () => {
    const url = await serveFiles((_, response) => response.end(bytes));
    for (const mine of [new Error('mine'), 'text']) {
      const thrown = failure(wan.save(url, join(folder, 'x'), { onProgress: () => Promise.reject(mine) }));
      expect(await thrown).toBe(mine);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps two saves to one path apart', async () => {
    const url = await serveFiles((request, response) =>
      response.end(Buffer.alloc(200_000, request.url?.slice(1))),
    );
    const path = join(folder, 'x');
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => wan.save(`${url}/${name}`, path)));
    const content = await readFile(path);
    expect(content).toHaveLength(200_000);
    expect(new Set(content).size).toBe(1);
    expect(await readdir(folder)).toEqual(['x']);
  });
});

describe('an address from an answer', () => {
  it.each([
    'http://127.0.0.1:9/x',
    'http://localhost/x',
    'http://10.1.2.3/x',
    'http://[::1]/x',
    'http://2130706433/x',
  ])('that leads to this machine or network (%s) is refused', async (url) => {
    const error = await failure(wan.download({ url }));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toContain('is a private address');
  });

  it('may lead there with allowPrivateHosts, where baseUrl is there too, or where the caller names it', async () => {
    const url = await serveFiles((_, response) => response.end('hi'));
    const local = createWan({ apiKey: 'k', baseUrl: url });
    for (const download of [
      wan.download({ url }, { allowPrivateHosts: true }),
      local.download({ url }),
      wan.download(url),
      wan.download(new URL(url)),
    ]) {
      expect(Buffer.from(await download).toString()).toBe('hi');
    }
    expect(await failure(local.download({ url }, { allowPrivateHosts: false }))).toBeInstanceOf(
      DownloadError,
    );
  });

  it.each<[string, object | string]>([
    ['is none', { url: 'cat.png' }],
    ['is a file', 'file:///etc/passwd'],
    ['is data', 'data:image/png;base64,AAAA'],
    ['holds a password', 'https://bob:AAAA@x.example/v.mp4'],
  ])('that %s is refused', async (_, media) => {
    const error = await failure(wan.download(media));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).not.toContain('AAAA');
  });
});

describe('download()', () => {
  it('gives the bytes', async () => {
    const url = await serveFiles((_, response) => response.end(bytes));
    expect(Buffer.from(await wan.download(url))).toEqual(bytes);
    expect(await wan.download({ base64: 'aGk=' })).toEqual(Buffer.from('hi'));
  });

  it('names misuse', async () => {
    expect(await failure(wan.download('http://x', { maxBytes: 0 }))).toBeInstanceOf(RangeError);
    expect(await failure(wan.download('http://x', { stallTimeoutMs: -1 }))).toBeInstanceOf(RangeError);
  });
});
