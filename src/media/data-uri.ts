import { InvalidInputError } from '../errors.js';
import { outOfRange } from '../options.js';
import { isHttp, messageOf, parseUrl, printable } from '../redact.js';
import { typeOfBytes } from './sniff.js';

export interface DataUriOptions {
  /** Largest file taken. The API names no limit; a data URI travels in the request. @defaultValue `10_485_760` (10 MiB) */
  maxBytes?: number | undefined;
}

/**
 * Turns a local picture or video into a data URI, for fields such as `image_urls`, `image_url` and `video_url`.
 *
 * @param source a path, a `file:` URL, the bytes, or a Blob; PNG, JPEG, WebP, GIF, BMP, AVIF, HEIC, MP4, QuickTime or
 * WebM, told from the bytes; which of them a model reads is for the API to say
 * @throws {InvalidInputError} when it cannot be read, is empty, too large or none of these
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
    throw outOfRange('maxBytes', 'a number of bytes above 0', maxBytes);
  }
  const bytes = await readSource(source, (size) => {
    if (size > maxBytes) throw unusable(source, `holds ${size} bytes, more than maxBytes (${maxBytes})`);
  });
  const type = typeOfBytes(bytes);
  if (bytes.byteLength === 0) throw unusable(source, 'is empty');
  if (!type)
    throw unusable(source, 'is no picture and no video of a known type (PNG, JPEG, WebP, GIF, MP4, WebM, …)');
  return `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}

async function readSource(source: unknown, checkSize: (bytes: number) => void): Promise<Uint8Array> {
  if (source instanceof Blob) {
    checkSize(source.size);
    return new Uint8Array(await source.arrayBuffer());
  }
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    checkSize(source.byteLength);
    return source instanceof Uint8Array ? source : new Uint8Array(source);
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw unusable(source, 'is not a path, bytes or a Blob');
  }
  const url = parseUrl(source);
  // a single letter is a Windows drive
  if (!url || /^[a-z]:$/i.test(url.protocol)) return readFile(String(source), checkSize);
  if (url.protocol === 'file:') return readFile(url, checkSize);
  const passable = isHttp(url) ? 'URL' : url.protocol === 'data:' ? 'data URI' : undefined;
  throw unusable(
    source,
    passable ? `is a ${passable} already: pass it to the model as it is` : 'is no path and no file: URL',
  );
}

async function readFile(path: string | URL, checkSize: (bytes: number) => void): Promise<Uint8Array> {
  try {
    const { open } = await import('node:fs/promises');
    const file = await open(path);
    try {
      const stats = await file.stat();
      // a pipe or a device could go on for ever
      if (!stats.isFile()) throw unusable(path, 'is no file');
      checkSize(stats.size);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    throw unusable(path, `cannot be read (${messageOf(cause)})`, cause);
  }
}

function unusable(source: unknown, message: string, cause?: unknown): InvalidInputError {
  const received = describe(source);
  return new InvalidInputError(
    `Cannot make a data URI: ${received} ${message}`,
    { issues: [{ path: 'source', message, received }] },
    cause === undefined ? {} : { cause },
  );
}

function describe(source: unknown): string {
  if (source instanceof Blob) return 'the Blob';
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return 'the buffer';
  const shown = printable(source instanceof URL ? source.href : source);
  return typeof source === 'string' ? `"${shown}"` : String(shown);
}
