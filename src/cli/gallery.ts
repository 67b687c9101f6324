import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from './failure.js';
import { showPath } from './finish.js';
import { type Screen, showUsd } from './screen.js';
import type { Made } from './session.js';

/** One file in the gallery. */
export interface Picture {
  kind: 'image' | 'video';
  /** Absolute. */
  path: string;
  model: string;
  prompt?: string | undefined;
  usd?: number | undefined;
  seconds?: number | undefined;
  /** ISO time. */
  at: string;
}

/** `--gallery`. What was made stays made where it cannot be written. */
export async function addToGallery(screen: Screen, pictures: readonly Picture[]): Promise<void> {
  if (pictures.length === 0) return;
  try {
    screen.note(showPath(await writeGallery(pictures)));
  } catch (error) {
    screen.error(`The gallery cannot be written: ${messageOf(error)}`);
  }
}

/** What was made, as far as the files are still there. */
export function toPictures({ kind, model, files, usd, seconds }: Made, prompt: unknown): Picture[] {
  return files.flatMap(({ path }) => {
    const found = statSync(path, { throwIfNoEntry: false });
    const each = usd === undefined ? {} : { usd: usd / files.length };
    const at = found?.mtime.toISOString();
    return at ? [{ kind, path, model, prompt: String(prompt ?? ''), seconds, at, ...each }] : [];
  });
}

/** Tells a page of ours from one that somebody else has written. */
const mark = '<meta name="generator" content="aimlapi-wan">';

const head = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${mark}
<title>Gallery</title>
<style>
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
body { margin: 0; padding: 1rem; display: grid; align-items: start; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)) }
figure { margin: 0; overflow: hidden; border: 1px solid #8884; border-radius: .5rem }
img, video { display: block; width: 100%; height: auto }
figcaption { padding: .6rem .8rem; overflow-wrap: anywhere }
p { margin: 0 0 .4rem; max-height: 12em; overflow: auto; white-space: pre-line }
small { opacity: .7 }
</style>
`;

/**
 * Writes `index.html` into the folder that holds all the files, and gives its path. A page of an earlier run keeps its
 * pictures, and a page that is not ours stays: ours is then `index-2.html`.
 */
export async function writeGallery(pictures: readonly Picture[]): Promise<string> {
  const folder = pictures.map(({ path }) => dirname(path)).reduce(commonFolder);
  const figures = new Map(pictures.map((picture) => [linkTo(picture.path, folder), picture]));
  for (let count = 1; ; count += 1) {
    const path = join(folder, count === 1 ? 'index.html' : `index-${count}.html`);
    const old = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (old !== undefined && !old.includes(mark)) continue;
    const earlier = (old?.match(/<figure>.*?<\/figure>\n/gs) ?? []).filter(
      (figure) => !figures.has(/="([^"]*)"/.exec(figure)?.[1] ?? ''),
    );
    const shown = [...figures].map(([link, picture]) => toFigure(link, picture));
    const part = `${path}.${randomUUID().slice(0, 8)}.part`;
    await writeFile(part, head + [...earlier, ...shown].join(''), { flag: 'wx' });
    await rename(part, path);
    return path;
  }
}

function commonFolder(left: string, right: string): string {
  const isWithin = `${right}${sep}`.startsWith(left.endsWith(sep) ? left : left + sep);
  return isWithin || dirname(left) === left ? left : commonFolder(dirname(left), right);
}

function linkTo(path: string, folder: string): string {
  const way = relative(folder, path);
  // on Windows another drive has no relative path
  return way === path
    ? pathToFileURL(path).href
    : way.split(sep).map(encodeURIComponent).join('/').replaceAll("'", '%27');
}

function toFigure(link: string, { kind, model, prompt = '', usd, seconds, at }: Picture): string {
  const media =
    kind === 'video'
      ? `<video src="${link}" controls playsinline preload="metadata"></video>`
      : `<a href="${link}"><img src="${link}" alt="${toHtml(prompt)}" loading="lazy"></a>`;
  const facts = [model, usd !== undefined && showUsd(usd), seconds !== undefined && `${seconds} s`]
    .filter(Boolean)
    .map(String);
  const time = `<time datetime="${toHtml(at)}">${toHtml(at.slice(0, 16).replace('T', ' '))} UTC</time>`;
  return `<figure>${media}<figcaption><p dir="auto">${toHtml(prompt)}</p><small>${toHtml(facts.join(' · '))} · ${time}</small></figcaption></figure>\n`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
