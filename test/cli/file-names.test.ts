import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileNames, type NameFacts, toSafe } from '../../src/cli/file-names.js';
import { createWan } from '../../src/index.js';
import { makeFolder } from '../media/file-server.js';

const { save } = createWan({ apiKey: 'k', fetch: () => Promise.reject(new Error('nothing is fetched')) });
const pngHead = '\x89PNG\r\n\x1a\n';
const png = { base64: btoa(`${pngHead}rest`) };
const jpeg = { base64: btoa('\xff\xd8\xff\xe0rest') };
const facts: NameFacts = {
  kind: 'image',
  model: 'alibaba/wan2.5-t2i-preview',
  id: 'uuid:alibaba/x',
  index: 1,
  files: 1,
  prompt: 'a fox, red',
};

/** Saves a picture below a new folder with `-o` of `<folder>/<output>`; gives the name below it. */
async function nameOf(output: string, more: Partial<NameFacts> = {}, media = png): Promise<string> {
  const folder = await makeFolder();
  const names = createFileNames(`${folder}/${output}`);
  const { path } = await names.save(save, media, { ...facts, ...more });
  expect(await readdir(join(path, '..'))).toHaveLength(1);
  return relative(folder, path);
}

describe('-o', () => {
  it.each([
    ['a file', 'fox.png', {}, 'fox.png'],
    ['a file without an extension', 'fox', {}, 'fox.png'],
    ['a file whose name has a dot and a digit', 'fox-v2.5', {}, 'fox-v2.5.png'],
    ['a folder that ends in a separator', 'out/', {}, 'out/wan2.5-t2i-preview-uuid-alibaba-x-1.png'],
    ['a template', '{model}/{prompt}.{ext}', {}, 'wan2.5-t2i-preview/a-fox,-red.png'],
    ['a template without an extension', '{prompt}', {}, 'a-fox,-red.png'],
    ['a file for several images', 'fox.png', { files: 3, index: 2 }, 'fox-2.png'],
    [
      'a template for several images',
      '{index} of {prompt}.{ext}',
      { files: 3, index: 2 },
      '2 of a-fox,-red.png',
    ],
    ['a file for several lines', 'fox.png', { line: 7 }, 'fox-7.png'],
    ['a file for several images of several lines', 'fox', { line: 7, files: 2, index: 2 }, 'fox-7-2.png'],
    ['an id', '{id}.{ext}', { line: 7 }, 'uuid-alibaba-x.png'],
    ['a placeholder in a value', '{prompt}.png', { prompt: '{id} {ext}' }, '{id}-{ext}.png'],
    ['a folder of the extension', '{ext}/a.{ext}', {}, 'png/a.png'],
  ])('takes %s', async (_, output, more, name) => {
    expect(await nameOf(output, more)).toBe(name);
  });

  it('takes a folder that is there', async () => {
    const folder = await makeFolder();
    const { path } = await createFileNames(folder).save(save, png, facts);
    expect(path).toBe(join(folder, 'wan2.5-t2i-preview-uuid-alibaba-x-1.png'));
  });

  it('names the extension by the bytes, unless it is given', async () => {
    expect(await nameOf('fox', {}, jpeg)).toBe('fox.jpg');
    expect(await nameOf('fox.{ext}', {}, jpeg)).toBe('fox.jpg');
    expect(await nameOf('fox.png', {}, jpeg)).toBe('fox.png');
    expect(await nameOf('fox', {}, { base64: btoa('who knows') })).toBe('fox.bin');
  });
});

describe('toSafe() makes a piece of a name of', () => {
  it.each([
    ['a path upwards', '../../etc/passwd', 'etc-passwd'],
    ['a path of Windows', 'C:\\a\\b', 'C-a-b'],
    ['an option', '--force', 'force'],
    ['a home', '~root', 'root'],
    ['a hidden file', '.ssh', 'ssh'],
    ['an id that begins with a dash', '-G3b3vVKdoC42fMNeK1T5', 'G3b3vVKdoC42fMNeK1T5'],
    ['dots and blanks at the end', 'fox. . ', 'fox'],
    ['characters that Windows refuses', 'a<b>c:d"e|f?g*h', 'a-b-c-d-e-f-g-h'],
    ['lines and controls', 'a\r\nb\0c\x1b[31m', 'a-b-c-[31m'],
    ['a text turned round', 'fox\u202egnp.exe', 'foxgnp.exe'],
    ['a lone half of a character', 'a\ud83cb', 'a-b'],
    ['an unknown character', 'a\uffffb', 'a-b'],
    ['two ways to write one letter', 'e\u0301', '\u00e9'],
    ['a family', '👨\u200d👩', '👨👩'],
    ['nothing that can be seen', ' \u200b\u2028 ', '_'],
    ['dots alone', '..', '_'],
    ['letters of all languages', '猫 и лиса', '猫-и-лиса'],
  ])('%s', (_, value, name) => expect(toSafe(value)).toBe(name));

  it('a long text without cutting a character in two', () => {
    expect(toSafe('画'.repeat(100))).toBe('画'.repeat(26));
    expect(toSafe(`${'x'.repeat(79)}. more`)).toBe('x'.repeat(79));
    expect(Buffer.byteLength(toSafe('🎬x'.repeat(100)))).toBeLessThanOrEqual(80);
  });
});

