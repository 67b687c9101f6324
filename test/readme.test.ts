import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as aiSdk from '../src/ai-sdk.js';
import * as index from '../src/index.js';
import * as models from '../src/models.js';
import * as undici from '../src/undici.js';
// @ts-expect-error part of a script of its own: npm run bench
import { shortTableIn, withShortTable } from './bench/tables.mjs';
// @ts-expect-error a script of its own: npm run readme:models
import { withTables } from './models-table.mjs';

const readme = readFileSync('README.md', 'utf8');

const blocks = [...readme.matchAll(/(?:^<!-- (\S+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(
  ([, file, language, code]) => ({ file, language, code }),
);

/** An example as the README shows it: without the line that brings the embedded API. */
function shownForm(file: string): string {
  return readFileSync(file, 'utf8').replace(/^import '\.\/embedded(?:-vtrix)?\.mjs';.*\n\n?/, '');
}

describe('README.md', () => {
  it.each(blocks.filter(({ language }) => language === 'js'))('shows $file as it is', ({ file, code }) => {
    expect(file).toBeDefined();
    expect(code).toBe(shownForm(file ?? ''));
  });

  it('has a block after each marker', () => {
    const markers = [...readme.matchAll(/^<!-- (\S+) -->$/gm)].map(([, file]) => file);
    expect(markers).toEqual(blocks.flatMap(({ file }) => file ?? []));
    expect(markers).toEqual(expect.arrayContaining(['examples/image.mjs', 'examples/video.mjs']));
  });

  it.each(['examples/image.mjs', 'examples/video.mjs'])('shows %s in at most 8 lines', (file) => {
    expect(shownForm(file).trimEnd().split('\n').length).toBeLessThanOrEqual(8);
  });

  it('names every exported function and class', () => {
    const isNamed = (name: string) => new RegExp(`\`${name}[\`(]`).test(readme);
    const names = [
      ...Object.keys(index),
      ...Object.keys(models),
      ...Object.keys(undici),
      ...Object.keys(aiSdk),
    ];
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
  });

  it('has the tables of the models as the registry has it', () => {
    expect(readme).toBe(withTables(readme, models.models()));
    for (const { id } of models.models()) expect(readme).toContain(id.replace('alibaba/', ''));
  });

  it('has the figures of the last run of the benchmark', () => {
    const table: string = shortTableIn(readFileSync('test/bench/RESULTS.md', 'utf8'));
    expect(table).toMatch(/^\| what \| aimlapi-wan \|/);
    expect(readme).toBe(withShortTable(readme, table));
    expect(readme).toContain(table);
  });

  it.each(['npm ci && npm run demo', 'npm ci && npm test'])('has the line "%s"', (line) => {
    expect(readme.split('\n')).toContain(line);
  });

  it('links to files that are there, in the package as well', () => {
    const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '');
    const local = targets.filter((target) => !target.startsWith('https://'));
    const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text);
    const anchors = headings.map(
      (text) =>
        `#${text
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-')}`,
    );
    const files = local.filter((target) => !anchors.includes(target));
    const { files: packed } = JSON.parse(readFileSync('package.json', 'utf8'));
    const isPacked = (target: string) =>
      target === 'LICENSE' ||
      packed.some((entry: string) => target === entry || target.startsWith(`${entry}/`));
    expect(files.filter((target) => !existsSync(target))).toEqual([]);
    expect(files.filter((target) => !isPacked(target))).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
  });
});
