import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DownloadError } from '../errors.js';
import type { Sink } from './partial-file.js';
import type { Media, MediaClient } from './source.js';
import { type SaveOptions, transfer } from './transfer.js';

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
  const named = resolve(path instanceof URL ? fileURLToPath(path) : path);
  // a link to a file stays one
  const target = await realpath(named).catch(() => named);
  const part = `${target}.${crypto.randomUUID().slice(0, 8)}.part`;
  options.signal?.throwIfAborted();
  let bytes = 0;
  const onDisk = <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause) => throwDiskError(target, bytes, cause));

  const file = await onDisk(create(target, part));
  try {
    const sink: Sink = {
      async write(chunk, position) {
        await onDisk(writeAll(file, chunk, position));
        bytes = position + chunk.byteLength;
      },
      restart: () => onDisk(file.truncate(0)),
    };
    const { contentType } = await transfer(client, media, sink, options);
    await onDisk(file.sync());
    await onDisk(file.close());
    await onDisk(rename(part, target));
    return { path: named, bytes, contentType };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Opens the part; what cannot become a file is found out now, and not after the transfer. */
async function create(target: string, part: string): Promise<FileHandle> {
  const old = await stat(target).catch(() => undefined);
  if (old?.isDirectory()) throw new Error('it is a folder');
  if (old && !old.isFile()) throw new Error('it is no regular file');
  await mkdir(dirname(target), { recursive: true });
  return open(part, 'wx', old ? old.mode & 0o777 : 0o666);
}

function throwDiskError(target: string, bytesReceived: number, cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new DownloadError(`Cannot save to "${target}": ${why}`, { bytesReceived }, { cause });
}

const defaultMaxBytes = 256 * 1024 * 1024;

/** Gives the bytes of a picture or a video. */
export async function download(
  client: MediaClient,
  media: Media,
  options: SaveOptions = {},
): Promise<Uint8Array> {
  let chunks: Uint8Array[] = [];
  const sink: Sink = {
    async write(chunk) {
      chunks.push(chunk);
    },
    async restart() {
      chunks = [];
    },
  };
  await transfer(client, media, sink, { ...options, maxBytes: options.maxBytes ?? defaultMaxBytes });
  return Buffer.concat(chunks);
}
