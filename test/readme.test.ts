import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as aiSdk from '../src/ai-sdk.js';
import { clientOptionNames } from '../src/base/options.js';
import { fakeApiOptionNames } from '../src/fake/world.js';
import { requestOptionNames } from '../src/http/request.js';
import * as index from '../src/index.js';
import { watchOptionNames } from '../src/job/watch.js';
import { saveOptionNames } from '../src/media/transfer.js';
import * as models from '../src/models.js';
import * as testing from '../src/testing.js';
import * as undici from '../src/undici.js';
import * as vtrix from '../src/vtrix.js';
// @ts-expect-error a script of its own: npm run readme:charts
import { importTimes, paidCreates, withCharts } from './bench/charts.mjs';
import { readPage, readPages, resolveLink, shownForm } from './markdown.js';
// @ts-expect-error a script of its own: npm run readme:models
import { withTables } from './models-table.mjs';

const pages = readPages();
const readme = readPage('README.md');
const manifest: { files: string[]; scripts: Record<string, string>; repository?: unknown } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);

/** npm packs these without being told. */
const packedAnyway = ['README.md', 'LICENSE', 'package.json'];

function isPacked(file: string): boolean {
  const entries = [...packedAnyway, ...manifest.files];
  return entries.some((entry) => file === entry || file.startsWith(`${entry}/`));
}

