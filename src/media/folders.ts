import { loadNodeModule, type NodeModule } from './node-module.js';

type Disk = NodeModule<'node:fs/promises'>;

/** As many as Linux follows. */
const mostLinks = 40;
/** A part's name is no longer than this or the file's own name: some disks take 143 bytes, most take 255. */
const partNameBytes = 80;

/** Where a path leads to in the end, be it to a file that is not there yet. */
export async function followLinks(disk: Disk, named: string): Promise<string> {
  const { dirname, resolve } = loadNodeModule('node:path', 'save a file');
  let path = named;
  for (let links = 0; links < mostLinks; links += 1) {
    const real = await disk.realpath(path).catch(() => undefined);
    if (real !== undefined) return real;
    const link = await disk.readlink(path).catch(() => undefined);
    if (link === undefined) return path;
    path = resolve(await disk.realpath(dirname(path)), link);
  }
  throw new Error('its links go round in a circle');
}

/** A name of its own in the file's folder, which is made: cut where the file's name is long, between two characters. */
export async function toPartPath(disk: Disk, target: string): Promise<string> {
  const { basename, dirname, join } = loadNodeModule('node:path', 'save a file');
  const folder = dirname(target);
  await makeFolders(disk, folder, dirname);
  const name = basename(target);
  const ending = `.${crypto.randomUUID().slice(0, 8)}.part`;
  const encoder = new TextEncoder();
  const room = Math.max(partNameBytes, encoder.encode(name).byteLength) - ending.length;
  const { read } = encoder.encodeInto(name, new Uint8Array(room));
  return join(folder, `${name.slice(0, read)}${ending}`);
}

/** As mkdir does with `recursive`, which never ends where a folder can hold no other, as in /proc. */
async function makeFolders(disk: Disk, folder: string, dirname: (path: string) => string): Promise<void> {
  if (await isFolder(disk, folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolders(disk, parent, dirname);
  try {
    await disk.mkdir(folder);
  } catch (error) {
    // another save may have been quicker
    if (!(await isFolder(disk, folder))) throw error;
  }
}

async function isFolder(disk: Disk, path: string): Promise<boolean> {
  const stats = await disk.stat(path).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}
