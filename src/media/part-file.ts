import { DownloadError } from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import { sleep } from '../time/sleep.js';
import { isWindows, loadForSaving } from './node-module.js';
import {
  type Disk,
  followLinks,
  hasCode,
  makeFolder,
  namesFolder,
  type Paths,
  toPartPath,
} from './target.js';

type FileHandle = Awaited<ReturnType<Disk['open']>>;

const firstRenamePauseMs = 10;
const longestRenamePauseMs = 2_000;

/** A file on the disk whose name ends in `.part`. It gets its own name when it is whole. */
export interface PartFile {
  /** Absolute: where the whole file will be. */
  readonly path: string;
  /** Takes bytes in order; those at position 0 start the file anew. */
  write(chunk: Uint8Array, position: number): Promise<void>;
  /** Gives the file its name. */
  finish(signal: AbortSignal | undefined): Promise<void>;
  /** Removes the part, unless it is a whole file that could not get its name. */
  discard(): Promise<void>;
}

/** Makes the folder and the part. Throws before the transfer where there can be no such file. */
export async function openPartFile(paths: Paths, named: string): Promise<PartFile> {
  const disk = loadForSaving('node:fs/promises');
  const path = paths.resolve(named);
  let target = path;
  let bytes = 0;
  let isKept = false;

  const toError = (cause: unknown, more = '') =>
    new DownloadError(
      `Cannot save to "${target}": ${messageOf(cause)}${more}`,
      { bytesReceived: bytes },
      { cause },
    );
  const guard = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((cause) => {
      throw toError(cause);
    });

  const { file, partPath, old } = await guard(async () => {
    target = await followLinks(disk, paths, path);
    const old = await disk.stat(target).catch(() => undefined);
    if (namesFolder(named) || old?.isDirectory()) {
      throw new Error('it is a folder: add the name of the file');
    }
    if (old && !old.isFile()) throw new Error('it is no regular file');
    const partPath = toPartPath(paths, target);
    await makeFolder(disk, paths, paths.dirname(target));
    // nobody may read the part who may not read the old file
    return { file: await disk.open(partPath, 'ax', old && old.mode & 0o777), partPath, old };
  });

  async function append(chunk: Uint8Array, position: number): Promise<void> {
    // by the handle: the mode of the old file may let nobody open the part again
    if (position === 0 && bytes > 0) await file.truncate();
    await file.appendFile(chunk);
    bytes = position + chunk.byteLength;
  }

  // while a chunk is written, the next one is awaited
  let written = Promise.resolve();
  return {
    path,
    write(chunk, position) {
      const before = written;
      written = before.then(() => guard(() => append(chunk, position)));
      written.catch(() => {});
      return before;
    },
    async finish(signal) {
      await written;
      await guard(async () => {
        await flush(file);
        if (old) await copyPermissions(old, file);
        await file.close();
      });
      signal?.throwIfAborted();
      for (let pauseMs = firstRenamePauseMs; ; pauseMs *= 2) {
        try {
          return await disk.rename(partPath, target);
        } catch (cause) {
          if (pauseMs > longestRenamePauseMs || !mayPass(cause)) {
            // the folder may have been removed meanwhile
            isKept = (await disk.stat(partPath).catch(() => undefined))?.size === bytes;
            throw toError(cause, isKept ? `. The whole file is in "${partPath}"` : '');
          }
        }
        await sleep(pauseMs, signal);
      }
    },
    async discard() {
      await attempt(() => written);
      await attempt(() => file.close());
      if (!isKept) await attempt(() => disk.rm(partPath, { force: true }));
    },
  };
}

/** On Windows a scanner or an indexer may hold one of two files open for a moment. */
function mayPass(error: unknown): boolean {
  return isWindows() && hasCode(error, 'EPERM', 'EACCES', 'EBUSY');
}

/** Makes the bytes outlast a power cut, where the file system can do that. */
async function flush(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (hasCode(error, 'EIO', 'ENOSPC', 'EDQUOT')) throw error;
  }
}

/** Not every file system has owners and modes. */
async function copyPermissions(
  { uid, gid, mode }: { uid: number; gid: number; mode: number },
  file: FileHandle,
): Promise<void> {
  // chown takes special bits off the mode, so chmod comes second
  const isOwned = await attempt(() => file.chown(uid, gid));
  if (!isOwned) await attempt(() => file.chown(-1, gid));
  // programs would run with the rights of another user or group
  await attempt(() => file.chmod(mode & (isOwned ? 0o7777 : 0o1777)));
}

/** Does what may fail, and tells whether it was done. */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}
