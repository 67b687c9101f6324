import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toCheckedCreate } from '../../src/aimlapi/models/checked-create.js';
import { InvalidInputError } from '../../src/base/errors.js';
import { toDataUri } from '../../src/media/data-uri.js';

type Source = Parameters<typeof toDataUri>[0];

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

const png = bytesOf('\x89PNG\r\n\x1a\nand more');
const uri = `data:image/png;base64,${png.toString('base64')}`;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data uri '));
  await writeFile(join(folder, 'cat #1.png'), png);
  await writeFile(join(folder, 'empty.png'), '');
  await writeFile(join(folder, 'notes.png'), 'not a picture');
  await mkdir(join(folder, 'folder.png'));
});

afterAll(() => rm(folder, { recursive: true }));

async function refusalOf(source: Source, maxBytes?: number): Promise<InvalidInputError> {
  const error = await toDataUri(source, { maxBytes }).catch((reason: unknown) => reason);
  if (!(error instanceof InvalidInputError)) throw new Error('it was not refused');
  expect(error.issues.map(({ path }) => path)).toEqual(['source']);
  expect(error.message).toContain(error.issues[0]?.message);
  return error;
}

describe('sources', () => {
  test('toDataUri() reads a file by its path, absolute or relative', async () => {
    const path = join(folder, 'cat #1.png');
    await expect(toDataUri(path)).resolves.toBe(uri);
    await expect(toDataUri(relative(process.cwd(), path))).resolves.toBe(uri);
  });

  test('toDataUri() reads a file by its URL, as an object or as text', async () => {
    const url = pathToFileURL(join(folder, 'cat #1.png'));
    await expect(toDataUri(url)).resolves.toBe(uri);
    await expect(toDataUri(url.href)).resolves.toBe(uri);
  });

  test('toDataUri() takes bytes in any form', async () => {
    const { buffer } = new Uint8Array([0, 0, ...png]);
    for (const source of [
      png,
      new Uint8Array(png),
      new Uint8Array(buffer, 2),
      new Uint8Array(png).buffer,
      new Blob([new Uint8Array(png)]),
      new File([new Uint8Array(png)], 'cat.gif', { type: 'image/gif' }),
    ]) {
      await expect(toDataUri(source)).resolves.toBe(uri);
    }
  });

  test('toDataUri() takes bytes and Blobs of another realm or class, and shared memory', async () => {
    const shared = new SharedArrayBuffer(png.length);
    new Uint8Array(shared).set(png);
    const foreign = runInNewContext('Uint8Array.from(png)', { png });
    const blob = {
      size: png.length,
      arrayBuffer: async () => foreign.buffer,
      [Symbol.toStringTag]: 'Blob',
    };
    for (const source of [
      shared,
      new Uint8Array(shared),
      foreign,
      foreign.buffer,
      new DataView(foreign.buffer),
      blob,
    ]) {
      await expect(toDataUri(source as never)).resolves.toBe(uri);
    }
  });

  test('toDataUri() reads bytes before it returns: the caller may change them then', async () => {
    const bytes = new Uint8Array(png);
    for (const source of [bytes, bytes.buffer]) {
      bytes.set(png);
      const made = toDataUri(source);
      bytes.fill(0);
      await expect(made).resolves.toBe(uri);
    }
  });

  test('toDataUri() refuses a buffer that was handed over to a worker', async () => {
    const { buffer } = new Uint8Array(png);
    structuredClone(buffer, { transfer: [buffer] });
    expect((await refusalOf(buffer)).message).toContain('is empty');
  });

  test('toDataUri() gives what image_urls takes', async () => {
    const input = { model: 'wan-2-6-image', prompt: 'a cat', image_urls: [await toDataUri(png)] };
    expect(toCheckedCreate('image', input).body).toMatchObject({ image_urls: [uri] });
  });

  test('toDataUri() gives what video_url and image_url take', async () => {
    const video_url = await toDataUri(bytesOf('\0\0\0\x20ftypisom'));
    const input = { model: 'wan2.2-14b-animate-move', video_url, image_url: uri };
    expect(toCheckedCreate('video', input).body).toMatchObject({ video_url, image_url: uri });
    expect(() => toCheckedCreate('video', { ...input, image_url: video_url })).toThrow(
      'image_url takes an http(s) URL',
    );
  });
});

