import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { createWan, DownloadError } from '../../src/index.js';
import { failureOf, makeFolder } from './file-server.js';

/** What `save()` takes for a name, and what it makes. Nothing here is fetched. */

const fetch = vi.fn(() => Promise.reject(new Error('nothing may be sent')));
const wan = createWan({ apiKey: 'k', fetch });
const media = { base64: 'aGk=' };

describe('a long name', () => {
  const ending = '.png';
  it.each([
    ['of 255 letters', 'x'.repeat(251)],
    ['of 85 characters of three bytes', `${'画'.repeat(83)}xx`],
    ['of characters of four bytes', `${'🎬'.repeat(62)}xyz`],
    ['of characters of two bytes', `${'é'.repeat(125)}x`],
    ['of 67 letters', 'x'.repeat(63)],
    ['with a broken character', `${'x'.repeat(60)}\ud83c${'y'.repeat(150)}`],
  ])('%s is taken, and so is its part', async (_, name) => {
    const folder = await makeFolder();
    const path = join(folder, name + ending);
    const seen: string[] = [];
    const saved = await wan.save(media, path, {
      onProgress: async () => seen.push(...(await readdir(folder))),
    });
    expect(saved.path).toBe(path);
    expect(await readFile(path, 'utf8')).toBe('hi');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^[^\ufffd]*(\ufffd[^\ufffd]*)?\.[0-9a-f]{8}\.part$/);
    const onDisk = Buffer.from(name + ending).toString();
    expect(onDisk.startsWith(seen[0]?.slice(0, -14) ?? '?')).toBe(true);
    // some disks take no more than 143 bytes, and a path may be at its limit as well
    expect(Buffer.byteLength(seen[0] ?? '')).toBeLessThanOrEqual(Math.max(80, Buffer.byteLength(onDisk)));
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('has as many parts as there are saves', async () => {
    const folder = await makeFolder();
    const names = ['a', 'b', 'c'].map((last) => '画'.repeat(84) + last);
    const seen = new Set<string>();
    const onProgress = async () => {
      for (const name of await readdir(folder)) seen.add(name);
    };
    await Promise.all(names.map((name) => wan.save(media, join(folder, name), { onProgress })));
    expect((await readdir(folder)).sort()).toEqual(names);
  });

  it('of 256 bytes is refused by the disk, and leaves nothing', async () => {
    const folder = await makeFolder();
    const error = await failureOf(wan.save(media, join(folder, 'x'.repeat(256))));
    expect(error).toMatchObject({ name: 'DownloadError', cause: { code: 'ENAMETOOLONG' } });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the name of a folder', () => {
  it.each(['new/', 'new//', 'new/.', 'new/..', 'new/a/', 'old', 'old/', 'old/.', '.', '..', './', 'link'])(
    '%s is refused, and nothing is made',
    async (name) => {
      const folder = await makeFolder();
      await mkdir(join(folder, 'old'));
      await symlink('old', join(folder, 'link'));
      const error = await failureOf(wan.save(media, `${folder}/${name}`));
      expect(error).toBeInstanceOf(DownloadError);
      expect(error.message).toContain('it is a folder');
      expect((await readdir(folder)).sort()).toEqual(['link', 'old']);
      expect(await readdir(join(folder, 'old'))).toEqual([]);
    },
  );

  it('is refused as a URL, and relative to the folder that is worked in', async () => {
    const folder = await makeFolder();
    expect(await failureOf(wan.save(media, `${pathToFileURL(folder)}/new/`))).toBeInstanceOf(DownloadError);
    expect(await readdir(folder)).toEqual([]);
    for (const name of ['.', '..', './', 'src', 'src/', `${relative(process.cwd(), folder)}/`])
      expect(await failureOf(wan.save(media, name))).toBeInstanceOf(DownloadError);
  });

  it('ends in a backslash on Windows', async () => {
    const folder = await makeFolder();
    await wan.save(media, join(folder, 'name\\'));
    expect(await readdir(folder)).toEqual(['name\\']);
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      expect(await failureOf(wan.save(media, join(folder, 'other\\')))).toBeInstanceOf(DownloadError);
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
    expect(await readdir(folder)).toEqual(['name\\']);
  });
});

describe('a folder', () => {
  it('is made once, by however many saves', async () => {
    const folder = await makeFolder();
    const paths = Array.from({ length: 20 }, (_, index) => join(folder, 'a/b/c/d', `${index}.png`));
    await Promise.all(paths.map((path) => wan.save(media, path)));
    expect(await readdir(join(folder, 'a/b/c/d'))).toHaveLength(20);
  });

  it.skipIf(process.platform !== 'linux')('that can hold none ends the save', async () => {
    // Node's own mkdir with recursive never ends there
    const error = await failureOf(wan.save(media, '/proc/new/folder/x.png'));
    expect(error).toMatchObject({ name: 'DownloadError', cause: { code: 'ENOENT' } });
  });
});

describe('a path', () => {
  it('may be a file: URL, also as a text', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'a b#ü.png');
    const url = pathToFileURL(path);
    for (const given of [url, url.href, url.href.replace('file:', 'FILE:')]) {
      await writeFile(path, 'old');
      expect((await wan.save(media, given)).path).toBe(path);
      expect(await readFile(path, 'utf8')).toBe('hi');
    }
    expect(await readdir(folder)).toEqual(['a b#ü.png']);
  });

  it('with a zero in it is refused before anything is made', async () => {
    const folder = await makeFolder();
    for (const path of [join(folder, 'new/a\0b'), `${pathToFileURL(folder).href}/new/a%00b`]) {
      const error = await failureOf(wan.save(media, path));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain('path takes the path of a file');
      expect(error.message).not.toContain('\0');
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [0n, '(bigint)'],
    [NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    ['', '""'],
  ])('is shown where it is none: %s', async (path, shown) => {
    const error = await failureOf(Reflect.apply(wan.save, undefined, [media, path]));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`not ${shown}`);
  });

  it.each([undefined, null, '', 5, {}, [], true, () => {}])('is named where it is none: %s', async (path) => {
    const call = Reflect.apply(wan.save, undefined, [{ url: 'https://x.example/v.mp4' }, path]);
    const error = await failureOf(call);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^Cannot save: path takes the path of a file, or a file: URL, not /);
  });

  it.each([
    'https://x.example/v.mp4?Signature=s3cret',
    'http://x.example',
    'file://host.example/v.mp4',
    'file:///a%2Fb',
  ])('is no address: %s', async (path) => {
    for (const given of [path, new URL(path)]) {
      const error = await failureOf(wan.save(media, given));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^Cannot save: path takes the path of a file, or a file: URL, not "/);
      expect(error.message).not.toContain('s3cret');
    }
  });
});

describe('a link at the path', () => {
  it('that dangles is followed, over as many links as there are', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'far/away'), { recursive: true });
    await symlink('far/away', join(folder, 'near'));
    // from where the folder really is
    await symlink('../new/file.png', join(folder, 'far/away/third'));
    await symlink(join(folder, 'near/third'), join(folder, 'second'));
    await symlink('second', join(folder, 'first'));
    const path = join(folder, 'first');
    expect(await wan.save(media, path)).toMatchObject({ path, bytes: 2 });
    expect(await readFile(join(folder, 'far/new/file.png'), 'utf8')).toBe('hi');
    for (const link of ['first', 'second', 'near', 'far/away/third'])
      expect((await lstat(join(folder, link))).isSymbolicLink()).toBe(true);
    expect(await readdir(join(folder, 'far/new'))).toEqual(['file.png']);
  });

  it('to a folder that is not there yet is followed', async () => {
    const folder = await makeFolder();
    await symlink('later/on', join(folder, 'near'));
    const path = join(folder, 'near/sub/x.png');
    expect(await wan.save(media, path)).toMatchObject({ path, bytes: 2 });
    expect(await readFile(join(folder, 'later/on/sub/x.png'), 'utf8')).toBe('hi');
    expect((await lstat(join(folder, 'near'))).isSymbolicLink()).toBe(true);
  });

  it('to itself in place of a folder is refused', async () => {
    const folder = await makeFolder();
    await symlink('b', join(folder, 'a'));
    await symlink('a', join(folder, 'b'));
    expect(await failureOf(wan.save(media, join(folder, 'a/x.png')))).toBeInstanceOf(DownloadError);
  });

  it('that goes round in a circle is refused', async () => {
    const folder = await makeFolder();
    await symlink('b', join(folder, 'a'));
    await symlink('a', join(folder, 'b'));
    expect(await failureOf(wan.save(media, join(folder, 'a')))).toMatchObject({
      name: 'DownloadError',
      message: expect.stringContaining('circle'),
    });
    expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
  });
});

