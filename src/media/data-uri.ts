import { InvalidInputError } from '../base/errors.js';
import { isBase64, isBytes, messageOf, parseUrl, printable, redactCause } from '../base/redact.js';
import { inputTypeOf } from './first-bytes.js';
import { loadNodeModule } from './node-module.js';
import { checkMaxBytes } from './source.js';

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
  checkMaxBytes(maxBytes);
  const bytes = await readSource(source, (size) => {
    if (size > maxBytes) throw unusable(source, `holds ${size} bytes, more than maxBytes (${maxBytes})`);
  });
  const type = inputTypeOf(bytes);
  if (type) return `data:${type};base64,${bytes.toString('base64')}`;
  const known = 'PNG, JPEG, WebP, GIF, MP4, WebM, …';
  throw unusable(
    source,
    bytes.length > 0 ? `is no picture and no video of a known type (${known})` : 'is empty',
  );
}

async function readSource(source: unknown, checkSize: (bytes: number) => void): Promise<Buffer> {
  const blob = isBytes(source) ? new Blob([source]) : source;
  if (blob instanceof Blob) {
    checkSize(blob.size);
    return Buffer.from(await blob.arrayBuffer());
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw unusable(source, 'is not a path, bytes or a Blob');
  }
  const url = parseUrl(source);
  // a single letter is a Windows drive
  const path = url && url.protocol.length > 2 ? url : String(source);
  if (path instanceof URL && path.protocol !== 'file:') {
    throw unusable(source, 'is no local file: a URL or a data URI goes to the model as it is');
  }
  try {
    const disk = loadNodeModule('node:fs/promises', 'read a file');
    const stats = await disk.stat(path);
    // a pipe or a device could go on for ever
    if (!stats.isFile()) throw unusable(source, 'is no file');
    // a file of the system's own may say 0 and go on for ever
    if (stats.size === 0) throw unusable(source, 'is empty');
    checkSize(stats.size);
    return await disk.readFile(path);
  } catch (thrown) {
    if (thrown instanceof InvalidInputError) throw thrown;
    // the system's own message quotes the path, which may be a picture as bare base64
    const text = String(source);
    const cause = redactCause(thrown, isBase64(text.trim()) ? [text] : []);
    throw unusable(source, `cannot be read (${messageOf(cause)})`, { cause });
  }
}

function unusable(source: unknown, message: string, options?: ErrorOptions): InvalidInputError {
  const received = describe(source);
  const issues = [{ path: 'source', message, received }];
  return new InvalidInputError(`Cannot make a data URI: ${received} ${message}`, { issues }, options);
}

function describe(source: unknown): string {
  if (source instanceof Blob) return 'the Blob';
  if (isBytes(source)) return 'the buffer';
  const shown = String(printable(source instanceof URL ? source.href : source));
  return typeof source === 'string' ? `"${shown}"` : shown;
}
