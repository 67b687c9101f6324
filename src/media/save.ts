import type { FileHandle } from 'node:fs/promises';
import { DownloadError } from '../errors.js';
import type { Media, MediaClient } from './source.js';
import { type SaveOptions, transfer } from './transfer.js';

type Disk = typeof import('node:fs/promises');

export interface SavedFile {
  /** Absolute. */
  path: string;
  /** The file's length. */
  bytes: number;
  /** As the server names it, else as the first bytes tell. */
  contentType: string;
}

/** Writes a picture or a video to `path`: whole, or not at all. */
export async function save(
  client: MediaClient,
  media: Media,
  path: string | URL,
  options: SaveOptions = {},
): Promise<SavedFile> {
  options.signal?.throwIfAborted();
  // none of these is loaded before it is needed
  const disk = await import('node:fs/promises');
  const { dirname, resolve } = await import('node:path');
  const { fileURLToPath } = await import('node:url');
  const named = resolve(path instanceof URL ? fileURLToPath(path) : path);
  // a link to a file stays one
  const target = await disk.realpath(named).catch(() => named);
  const part = `${target}.${crypto.randomUUID().slice(0, 8)}.part`;
  const onDisk = <T>(work: Promise<T>, bytesReceived: number): Promise<T> =>
    work.catch((cause) => {
      const why = cause instanceof Error ? cause.message : cause;
      throw new DownloadError(`Cannot save to "${target}": ${why}`, { bytesReceived }, { cause });
    });

  const file = await onDisk(create(disk, target, dirname(target), part), 0);
  try {
    const { bytes, contentType } = await transfer(client, media, options, (chunk, position) =>
      onDisk(writeAll(file, chunk, position), position),
    );
    const finish = async () => {
      // of a longer file that it began with, the end is still there
      await file.truncate(bytes);
      await file.sync();
      await file.close();
      await disk.rename(part, target);
    };
    await onDisk(finish(), bytes);
    return { path: named, bytes, contentType };
  } catch (error) {
    await file.close().catch(() => {});
    await disk.rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    done += (await file.write(chunk, done, null, position + done)).bytesWritten;
  }
}

/** Opens the part; what cannot become a file is found out now, and not after the transfer. */
async function create(disk: Disk, target: string, folder: string, part: string): Promise<FileHandle> {
  const old = await disk.stat(target).catch(() => undefined);
  if (old?.isDirectory()) throw new Error('it is a folder');
  if (old && !old.isFile()) throw new Error('it is no regular file');
  await disk.mkdir(folder, { recursive: true });
  return disk.open(part, 'wx', old ? old.mode & 0o777 : 0o666);
}

const defaultMaxBytes = 256 * 1024 * 1024;

/** Gives the bytes of a picture or a video. */
export async function download(
  client: MediaClient,
  media: Media,
  options: SaveOptions = {},
): Promise<Uint8Array> {
  let chunks: Uint8Array[] = [];
  const { maxBytes = defaultMaxBytes } = options;
  await transfer(client, media, { ...options, maxBytes }, (chunk, position) => {
    if (position === 0) chunks = [];
    chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}