describe('types', () => {
  test.each([
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['image/gif', 'GIF89a'],
    ['image/gif', 'GIF87a'],
    ['image/bmp', 'BM\x46\0\0\0\0\0\0\0\x36\0\0\0'],
    ['image/avif', '\0\0\0\x20ftypavif'],
    ['image/heic', '\0\0\0\x20ftypheic'],
    ['video/mp4', '\0\0\0\x20ftypisom'],
    ['video/mp4', '\0\0\0\x18ftypmp42'],
    ['video/quicktime', '\0\0\0\x14ftypqt  '],
    ['video/webm', '\x1aE\xdf\xa3\x9fB\x86'],
  ])('toDataUri() tells %s from its first bytes', async (type, head) => {
    const bytes = bytesOf(head);
    await expect(toDataUri(bytes)).resolves.toBe(`data:${type};base64,${bytes.toString('base64')}`);
  });

  test.each([
    ['a text', 'hello'],
    ['a web page', '<!DOCTYPE html><html></html>'],
    ['a drawing as text', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a sound', 'RIFF\x10\0\0\0WAVEfmt '],
    ['half a signature', '\x89PNG'],
    ['a signature that comes late', ' \x89PNG\r\n\x1a\n'],
  ])('toDataUri() refuses %s', async (_, text) => {
    const error = await refusalOf(bytesOf(text));
    expect(error.message).toBe(
      'Cannot make a data URI: the buffer is no picture and no video of a known type (PNG, JPEG, WebP, GIF, MP4, WebM, …)',
    );
  });
});

describe('limits', () => {
  const sources: [string, () => Source][] = [
    ['bytes', () => png],
    ['an ArrayBuffer', () => new Uint8Array(png).buffer],
    ['a Blob', () => new Blob([new Uint8Array(png)])],
    ['a file', () => join(folder, 'cat #1.png')],
    ['a file URL', () => pathToFileURL(join(folder, 'cat #1.png'))],
  ];

  test.each(sources)('toDataUri() takes %s of maxBytes and refuses one more', async (_, source) => {
    await expect(toDataUri(source(), { maxBytes: png.byteLength })).resolves.toBe(uri);
    const { message } = await refusalOf(source(), png.byteLength - 1);
    expect(message).toContain(`holds ${png.byteLength} bytes, more than maxBytes (${png.byteLength - 1})`);
  });

  test('toDataUri() reads nothing of a file that is too large', async () => {
    const path = join(folder, 'huge.png');
    await writeFile(path, png);
    await truncate(path, 2 ** 36);
    expect((await refusalOf(path)).message).toContain('holds 68719476736 bytes, more than maxBytes');
  });

  test('toDataUri() takes 10 MiB and no more when no limit is given', async () => {
    const most = 10 * 1024 * 1024;
    const bytes = Buffer.alloc(most + 1);
    png.copy(bytes);
    await expect(toDataUri(bytes.subarray(0, most))).resolves.toHaveLength(22 + Math.ceil(most / 3) * 4);
    expect((await refusalOf(bytes)).message).toContain(
      `holds ${most + 1} bytes, more than maxBytes (${most})`,
    );
  });

  test.each([
    ['bytes', () => new Uint8Array()],
    ['a Blob', () => new Blob([])],
    ['a file', () => join(folder, 'empty.png')],
  ])('toDataUri() refuses %s when there is nothing in it', async (_, source) => {
    expect((await refusalOf(source())).message).toMatch(/ is empty$/);
  });
});

describe('refusals', () => {
  test('toDataUri() names the file and the reason when it cannot be read', async () => {
    const path = join(folder, 'missing.png');
    for (const source of [path, pathToFileURL(path)]) {
      const error = await refusalOf(source);
      expect(error.message).toContain('missing.png');
      expect(error.message).toMatch(/cannot be read \(ENOENT: /);
      expect(error.cause).toMatchObject({ code: 'ENOENT' });
    }
  });

  test('toDataUri() does not show bare base64 that it took for a path', async () => {
    const base64 = Buffer.alloc(300, 'aB1 cD2 ').toString('base64');
    for (const source of [base64, ` ${base64}\n`, `/9j/${base64.repeat(50)}`]) {
      const error = await refusalOf(source);
      expect(error.message).toMatch(/^Cannot make a data URI: "\(\d+ characters of base64\)" cannot be read/);
      expect(error.cause).toMatchObject({ code: expect.stringMatching(/^(ENOENT|ENAMETOOLONG)$/) });
      expect(inspect(error, { depth: 9 })).not.toContain(base64);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(base64.slice(0, 40));
    }
  });

  test('toDataUri() refuses a folder', async () => {
    expect((await refusalOf(join(folder, 'folder.png'))).message).toMatch(/is no file$/);
  });

  test.skipIf(process.platform !== 'linux')('toDataUri() reads no file that goes on for ever', async () => {
    const { message } = await refusalOf('/proc/self/pagemap');
    expect(message).toMatch(/ is empty$/);
  });

  test('toDataUri() names a file that is no picture', async () => {
    const { message } = await refusalOf(join(folder, 'notes.png'));
    expect(message).toMatch(/notes\.png" is no picture and no video of a known type/);
  });

  test('toDataUri() sends on an http URL, and shows neither its query nor its user', async () => {
    const url = 'https://me:s3cret@example.com/cat.png?Signature=s3cret';
    for (const source of [url, new URL(url)]) {
      const error = await refusalOf(source);
      expect(error.message).toContain('https://example.com/cat.png');
      expect(error.message).toMatch(/ is no local file: a URL or a data URI goes to the model as it is$/);
      expect(`${error.message}${JSON.stringify(error)}`).not.toContain('s3cret');
    }
  });

  test('toDataUri() sends on a data URI, and does not show its bytes', async () => {
    for (const source of [uri, new URL(uri)]) {
      const error = await refusalOf(source);
      expect(error.message).toMatch(/ is no local file: a URL or a data URI goes to the model as it is$/);
      expect(`${error.message}${JSON.stringify(error)}`).not.toContain(png.toString('base64'));
    }
  });

  test.each([undefined, null, 5, {}, [137, 80]])(
    'toDataUri() refuses %j, which is no source',
    async (source) => {
      const [error] = await Promise.allSettled([Reflect.apply(toDataUri, undefined, [source])]);
      expect(error).toMatchObject({
        reason: {
          name: 'InvalidInputError',
          message: expect.stringMatching(/ is not a path, bytes or a Blob$/),
        },
      });
    },
  );
});
