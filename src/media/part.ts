import { DownloadError } from '../base/errors.js';
import { record } from '../base/json.js';
import { messageOf } from '../base/redact.js';
import { sleep } from '../time/sleep.js';
import { followLinks, toPartPath } from './folders.js';
import { loadNodeModule, type NodeModule } from './node-module.js';

type FileHandle = Awaited<ReturnType<NodeModule<'node:fs/promises'>['open']>>;

/** A file in the making: its bytes are in a `.part` beside it, which takes its name at the end. */
export interface Part {
  /** Takes bytes in order; those at position 0 start the file anew. */
  write(chunk: Uint8Array, position: number): Promise<void>;
  /** Puts the file under its name. */
  finish(signal: AbortSignal | undefined): Promise<void>;
  /** Leaves nothing behind but a whole file that could not get its name. */
  discard(): Promise<void>;
}

/** Makes the folder and the part. What cannot become a file is found out here, and not after the transfer. */
export async function openPart(named: string): Promise<Part> {
  const disk = loadNodeModule('node:fs/promises', 'save a file');
  let target = named;
  let bytes = 0;
  let isKept = false;
  const guard = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((cause) => {
      throw toSaveError(target, cause, bytes);
    });

  const { file, path, old } = await guard(async () => {
    target = await followLinks(disk, named);
    const old = await disk.stat(target).catch(() => undefined);
    if (old && !old.isFile()) throw new Error(`it is ${old.isDirectory() ? 'a folder' : 'no regular file'}`);
    const path = await toPartPath(disk, target);
    // the old file may be for few eyes, and the part is not for more
    return { file: await disk.open(path, 'wx', old && old.mode & 0o777), path, old };
  });
  const put = async (chunk: Uint8Array, position: number) => {
    // by its handle: the old file's mode may let nobody open it to write
    if (position === 0 && bytes > 0) await file.truncate();
    for (let done = 0; done < chunk.byteLength; ) {
      const { bytesWritten } = await file.write(chunk, done, null, position + done);
      if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
      done += bytesWritten;
    }
    bytes = position + chunk.byteLength;
  };
  // while a chunk is written, the next one is awaited
  let written = Promise.resolve();
  return {
    write(chunk, position) {
      const before = written;
      written = before.then(() => guard(() => put(chunk, position)));
      written.catch(() => {});
      return before;
    },
    async finish(signal) {
      await written;
      await guard(async () => {
        await flush(file);
        if (old) await quietly(() => copyPermissions(old, file));
        await file.close();
      });
      signal?.throwIfAborted();
      for (let pauseMs = 10; ; pauseMs *= 2) {
        try {
          return await disk.rename(path, target);
        } catch (cause) {
          isKept = pauseMs > longestPauseMs || !mayPass(cause);
          if (isKept) throw toSaveError(target, cause, bytes, `. The whole file is in "${path}"`);
        }
        await sleep(pauseMs, signal);
      }
    },
    async discard() {
      await quietly(() => written);
      await quietly(() => file.close());
      if (!isKept) await quietly(() => disk.rm(path, { force: true }));
    },
  };
}

export function toSaveError(path: string, cause: unknown, bytesReceived: number, more = ''): DownloadError {
  const message = `Cannot save to "${path}": ${messageOf(cause)}${more}`;
  return new DownloadError(message, { bytesReceived }, { cause });
}

const longestPauseMs = 2_000;

/** On Windows a scanner or an indexer may hold one of two files open for a moment. */
function mayPass(error: unknown): boolean {
  return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error));
}

/** Sees to it that the bytes outlast a power cut, where the file system can do that. */
async function flush(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (['EIO', 'ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
  }
}

/** Not every file system has owners and modes. */
async function copyPermissions(
  { uid, gid, mode }: { uid: number; gid: number; mode: number },
  file: FileHandle,
): Promise<void> {
  // before the mode: it takes special bits off that
  await quietly(() => file.chown(uid, gid));
  await file.chmod(mode & 0o7777);
}

/** Work that may fail. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {}
}

function codeOf(error: unknown): string {
  return String(record(error).code);
}
