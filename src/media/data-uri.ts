import { toBytes } from '../base/bytes.js';
import { checkCallOptions } from '../base/call-options.js';
import { InvalidInputError } from '../base/errors.js';
import { isBytes } from '../base/kind.js';
import type { OptionNames } from '../base/option-names.js';
import { isRecord } from '../base/record.js';
import { isBase64, printable } from '../base/redact.js';
import { messageOf, redactCause } from '../base/thrown.js';
import { parseUrl } from '../base/url.js';
import { encodeBase64 } from './base64.js';
import { inputTypeOf } from './first-bytes.js';
import { loadNodeModule } from './node-module.js';
import { checkMaxBytes } from './source.js';

export interface DataUriOptions {
  /** Largest file taken. The API names no limit; a data URI travels in the request. @defaultValue `10_485_760` (10 MiB) */
  maxBytes?: number | undefined;
}

const optionNames: OptionNames<DataUriOptions> = { maxBytes: true };

/** What `toDataUri` of the main entry does, once it is loaded. */
export async function toDataUri(
  source: string | URL | Uint8Array | ArrayBuffer | Blob,
  options: DataUriOptions = {},
): Promise<string> {
  checkCallOptions('make a data URI', options, optionNames);
  const { maxBytes = 10 * 2 ** 20 } = options;
  checkMaxBytes(maxBytes);
  const refuse = (message: string, options?: ErrorOptions) => {
    const received = showSource(source);
    const issues = [{ path: 'source', message, received }];
    return new InvalidInputError(`Cannot make a data URI: ${received} ${message}`, { issues }, options);
  };
  const checkSize = (bytes: number) => {
    if (bytes === 0) throw refuse('is empty');
    if (bytes > maxBytes) throw refuse(`holds ${bytes} bytes, more than maxBytes (${maxBytes})`);
  };
  let bytes: ArrayBufferView | ArrayBuffer;
  if (isBytes(source)) bytes = source;
  else if (isBlob(source)) {
    checkSize(source.size);
    bytes = await source.arrayBuffer();
  } else bytes = await readLocalFile(source, refuse, checkSize);
  checkSize(bytes.byteLength);
  const view = toBytes(bytes);
  const type = inputTypeOf(view);
  if (type) return `data:${type};base64,${encodeBase64(view)}`;
  throw refuse('is no picture and no video of a known type (PNG, JPEG, WebP, GIF, MP4, WebM, …)');
}

async function readLocalFile(
  source: unknown,
  refuse: (message: string, options?: ErrorOptions) => InvalidInputError,
  checkSize: (bytes: number) => void,
): Promise<Uint8Array> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw refuse('is not a path, bytes or a Blob');
  }
  const url = parseUrl(source);
  // a protocol of one letter is a Windows drive
  const isUrl = url && url.protocol.length > 2;
  if (isUrl && url.protocol !== 'file:') {
    throw refuse('is no local file: a URL or a data URI goes to the model as it is');
  }
  const path = isUrl ? url : String(source);
  const disk = loadNodeModule('node:fs/promises', 'read a file', 'Pass toDataUri the bytes or a Blob.');
  try {
    const stats = await disk.stat(path);
    // a pipe or a device may never end, and neither may a system file whose size is 0
    if (!stats.isFile()) throw refuse('is no file');
    checkSize(stats.size);
    return await disk.readFile(path);
  } catch (thrown) {
    if (thrown instanceof InvalidInputError) throw thrown;
    const text = String(source);
    // the system's error quotes the path, which may be a picture as bare base64
    const cause = redactCause(thrown, isBase64(text.trim()) ? [text] : []);
    throw refuse(`cannot be read (${messageOf(cause)})`, { cause });
  }
}

/** A Blob of any class and realm. Older Workers give it no tag, and without a global Blob `instanceof` would throw. */
function isBlob(source: unknown): source is Blob {
  return isRecord(source) && typeof source.size === 'number' && typeof source.arrayBuffer === 'function';
}

function showSource(source: unknown): string {
  if (isBytes(source)) return 'the buffer';
  if (isBlob(source)) return 'the Blob';
  const isText = typeof source === 'string' || source instanceof URL;
  return isText ? `"${printable(String(source))}"` : String(printable(source));
}
