import disk from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan, DownloadError } from '../../src/index.js';
import { failureOf, makeFolder } from './file-server.js';

/** Disks that cannot do all, or fail at the last step. Nothing here is fetched. */

const wan = createWan({ apiKey: 'k', fetch: () => Promise.reject(new Error('nothing may be sent')) });
const media = { base64: 'aGk=' };

function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: no`), { code });
}

/** What all handles of files have in common. */
async function handlePrototype() {
  const handle = await disk.open(process.execPath);
  await handle.close();
  return Object.getPrototypeOf(handle);
}

describe('fsync', () => {
  it.each<[string, unknown]>([
    ['is not implemented', () => Promise.reject(new Error('Method not implemented.'))],
    [
      'throws at once',
      () => {
        throw new Error('Method not implemented.');
      },
    ],
    ['is not there', undefined],
    ...['EINVAL', 'ENOSYS', 'ENOTSUP', 'EROFS', 'EPERM', 'EBADF'].map((code): [string, unknown] => [
      `fails with ${code}`,
      () => Promise.reject(diskError(code)),
    ]),
  ])('that %s does not keep a file from being saved', async (_, sync) => {
    const prototype = await handlePrototype();
    const real = prototype.sync;
    prototype.sync = sync;
    try {
      const path = join(await makeFolder(), 'x.png');
      await wan.save(media, path);
      expect(await disk.readFile(path, 'utf8')).toBe('hi');
    } finally {
      prototype.sync = real;
    }
  });

  it.each(['EIO', 'ENOSPC', 'EDQUOT'])(
    'that fails with %s fails the save, and the older file stays',
    async (code) => {
      vi.spyOn(await handlePrototype(), 'sync').mockRejectedValue(diskError(code));
      const folder = await makeFolder();
      await disk.writeFile(join(folder, 'x.png'), 'old');
      const error = await failureOf(wan.save(media, join(folder, 'x.png')));
      expect(error).toMatchObject({ name: 'DownloadError', bytesReceived: 2, cause: { code } });
      expect(await disk.readdir(folder)).toEqual(['x.png']);
      expect(await disk.readFile(join(folder, 'x.png'), 'utf8')).toBe('old');
    },
  );
});

describe('a file system without owners and modes', () => {
  it('is written to all the same', async () => {
    const prototype = await handlePrototype();
    vi.spyOn(prototype, 'chmod').mockRejectedValue(diskError('ENOTSUP'));
    vi.spyOn(prototype, 'stat').mockRejectedValue(diskError('ENOSYS'));
    const path = join(await makeFolder(), 'x.png');
    await disk.writeFile(path, 'old');
    await wan.save(media, path);
    expect(await disk.readFile(path, 'utf8')).toBe('hi');
  });
});

describe('an old file of another owner', () => {
  it.skipIf(process.platform === 'win32')(
    'keeps its group where it can, and no right to run as its owner or group',
    async () => {
      const prototype = await handlePrototype();
      const chown = vi.spyOn(prototype, 'chown').mockRejectedValue(diskError('EPERM'));
      const path = join(await makeFolder(), 'x.png');
      await disk.writeFile(path, 'old');
      await disk.chmod(path, 0o6751);
      const { uid, gid } = await disk.stat(path);
      await wan.save(media, path);
      expect(chown.mock.calls).toEqual([
        [uid, gid],
        [-1, gid],
      ]);
      expect((await disk.stat(path)).mode & 0o7777).toBe(0o751);
    },
  );
});

describe('a rename', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    Object.defineProperty(process, 'platform', platform);
  });

  function pretend(name: string): void {
    Object.defineProperty(process, 'platform', { ...platform, value: name });
  }

  /** Waits for it, and gives the milliseconds that it took by the fake clock. */
  async function timeOf(work: Promise<unknown>): Promise<number> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let elapsedMs = 0; ; elapsedMs += 10) {
      for (let turn = 0; turn < 20 && !isOver; turn += 1) await new Promise(setImmediate);
      if (isOver) return elapsedMs;
      await vi.advanceTimersByTimeAsync(10);
    }
  }

  it.each(['EPERM', 'EACCES', 'EBUSY'])('that fails with %s on Windows is tried again', async (code) => {
    pretend('win32');
    const path = join(await makeFolder(), 'x.png');
    const rename = vi.spyOn(disk, 'rename');
    for (let times = 0; times < 6; times += 1) rename.mockRejectedValueOnce(diskError(code));
    const saving = wan.save(media, path);
    expect(await timeOf(saving)).toBeGreaterThan(100);
    expect(await saving).toMatchObject({ path, bytes: 2 });
    expect(await disk.readdir(join(path, '..'))).toEqual(['x.png']);
    expect(rename).toHaveBeenCalledTimes(7);
  });

  it.each([
    ['win32', 'EBUSY', 5, 50],
    ['win32', 'ENOSPC', 1, 1],
    ['linux', 'EBUSY', 1, 1],
    ['darwin', 'EPERM', 1, 1],
  ])(
    'that fails for good (on %s with %s) leaves the part, and the error names it',
    async (name, code, least, most) => {
      pretend(name);
      const folder = await makeFolder();
      await disk.writeFile(join(folder, 'x.png'), 'old');
      const rename = vi.spyOn(disk, 'rename').mockRejectedValue(diskError(code));
      const failed = failureOf(wan.save(media, join(folder, 'x.png')));
      const elapsedMs = await timeOf(failed);
      expect(rename.mock.calls.length).toBeGreaterThanOrEqual(least);
      expect(rename.mock.calls.length).toBeLessThanOrEqual(most);
      // a few seconds
      if (least > 1) expect(elapsedMs).toBeGreaterThan(2_000);
      if (least > 1) expect(elapsedMs).toBeLessThan(30_000);
      const error = await failed;
      expect(error).toBeInstanceOf(DownloadError);
      expect(error).toMatchObject({ bytesReceived: 2, cause: { code } });
      const part = (await disk.readdir(folder)).find((file) => file.endsWith('.part')) ?? '';
      expect(error.message).toContain(`The whole file is in "${join(folder, part)}"`);
      expect(await disk.readFile(join(folder, part), 'utf8')).toBe('hi');
      expect(await disk.readFile(join(folder, 'x.png'), 'utf8')).toBe('old');
    },
  );

  it('that is tried again ends at once with the caller’s reason', async () => {
    pretend('win32');
    const folder = await makeFolder();
    const controller = new AbortController();
    const reason = { mine: true };
    vi.spyOn(disk, 'rename').mockImplementation(async () => {
      setImmediate(() => controller.abort(reason));
      throw diskError('EBUSY');
    });
    const failed = failureOf(wan.save(media, join(folder, 'x.png'), { signal: controller.signal }));
    await timeOf(failed);
    expect(await failed).toBe(reason);
    expect(await disk.readdir(folder)).toEqual([]);
  });

  it('after the folder was removed names no part that is not there', async () => {
    const folder = join(await makeFolder(), 'new');
    const error = await failureOf(
      wan.save(media, join(folder, 'x.png'), { onProgress: () => disk.rm(folder, { recursive: true }) }),
    );
    expect(error).toMatchObject({ name: 'DownloadError', cause: { code: 'ENOENT' } });
    expect(error.message).not.toContain('The whole file is in');
  });

  it('over a folder that was made meanwhile leaves the part', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'x.png');
    const failed = failureOf(wan.save(media, path, { onProgress: () => disk.mkdir(path) }));
    await timeOf(failed);
    const names = await disk.readdir(folder);
    expect(names).toHaveLength(2);
    expect((await failed).message).toContain(names.find((name) => name.endsWith('.part')));
  });
});