describe.skipIf(process.platform === 'win32')('permissions', () => {
  it.each([0o600, 0o640, 0o666, 0o777, 0o400, 0o444, 0o4755, 0o2775, 0o1777, 0o6666])(
    'of an old file (%o) are kept to the bit',
    async (mode) => {
      const path = join(await makeFolder(), 'x.png');
      await writeFile(path, 'old');
      await chmod(path, mode);
      const partModes: number[] = [];
      const umask = process.umask(0o027);
      try {
        await wan.save(media, path, {
          async onProgress() {
            const folder = join(path, '..');
            const part = (await readdir(folder)).find((name) => name.endsWith('.part')) ?? '';
            partModes.push((await stat(join(folder, part))).mode & 0o777);
          },
        });
      } finally {
        process.umask(umask);
      }
      expect(await readFile(path, 'utf8')).toBe('hi');
      expect((await stat(path)).mode & 0o7777).toBe(mode);
      // nobody sees more of the part than of the file
      expect(partModes.map((bits) => bits & ~mode)).toEqual([0]);
    },
  );

  it.each([0, 0o022, 0o077])('of a new file are what open gives with umask %o', async (mask) => {
    const folder = await makeFolder();
    const umask = process.umask(mask);
    try {
      await writeFile(join(folder, 'a'), '');
      await wan.save(media, join(folder, 'b'));
    } finally {
      process.umask(umask);
    }
    const [a, b] = await Promise.all(['a', 'b'].map((name) => stat(join(folder, name))));
    expect(b?.mode).toBe(a?.mode);
  });

  it.skipIf(process.getuid?.() !== 0)('and the owner of an old file are kept', async () => {
    const { chown } = await import('node:fs/promises');
    const path = join(await makeFolder(), 'x.png');
    await writeFile(path, 'old');
    await chown(path, 1234, 4321);
    await chmod(path, 0o6750);
    await wan.save(media, path);
    const { uid, gid, mode } = await stat(path);
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1234, gid: 4321, mode: 0o6750 });
  });
});

it('nothing was sent', () => {
  expect(fetch).not.toHaveBeenCalled();
});
