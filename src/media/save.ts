import { DownloadError } from '../base/errors.js';
import { messageOf } from '../base/redact.js';
import { loadNodeModule } from './node-module.js';
import type { Media, MediaClient } from './source.js';
import { prepareTransfer, type SaveOptions } from './transfer.js';

export interface SavedFile {
  /** Absolute. */
  path: string;
  /** The file's length. */
  bytes: number;
  /** As the first bytes tell, else as the server names it. */
  contentType: string;
}

/** Writes a picture or a video to `path`: whole, or not at all. */
export async function save(
  client: MediaClient,
  media: Media,
  path: string | URL,
  options: SaveOptions = {},
): Promise<SavedFile> {
  const transfer = prepareTransfer('save', client, media, options);
  const { dirname, resolve } = loadNodeModule('node:path', 'save a file');
  const { fileURLToPath } = loadNodeModule('node:url', 'save a file');
  const disk = loadNodeModule('node:fs/promises', 'save a file');
  const named = resolve(path instanceof URL ? fileURLToPath(path) : path);
  // a link to a file stays one
  const target = await disk.realpath(named).catch(() => named);
  const part = `${target}.${crypto.randomUUID().slice(0, 8)}.part`;
  const onDisk = <T>(work: Promise<T>, bytesReceived: number): Promise<T> =>
    work.catch((cause) => {
      throw new DownloadError(
        `Cannot save to "${target}": ${messageOf(cause)}`,
        { bytesReceived },
        { cause },
      );
    });

  // what cannot become a file is found out now, and not after the transfer
  const create = async () => {
    const old = await disk.stat(target).catch(() => undefined);
    if (old && !old.isFile()) throw new Error(`it is ${old.isDirectory() ? 'a folder' : 'no regular file'}`);
    await disk.mkdir(dirname(target), { recursive: true });
    return disk.open(part, 'wx', old && old.mode & 0o777);
  };
  const file = await onDisk(create(), 0);
  const put = async (chunk: Uint8Array, position: number) => {
    // by its handle: the old file's mode may let nobody open it to write
    if (position === 0) await file.truncate();
    for (let done = 0; done < chunk.byteLength; )
      done += (await file.write(chunk, done, null, position + done)).bytesWritten;
  };
  // while a chunk is written, the next one is awaited
  let written = Promise.resolve();
  const write = (chunk: Uint8Array, position: number) => {
    const before = written;
    written = before.then(() => onDisk(put(chunk, position), position));
    written.catch(() => {});
    return before;
  };
  const finish = async () => {
    await file.sync();
    await file.close();
    await disk.rename(part, target);
  };
  try {
    const { bytes, contentType } = await transfer(write);
    await written;
    await onDisk(finish(), bytes);
    return { path: named, bytes, contentType };
  } catch (error) {
    await written.catch(() => {});
    await file.close().catch(() => {});
    await disk.rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

/** Gives the bytes of a picture or a video. */
export async function download(
  client: MediaClient,
  media: Media,
  options: SaveOptions = {},
): Promise<Uint8Array> {
  let chunks: Uint8Array[] = [];
  const { maxBytes = 2 ** 28 } = options;
  const transfer = prepareTransfer('download', client, media, { ...options, maxBytes });
  await transfer((chunk, position) => {
    if (position === 0) chunks = [];
    chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}
