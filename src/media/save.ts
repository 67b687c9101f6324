import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
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
  const target = resolve(path instanceof URL ? fileURLToPath(path) : path);
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
    return { path: target, bytes, contentType };
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

async function create(target: string, part: string): Promise<FileHandle> {
  // found out now, and not after the transfer
  if ((await stat(target).catch(() => undefined))?.isDirectory()) throw new Error('it is a folder');
  await mkdir(dirname(target), { recursive: true });
  return open(part, 'wx');
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
  await transfer(client, media, sink, { maxBytes: defaultMaxBytes, ...options });
  return Buffer.concat(chunks);
}
