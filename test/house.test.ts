import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../src/base/version.js';

/** Rooms from the top down: a file may import from its own room and from those below. */
const floors = [
  ['cli'],
  ['doors'],
  ['ai-sdk'],
  ['aimlapi', 'vtrix', 'fake'],
  ['money'],
  ['job', 'media'],
  ['http', 'undici'],
  ['input'],
  ['time'],
  ['base'],
];

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const doors = ['index.ts', 'models.ts', 'testing.ts', 'vtrix.ts', 'undici.ts', 'ai-sdk.ts'];

function roomOf(file: string): string {
  const [folder] = file.split('/');
  return file.includes('/') && folder ? folder : doors.includes(file) ? 'doors' : file;
}

const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

function importsOf(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8');
  return [...source.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)].map(([, named, lazy]) =>
    normalize(join(dirname(file), named ?? lazy ?? '')).replace(/\.js$/, '.ts'),
  );
}

describe('the house', () => {
  it('has only rooms that have a floor, and no loose file but the doors', () => {
    expect(files.filter((file) => floorOf(roomOf(file)) < 0)).toEqual([]);
  });

  it('imports point down, never up and never across to a sibling', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => {
          const [from, to] = [roomOf(file), roomOf(target)];
          return from !== to && floorOf(to) <= floorOf(from);
        })
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has a command line that calls the doors alone, and loads each only when it is needed', () => {
    const cli = files.filter((file) => roomOf(file) === 'cli');
    const behind = cli.flatMap((file) =>
      importsOf(file).filter((target) => !['cli', 'doors'].includes(roomOf(target))),
    );
    expect(behind).toEqual([]);
    const atOnce = cli.filter((file) =>
      /^import (?!type ).*from '\.\.\//m.test(readFileSync(join('src', file), 'utf8')),
    );
    expect(atOnce).toEqual([]);
  });

  it('has a transport that nobody but its door knows: to all others it is a fetch', () => {
    const known = files
      .filter((file) => roomOf(file) !== 'undici')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => roomOf(target) === 'undici')
          .map((target) => `${file} -> ${target}`),
      );
    expect(known).toEqual(['undici.ts -> undici/fetch.ts']);
    const naming = files.filter((file) => /from 'undici'/.test(readFileSync(join('src', file), 'utf8')));
    expect(new Set(naming.map(roomOf))).toEqual(new Set(['undici']));
  });

  it('imports nothing in a circle', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]));
    const circles: string[][] = [];
    const done = new Set<string>();
    const walk = (file: string, path: string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      if (path.includes(file) || done.has(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      // there are more paths than could ever be walked
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps undici and the network modules out of what the main entry loads', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      importsOf(file).forEach(visit);
    };
    visit('index.ts');
    const sources = [...seen].map((file) => readFileSync(join('src', file), 'utf8'));
    expect(sources.filter((source) => /from '(undici|node:https?|node:tls)'/.test(source))).toEqual([]);
  });

  it('is shown in src/README.md as it is: every room, and no file that is not there', () => {
    const page = readFileSync('src/README.md', 'utf8');
    const rooms = [...new Set(files.map(roomOf))].filter((room) => room !== 'doors');
    expect(rooms.filter((room) => !page.includes(`| \`${room}/\` |`))).toEqual([]);
    expect(rooms.filter((room) => !new RegExp(`(-->|&) ${room}\\b|\\b${room} -->`).test(page))).toEqual([]);
    const paths = [...page.matchAll(/`((?:src|test)\/[\w./-]+|[a-z]+\/[\w.-]+\.ts)`/g)].map(
      ([, path = '']) => path,
    );
    const invented = 'src/aimlapi/models/wan-2-8-t2v.ts';
    const missing = paths.filter(
      (path) => path !== invented && ![path, `src/${path}`].some((each) => existsSync(each)),
    );
    expect(paths.length).toBeGreaterThan(8);
    expect(missing).toEqual([]);
  });

  it('has the version of the package', () => {
    expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });
});
