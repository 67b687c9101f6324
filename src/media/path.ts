import { messageOf, printable } from '../base/redact.js';
import { loadNodeModule } from './node-module.js';
import { toSaveError } from './part.js';

/**
 * The absolute path of the file that is named.
 *
 * @throws {TypeError} when `path` names none
 * @throws {DownloadError} when it names a folder
 */
export function toFilePath(path: unknown): string {
  const { resolve } = loadNodeModule('node:path', 'save a file');
  const isUrl = path instanceof URL || (typeof path === 'string' && /^(file:|https?:\/\/)/i.test(path));
  if (!isUrl && (typeof path !== 'string' || path === '')) {
    const shown = path ? printable(path) : JSON.stringify(path);
    throw new TypeError(`Cannot save: path takes the path of a file, or a file: URL, not ${shown}.`);
  }
  const named = isUrl ? pathOfUrl(path) : path;
  // resolve() would take the separator at the end away, and a file would get the folder's name
  const isFolder = process.platform === 'win32' ? /(^|[\\/])\.{0,2}$/ : /(^|\/)\.{0,2}$/;
  if (isFolder.test(named))
    throw toSaveError(named, new Error('it is a folder: add the name of the file'), 0);
  return resolve(named);
}

function pathOfUrl(url: string | URL): string {
  const { fileURLToPath } = loadNodeModule('node:url', 'save a file');
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new TypeError(
      `Cannot save: path takes the path of a file, or a file: URL, not "${printable(String(url))}" (${messageOf(cause)}).`,
    );
  }
}
