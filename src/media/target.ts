import type { NodeModule } from '../base/node-module.js';
import { randomId } from '../base/random-id.js';
import { record } from '../base/record.js';
import { printable } from '../base/redact.js';
import { messageOf } from '../base/thrown.js';
import { isWindows, loadForSaving } from './node-module.js';

export type Disk = NodeModule<'node:fs/promises'>;
export type Paths = NodeModule<'node:path'>;

/** Linux follows no more links than these. */
const mostLinks = 40;
/** The longest name of a part, unless the file's own name is longer. Some disks take 143 bytes, most take 255. */
const longestPartNameBytes = 80;

/**
 * The path that the caller names, or that of a file: URL.
 *
 * @throws {TypeError} when it is neither
 */
export function toPath(path: unknown): string {
  const isUrl = path instanceof URL || (typeof path === 'string' && /^(file:|https?:\/\/)/i.test(path));
  let why = '';
  let named = path;
  if (isUrl) {
    const { fileURLToPath } = loadForSaving('node:url');
    try {
      named = fileURLToPath(path);
    } catch (error) {
      named = undefined;
      why = ` (${messageOf(error)})`;
    }
  }
  // no disk takes a zero in a name
  if (typeof named === 'string' && named !== '' && !named.includes('\0')) return named;
  const isText = isUrl || typeof path === 'string';
  const given = isText
    ? JSON.stringify(printable(String(path)))
    : path === undefined
      ? path
      : printable(path);
  throw new TypeError(`Cannot save: path takes the path of a file, or a file: URL, not ${given}${why}.`);
}

/** Whether a path ends in a separator, `.` or `..`. `resolve()` would remove that end. */
export function namesFolder(path: string): boolean {
  return (isWindows() ? /(^|[\\/])\.{0,2}$/ : /(^|\/)\.{0,2}$/).test(path);
}

/** The path at the end of all links. The file there may be missing. */
export async function followLinks(
  disk: Disk,
  paths: Paths,
  path: string,
  linksLeft = mostLinks,
): Promise<string> {
  const real = await disk.realpath(path).catch(() => undefined);
  const link = real ?? (await disk.readlink(path).catch(() => undefined));
  if (real !== undefined || link === undefined) return real ?? path;
  if (linksLeft === 0) throw new Error('its links go round in a circle');
  const folder = await disk.realpath(paths.dirname(path));
  return followLinks(disk, paths, paths.resolve(folder, link), linksLeft - 1);
}

/** A unique path in the file's folder. The name is that of the file, cut between two characters where it is long. */
export function toPartPath({ basename, dirname, join }: Paths, path: string): string {
  const name = basename(path);
  const ending = `.${randomId().slice(0, 8)}.part`;
  const encoder = new TextEncoder();
  const mostBytes = Math.max(longestPartNameBytes, encoder.encode(name).length) - ending.length;
  const { read } = encoder.encodeInto(name, new Uint8Array(mostBytes));
  return join(dirname(path), name.slice(0, read) + ending);
}

/** Makes a folder and its parents. Node's own `recursive` never ends where a folder can hold no other, as in /proc. */
export async function makeFolder(disk: Disk, paths: Paths, folder: string): Promise<void> {
  const exists = async () => (await disk.stat(folder).catch(() => undefined))?.isDirectory();
  if (await exists()) return;
  // a link may lead to a folder that is not there yet
  const end = await followLinks(disk, paths, folder);
  if (end !== folder) return makeFolder(disk, paths, end);
  const parent = paths.dirname(folder);
  try {
    // the parent comes second: Deno may let the program see this folder only
    await disk.mkdir(folder).catch(async (error) => {
      if (!hasCode(error, 'ENOENT') || parent === folder) throw error;
      await makeFolder(disk, paths, parent);
      await disk.mkdir(folder);
    });
  } catch (error) {
    // another save may have been quicker
    if (!(await exists())) throw error;
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes(String(record(error).code));
}
