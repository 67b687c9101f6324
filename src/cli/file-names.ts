import { randomUUID } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';
import type { Media, SavedFile, SaveOptions, Wan } from '../index.js';

/** What the placeholders of `-o` stand for; `id` is known only after a create. */
export interface NameFacts {
  kind: 'image' | 'video';
  model: string;
  id?: string | undefined;
  /** From 1, of `files` files that one create makes. */
  index: number;
  files: number;
  line?: number | undefined;
  prompt?: string | undefined;
}

const defaultName = '{model}-{id}-{index}.{ext}';
const placeholders = ['model', 'id', 'index', 'line', 'prompt', 'ext'];
/** Bytes of UTF-8 of one value, and of all before the extension: most disks take names of 255. */
const mostValueBytes = 80;
const mostStemBytes = 180;
const extension = /(\.(\{ext\}|(?=\d*[a-z])[a-z\d]{1,5}))?$/i;
const usual = { image: 'png', video: 'mp4' };
/** Where the extension is not the second word of the content type. */
const extensions: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/x-icon': 'ico',
  'video/quicktime': 'mov',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'video/ogg': 'ogv',
};

export interface FileNames {
  /** Why the files of a create cannot be saved as `-o` says, as far as that is known before it is paid for. */
  problem(facts: Omit<NameFacts, 'index'>): Promise<string | undefined>;
  /** Saves under the name that `-o` says. What was paid for is never refused: a name that is taken gets a number. */
  save(save: Wan['save'], media: Media, facts: NameFacts, options?: SaveOptions): Promise<SavedFile>;
}

/** Makes file names from `-o`: a file, a folder, or a template. */
export function createFileNames(output = '', force = false): FileNames {
  const old = lookAt(output);
  const isFolder = /^$|\/$/.test(output) || output.endsWith(sep) || old?.isDirectory();
  const named = isFolder ? join(output, defaultName) : output;
  /** Names that this run has given, in lower case: a disk may take `Fox.png` and `fox.png` for one. */
  const given = new Set<string>();

  function toPath(facts: NameFacts, ext: string): string {
    const last = named.split(/[\\/]/).at(-1) ?? '';
    let template = extension.exec(last)?.[0] || last.includes('{ext}') ? named : `${named}.{ext}`;
    const add = (field: string) => {
      template = template.replace(extension, (ending) => `-{${field}}${ending}`);
    };
    if (facts.line !== undefined && !/\{(line|id)\}/.test(named)) add('line');
    if (facts.files > 1 && !named.includes('{index}')) add('index');
    const values: Record<string, unknown> = { ...facts, model: facts.model.replace(/^alibaba\//, ''), ext };
    const parts = template.split(/([\\/])/).map((part) => (part.includes('{') ? fill(part, values) : part));
    return resolve(parts.join(''));
  }

  return {
    async problem(facts) {
      const unknown = /\{(\w+)\}/.exec(
        named.replaceAll(new RegExp(`\\{(${placeholders.join('|')})\\}`, 'g'), ''),
      );
      if (unknown) return `${unknown[0]} is no placeholder: there are {${placeholders.join('} {')}}`;
      if (old && !isFolder && !old.isFile()) return `"${output}" is no regular file`;
      for (let index = 1; index <= facts.files; index += 1) {
        const path = toPath({ ...facts, index }, usual[facts.kind]);
        const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code);
        if (found === 'ENAMETOOLONG') return `"${path}" is too long for a name`;
        if (typeof found === 'object' && !named.includes('{id}')) {
          if (!found.isFile()) return `"${path}" is no regular file`;
          if (!force) return `"${path}" is there already: --force replaces it`;
        }
        const refusal = await refusalOf(dirname(path));
        if (refusal) return refusal;
      }
      return undefined;
    },

    async save(save, media, facts, options) {
      const { dir, name } = parse(toPath(facts, usual[facts.kind]));
      // the content type is known only when the bytes are there
      const saved = await save(
        media,
        join(dir, `${cut(name, mostStemBytes)}.${randomUUID().slice(0, 8)}.new`),
        options,
      );
      const wanted = join(dir, parse(toPath(facts, toExtension(saved.contentType))).base);
      // a file that cannot be renamed is whole, and was paid for: it is handed back under the name that it has
      const path = await moveTo(saved.path, wanted, force, given).catch(() => saved.path);
      return { ...saved, path };
    },
  };
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Puts the values into one part of a path. Windows takes no name of a device, with an extension neither. */
function fill(part: string, values: Record<string, unknown>): string {
  const filled = part.replace(/\{(\w+)\}/g, (_, name) => toSafe(String(values[name] ?? '')));
  const ending = extension.exec(filled)?.[0] ?? '';
  const stem = cut(filled.slice(0, filled.length - ending.length), mostStemBytes);
  return /^(con|prn|aux|nul|(com|lpt)[\d¹²³]|con(in|out)\$)(\.|$)/i.test(stem)
    ? `_${stem}${ending}`
    : stem + ending;
}

/** Makes a piece of a file name of any text. */
export function toSafe(value: string): string {
  const plain = value
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{C}\p{Z}<>:"/\\|?*]+/gu, '-')
    .replace(/^[-.~]+/, '');
  return cut(plain, mostValueBytes) || '_';
}

/** Cuts between two characters. A name that ends in a dot or a blank is another one on Windows. */
function cut(text: string, mostBytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(mostBytes));
  return text.slice(0, read).replace(/[-. ]+$/, '');
}

function toExtension(contentType: string): string {
  return extensions[contentType] ?? /^(?:image|video)\/([a-z\d]{1,5})$/.exec(contentType)?.[1] ?? 'bin';
}

/** Why no file can be made in a folder, judged by the nearest folder that is there. */
async function refusalOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (!found && dirname(folder) !== folder) return refusalOf(dirname(folder));
  if (!found?.isDirectory()) return `"${folder}" is no folder`;
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return `nothing may be written to "${folder}"`;
  }
}

async function moveTo(from: string, wanted: string, force: boolean, given: Set<string>): Promise<string> {
  const { dir, name, ext } = parse(wanted);
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? wanted : join(dir, `${name}-${count}${ext}`);
    if (given.has(path.toLowerCase())) continue;
    given.add(path.toLowerCase());
    const old = count === 1 && force ? await stat(path).catch(() => undefined) : undefined;
    if (old?.isFile()) {
      await rename(from, await realpath(path));
      return path;
    }
    // the empty file holds the name: nothing that came into being meanwhile is overwritten
    const held = await open(path, 'wx').catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!held) continue;
    await held.close();
    try {
      await rename(from, path);
      return path;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}
