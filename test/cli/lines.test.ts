import { describe, expect, it } from 'vitest';
import { forEachOf, isDone, type Row, readLines, readRows } from '../../src/cli/lines.js';

const keysOf = (text: string, defaults: unknown = []) => readLines(text, defaults).map(({ key }) => key);
const made = { kind: 'image' as const, model: 'm', status: 'completed', clientRequestId: 'c', seconds: 1 };
const done = (line: number, key: string): Row => ({
  line,
  key,
  ...made,
  files: [{ path: '/a.png', bytes: 1, contentType: 'image/png' }],
});

describe('readLines()', () => {
  it('counts as an editor does, and leaves empty lines out', () => {
    const lines = readLines('\ufeff{"prompt":"a"}\r\n\r\n  {"prompt":"b","seed":7}  \n', []);
    expect(lines).toMatchObject([
      { line: 1, fields: { prompt: 'a' }, mistakes: [] },
      { line: 3, fields: { prompt: 'b', seed: 7 }, mistakes: [] },
    ]);
  });

  it('goes on after a line that is broken, and says what is wrong with it', () => {
    const lines = readLines('{"prompt":\n{"prompt":"b"}\n["c"]\n"d"\nnull', []);
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
    expect(lines.map(({ mistakes }) => mistakes.length)).toEqual([1, 0, 1, 1, 1]);
    expect(lines[0]?.mistakes[0]).toMatch(/^it is no JSON of fields: .*JSON/);
    expect(lines[2]?.mistakes[0]).toContain('a line is one object, such as {"prompt":"a fox"}');
  });

  it('survives a line that is nested too deep to be written', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(readLines(deep, [])[0]?.mistakes).toHaveLength(1);
  });

  it('gives the same content the same key, wherever it stands and however it is written', () => {
    const [first, second] = keysOf('{"prompt":"a","image_size":{"width":512,"height":512}}\n{"prompt":"b"}');
    expect(
      keysOf('\n{"prompt":"b"}\n{ "image_size": {"height":512,"width":512}, "prompt": "\\u0061" }'),
    ).toEqual([second, first]);
  });

  it('gives other content, other flags and a repeated line another key', () => {
    const keys = [
      ...keysOf('{"seed":1}\n{"seed":"1"}\n{"seed":1}\n{"seed":[1]}\n{}'),
      ...keysOf('{"seed":1}', ['m']),
    ];
    expect(new Set(keys).size).toBe(6);
  });
});

describe('readRows()', () => {
  it('takes the last of each key, but one that is done before all', () => {
    const failed = { line: 1, key: 'a', error: { name: 'E', message: 'm', fix: 'f' } };
    const text = [done(2, 'b'), failed, { ...failed, key: 'b' }, done(1, 'a')]
      .map((row) => JSON.stringify(row))
      .join('\n');
    const rows = readRows(`${text}\n`);
    expect([...rows.values()].map(isDone)).toEqual([true, true]);
  });

  it('leaves a row out that is cut short, and reads the one that was written behind it', () => {
    const text = `${JSON.stringify(done(1, 'a')).slice(0, 40)}${JSON.stringify(done(2, 'b'))}\n\nnull\n7\n{"line":3,"key":"c"`;
    expect([...readRows(text).keys()]).toEqual(['b']);
  });

  it('is not misled by a prompt that looks like a row', () => {
    const row = { line: 1, key: 'a', open: { prompt: '{"line":1,"key":"b"}\n{"line":2' } };
    expect(readRows(JSON.stringify(row)).get('a')).toEqual(row);
  });

  it('does not take a job that nobody waited for as done', () => {
    expect(isDone({ line: 1, key: 'a', ...made, files: [] })).toBe(false);
  });
});

describe('forEachOf()', () => {
  it('works on so many at once, in order, until it is over', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    await forEachOf(
      [1, 2, 3, 4, 5, 6, 7, 8],
      3,
      async (item) => {
        begun.push(item);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
      },
      () => begun.length >= 6,
    );
    expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });
});
