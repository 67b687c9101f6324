import { joinBytes } from '../base/bytes.js';
import { checkCallOptions } from '../base/call-options.js';
import { findNodeModule } from '../base/node-module.js';
import { loadForSaving } from './node-module.js';
import { openPartFile } from './part-file.js';
import type { Media, MediaClient } from './source.js';
import { toPath } from './target.js';
import { prepareTransfer, type SaveOptions, saveOptionNames } from './transfer.js';

export interface SavedFile {
  /** Absolute. */
  path: string;
  /** The file's length. */
  bytes: number;
  /** What the first bytes say. Where they are unknown or tell the container alone, what the server says. */
  contentType: string;
}

/** Writes a picture or a video to `path`. A transfer that fails leaves no file there, or the older one. */
export async function save(
  client: MediaClient,
  media: Media,
  path: string | URL,
  options: SaveOptions = {},
): Promise<SavedFile> {
  checkCallOptions('save', options, saveOptionNames);
  options.signal?.throwIfAborted();
  const named = toPath(path);
  const paths = loadForSaving('node:path');
  const transfer = prepareTransfer('save', client, media, options);
  const part = await openPartFile(paths, named);
  try {
    const { bytes, contentType } = await transfer(part.write);
    await part.finish(options.signal);
    return { path: part.path, bytes, contentType };
  } catch (error) {
    await part.discard();
    throw error;
  }
}

/** A download is held in memory. */
const mostDownloadBytes = 2 ** 28;

/** Gives the bytes of a picture or a video. */
export async function download(
  client: MediaClient,
  media: Media,
  options: SaveOptions = {},
): Promise<Uint8Array> {
  checkCallOptions('download', options, saveOptionNames);
  let chunks: Uint8Array[] = [];
  const { maxBytes = mostDownloadBytes } = options;
  const transfer = prepareTransfer('download', client, media, { ...options, maxBytes });
  await transfer((chunk, position) => {
    if (position === 0) chunks = [];
    chunks.push(chunk);
  });
  const bytes = joinBytes(chunks);
  // programs on Node may call methods of Buffer: without it here, they would get other bytes or an error
  const { Buffer } = findNodeModule('node:buffer') ?? {};
  return Buffer?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) ?? bytes;
}