describe('a name made of values', () => {
  it.each([
    ['con', '_con.png'],
    ['NUL', '_NUL.png'],
    ['com1.2', '_com1.2.png'],
    ['LPT9', '_LPT9.png'],
    ['console', 'console.png'],
  ])('is no device of Windows: %s', async (prompt, name) => {
    expect(await nameOf('{prompt}.{ext}', { prompt })).toBe(name);
  });

  it('is short however many values it has, and keeps its extension', async () => {
    const name = await nameOf('{prompt}{prompt}{prompt}{prompt}.{ext}', { prompt: '画'.repeat(50) });
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(184);
    expect(name).toMatch(/画\.png$/);
  });
});

describe('problem() says before a create', () => {
  it.each([
    [
      'an unknown placeholder',
      '{promt}.png',
      '{promt} is no placeholder: there are {model} {id} {index} {line} {prompt} {ext}',
    ],
    ['a file that is there', 'old.png', '"FOLDER/old.png" is there already: --force replaces it'],
    ['a file with the usual extension', 'old', '"FOLDER/old.png" is there already: --force replaces it'],
    ['a file below a file', 'old.png/fox.png', '"FOLDER/old.png" is no folder'],
    ['a folder of that name', '{prompt}.{ext}', '"FOLDER/a-fox,-red.png" is no regular file'],
    [
      'a name that is too long',
      `${'x'.repeat(300)}.png`,
      `"FOLDER/${'x'.repeat(300)}.png" is too long for a name`,
    ],
  ])('%s', async (_, output, problem) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'old.png'), 'old');
    await mkdir(join(folder, 'a-fox,-red.png'));
    const said = await createFileNames(`${folder}/${output}`).problem(facts);
    expect(said?.replaceAll(folder, 'FOLDER')).toBe(problem);
  });

  it('that one of several names is taken', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'fox-3.png'), 'old');
    const names = createFileNames(join(folder, 'fox.png'));
    expect(await names.problem({ ...facts, files: 2 })).toBeUndefined();
    expect(await names.problem({ ...facts, files: 3 })).toContain('fox-3.png" is there already');
  });

  it.skipIf(process.getuid?.() === 0)('that nothing may be written to a folder', async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o500);
    expect(await createFileNames(`${folder}/a/b/fox.png`).problem(facts)).toContain('nothing may be written');
  });

  it('nothing of a name that only the create will tell, nor of folders to be made', async () => {
    const folder = await makeFolder();
    expect(await createFileNames(`${folder}/a/b/`).problem(facts)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('never lets a device be replaced, with --force neither', async () => {
    expect(await createFileNames('/dev/null', true).problem(facts)).toBe('"/dev/null" is no regular file');
    const folder = await makeFolder();
    await symlink('/dev/null', join(folder, 'fox.png'));
    expect(await createFileNames(join(folder, 'fox.png'), true).problem(facts)).toContain(
      'is no regular file',
    );
  });
});

describe('what is there already', () => {
  it('is never overwritten: the result gets a number', async () => {
    const folder = await makeFolder();
    const names = createFileNames(join(folder, 'fox.png'));
    expect(await names.problem(facts)).toBeUndefined();
    // it came into being while the image was made
    await writeFile(join(folder, 'fox.png'), 'old');
    expect((await names.save(save, png, facts)).path).toBe(join(folder, 'fox-2.png'));
    expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual(['fox-2.png', 'fox.png']);
  });

  it('is replaced with --force, once in a run, and where a link leads', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'real'), 'old');
    await symlink(join(folder, 'real'), join(folder, 'Fox.png'));
    const names = createFileNames(join(folder, '{prompt}.png'), true);
    const first = await names.save(save, png, { ...facts, prompt: 'Fox' });
    const second = await names.save(save, png, { ...facts, prompt: 'fox' });
    expect([first.path, second.path]).toEqual([join(folder, 'Fox.png'), join(folder, 'fox-2.png')]);
    expect(await readFile(join(folder, 'real'), 'latin1')).toBe(`${pngHead}rest`);
  });

  it('is not lost among a hundred saves of one name at once, by two processes', async () => {
    const folder = await makeFolder();
    const both = [1, 2].map(() => createFileNames(join(folder, 'fox')));
    const saved = await Promise.all(
      Array.from({ length: 50 }, () => both.map((names) => names.save(save, png, facts))).flat(),
    );
    expect(new Set(saved.map(({ path }) => path)).size).toBe(100);
    expect(await readdir(folder)).toHaveLength(100);
    for (const { path } of saved) expect(await readFile(path, 'latin1')).toBe(`${pngHead}rest`);
  });
});