describe.each(pages)('$file', (page) => {
  const isLocal = (target: string) => !/^https?:/.test(target);
  const local = page.links.filter(({ target }) => isLocal(target));

  it('links to files and headings that are there, in the package too', () => {
    const broken = local.filter(({ target }) => {
      const { file, anchor } = resolveLink(page, target);
      if (!existsSync(file)) return true;
      if (isPacked(page.file) && !isPacked(file)) return true;
      return anchor !== undefined && !readPage(file).anchors.includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('has no heading twice: a link could not tell them apart', () => {
    if (page.file !== 'test/bench/RESULTS.md') expect(page.anchors).toEqual([...new Set(page.anchors)]);
  });

  // how to add a model is shown by one that does not exist
  const shown =
    page.file === 'src/README.md' ? [] : page.blocks.filter(({ language }) => /^[jt]s$/.test(language));

  it('shows code that is a file which runs, as it is', () => {
    for (const { file, code } of shown) {
      expect(file, code).toMatch(/^examples\/[\w.-]+$/);
      expect(code).toBe(shownForm(file ?? ''));
    }
  });

  it('has a block after each marker', () => {
    const markers = [...page.text.matchAll(/^<!-- (\S+) -->$/gm)].map(([, file]) => file);
    expect(markers).toEqual(page.blocks.flatMap(({ file }) => file ?? []));
  });

  it('names scripts and examples that are there', () => {
    const named = [...page.text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
    const files = [
      ...page.text.matchAll(/\bnode (?:node_modules\/aimlapi-wan\/)?(examples\/[\w./-]+\.\w+)/g),
    ];
    expect(files.map(([, file = '']) => file).filter((file) => !existsSync(file))).toEqual([]);
  });

  it('has the tables of the models as the registry has them', () => {
    expect(page.text).toBe(withTables(page.text, models.models()));
  });
});

describe('README.md', () => {
  it.each(['examples/image.mjs', 'examples/video.mjs'])('shows %s in at most 8 lines', (file) => {
    expect(readme.blocks.map((block) => block.file)).toContain(file);
    expect(shownForm(file).trimEnd().split('\n').length).toBeLessThanOrEqual(8);
  });

  it('names every exported function and class', () => {
    const isNamed = (name: string) => new RegExp(`\`${name}[\`(]`).test(readme.text);
    const names = [
      ...Object.keys(index),
      ...Object.keys(models),
      ...Object.keys(undici),
      ...Object.keys(aiSdk),
    ];
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
  });

  it('names every model', () => {
    for (const { id } of models.models()) expect(readme.text).toContain(id.replace('alibaba/', ''));
    expect(readme.text).toContain('<!-- begin: models ');
    expect(readPage('examples/models.md').text).toContain('<!-- begin: fields ');
  });

  it('draws its charts from the recorded figures', () => {
    const results = readFileSync('test/bench/RESULTS.md', 'utf8');
    const { text: payingOnce } = readPage('examples/paying-once.md');
    expect(readme.text).toBe(withCharts(readme.text, { payingOnce, results }));
    for (const { figure } of [...paidCreates(payingOnce), ...importTimes(results)]) {
      expect(figure).toBeGreaterThan(0);
      expect(readme.text).toMatch(new RegExp(`^ {2}bar \\[.*\\b${figure}\\b`, 'm'));
    }
    expect(paidCreates(payingOnce).at(-1)).toEqual({ name: 'aimlapi-wan', figure: 1 });
    const namesOf = (bars: { name: string }[]) => bars.map(({ name }) => name).toSorted();
    expect(namesOf(importTimes(results))).toEqual(namesOf(paidCreates(payingOnce)));
  });

  it('has at most 300 lines', () => {
    expect(readme.text.trimEnd().split('\n').length).toBeLessThanOrEqual(300);
  });

  it('says of each link where its file is, for those who read it on the page of npm', () => {
    // a picture that npm does not show leaves its words
    const relative = readme.links.filter(({ target }) => !/^(https?:|#)|\.(svg|png)$/.test(target));
    expect(relative.length).toBeGreaterThan(20);
    // npm has no repository to resolve such a link by, so the text must name the file
    expect(manifest.repository).toBeUndefined();
    for (const { text, target } of relative) expect(text).toBe(`\`${target.replace(/#.*/, '')}\``);
    expect(readme.text).toContain('open it in `node_modules/aimlapi-wan/`');
  });

  it.each(['npm ci && npm run demo', 'npm ci && npm test'])('has the line "%s"', (line) => {
    expect(readme.text.split('\n')).toContain(line);
  });
});

describe('examples/options.md', () => {
  it.each([
    ['createWan', clientOptionNames],
    ['Requests', requestOptionNames],
    ['pollUntilDone, watchVideo', watchOptionNames],
    ['save, download', saveOptionNames],
  ])('has every option of %s', (heading, names) => {
    expect(optionsIn('examples/options.md', heading)).toEqual(expect.arrayContaining(Object.keys(names)));
  });

  it('names the page that has every option of createFakeApi', () => {
    expect(optionsIn('examples/testing.md', 'Options')).toEqual(Object.keys(fakeApiOptionNames));
  });
});

/** What the first column of the tables below a heading names. */
function optionsIn(file: string, heading: string): string[] {
  const { text } = readPage(file);
  const chapter = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...chapter.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
}

describe('the picture of the terminal', () => {
  it('is in the README, is small, and shows the command, the id, the bar and the file', () => {
    expect(readme.text).toContain('](examples/terminal.svg)');
    const picture = readFileSync('examples/terminal.svg', 'utf8');
    expect(picture.length).toBeLessThan(200_000);
    for (const part of [/\$ aimlapi-wan video/, />id [\w-]+</, /%.*left/, /dragon\.mp4 {2}\d/])
      expect(picture).toMatch(part);
  });
});

describe('the picture of the page', () => {
  it('is in the README and in its own, and is small', () => {
    expect(readme.text).toContain('](examples/web/page.png)');
    expect(readPage('examples/web/README.md').text).toContain('](page.png)');
    expect(readFileSync('examples/web/page.png').length).toBeLessThan(100_000);
  });
});

describe('the recipes', () => {
  const parts = ['embed.mjs', 'embedded.mjs', 'embedded-vtrix.mjs', 'chat-tools.mjs', 'webhook-delivery.mjs'];
  const recipes = readdirSync('examples').filter(
    (name) => /\.(mjs|cjs|ts)$/.test(name) && !parts.includes(name),
  );

  it('are all in the book', () => {
    const book = readPage('examples/README.md').links.map(({ target }) => target);
    expect(recipes.filter((name) => !book.includes(name))).toEqual([]);
  });

  it('lead, with the pages beside them, to every page', () => {
    const book = readPage('examples/README.md');
    const named = book.links.map(({ target }) => resolveLink(book, target).file);
    const others = pages.map(({ file }) => file).filter((file) => /^examples\/[^/]+\.md$/.test(file));
    expect(others.filter((file) => file !== book.file && !named.includes(file))).toEqual([]);
  });

  it('show every public function and class', () => {
    const sources = recipes.map((name) => readFileSync(`examples/${name}`, 'utf8'));
    const code = sources.join('\n').replace(/^\s*\/\/.*$|\/\*\*[\s\S]*?\*\//gm, '');
    const doors = [index, models, testing, undici, vtrix, aiSdk];
    const names = doors.flatMap((door) => Object.keys(door));
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });

  it.each(recipes)('%s says in its first line what it does and what it costs', (name) => {
    const [first = ''] = readFileSync(`examples/${name}`, 'utf8').split('\n');
    expect(first).toMatch(/^\/\/ [A-Z].*[^.]\. Costs [^.]+(\.\d\d)?[^.]*\.$/);
    expect(first.length).toBeLessThanOrEqual(120);
  });
});
