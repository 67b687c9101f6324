import { open } from 'node:fs/promises';
import { InvalidInputError } from '../errors.js';
import { isHttp, parseUrl, printable } from '../redact.js';
import { typeOfBytes } from './sniff.js';

export interface DataUriOptions {
  /** Largest file taken. The API names no limit; a data URI travels in the request. @defaultValue `10_485_760` (10 MiB) */
  maxBytes?: number | undefined;
}

/**
 * Turns a local picture into a data URI, for `image_urls`.
 *
 * @param source a path, a `file:` URL, the bytes, or a Blob; PNG, JPEG, WebP, GIF or BMP, told from the bytes
 * @throws {InvalidInputError} when it cannot be read, is empty, too large or no picture
 * @example
 * ```ts
 * const image_urls = [await toDataUri('cat.png')];
 * ```
 */
export async function toDataUri(
  source: string | URL | Uint8Array | ArrayBuffer | Blob,
  { maxBytes = 10 * 1024 * 1024 }: DataUriOptions = {},
): Promise<string> {
  if (!(typeof maxBytes === 'number' && maxBytes > 0)) {
    throw new RangeError(`Cannot use maxBytes: it takes a number of bytes above 0, not ${String(maxBytes)}.`);
  }
  const bytes = await readSource(source, maxBytes);
  if (bytes.byteLength > maxBytes) throw tooLarge(source, bytes.byteLength, maxBytes);
  if (bytes.byteLength === 0) throw unusable(source, 'is empty');
  const type = typeOfBytes(bytes);
  if (!type?.startsWith('image/')) throw unusable(source, 'is no PNG, JPEG, WebP, GIF or BMP picture');
  return `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}

async function readSource(source: unknown, maxBytes: number): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) {
    if (source.size > maxBytes) throw tooLarge(source, source.size, maxBytes);
    return new Uint8Array(await source.arrayBuffer());
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw unusable(source, 'is not a path, bytes or a Blob');
  }
  const url = source instanceof URL ? source : parseUrl(source);
  if (url && isHttp(url)) throw unusable(source, 'is a URL already: pass it to the model as it is');
  if (url?.protocol === 'data:')
    throw unusable(source, 'is a data URI already: pass it to the model as it is');
  // a single letter is a Windows drive
  if (url && url.protocol !== 'file:' && url.protocol.length > 2)
    throw unusable(source, 'is no path and no file: URL');
  return readFile(url?.protocol === 'file:' ? url : String(source), maxBytes);
}

async function readFile(path: string | URL, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const stats = await file.stat();
      const { size } = stats;
      // a pipe or a device could go on for ever
      if (!stats.isFile()) throw unusable(path, 'is no file');
      if (size > maxBytes) throw tooLarge(path, size, maxBytes);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    throw unusable(path, `cannot be read (${cause instanceof Error ? cause.message : cause})`, cause);
  }
}

function tooLarge(source: unknown, bytes: number, maxBytes: number): InvalidInputError {
  return unusable(source, `holds ${bytes} bytes, more than maxBytes (${maxBytes})`);
}

function unusable(source: unknown, message: string, cause?: unknown): InvalidInputError {
  const received = describeSource(source);
  return new InvalidInputError(
    `Cannot make a data URI: ${received} ${message}`,
    { issues: [{ path: 'source', message, received }] },
    cause === undefined ? {} : { cause },
  );
}

function describeSource(source: unknown): string {
  if (source instanceof URL) return printable(source.href)?.toString() ?? '';
  if (typeof source === 'string') return `"${printable(source)}"`;
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return 'the buffer';
  return source instanceof Blob ? 'the Blob' : String(printable(source));
}
