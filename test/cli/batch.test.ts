import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Ended, startWorld, toLines } from './run-cli.js';

const errorsOf = ({ rows }: Ended) => rows.flatMap(({ error }) => error ?? []);
const linesOf = ({ rows }: Ended) => rows.map(({ line }) => line).sort();

describe('a batch', () => {
  it('makes one thing for each line, with the flags as defaults, and tells each as a line of JSON', async () => {
    const { api, folder, run } = await startWorld();
    const input = toLines({ prompt: 'a' }, { prompt: 'b', num_images: 1, model: 'wan2.2-t2i-plus' });
    const ended = await run(['image', '--from-file', '-', '--num-images', '2', '-o', 'out/{line}-{index}'], {
      input,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(ended)).toEqual([1, 2]);
    expect((await readdir(`${folder}/out`)).sort()).toEqual(['1-1.png', '1-2.png', '2-1.png']);
    expect(api.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        { model: 'alibaba/wan2.5-t2i-preview', prompt: 'a', num_images: 2 },
        { model: 'alibaba/wan2.2-t2i-plus', prompt: 'b', num_images: 1 },
      ]),
    );
  });

  it('goes on after a broken line, a wrong field and a refusal, and ends with 1', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'error', status: 400, on: 'image', message: 'The content was refused' });
    const input = `${toLines({ prompt: 'a' }, { promt: 'b' })}{"prompt"\n${toLines({ prompt: 'd' }, { prompt: 'e', model: 'wan2.2-t2v-plus' })}`;
    const ended = await run(['image', '--from-file', '-', '--concurrency', '1'], { input });
    expect(ended.code).toBe(1);
    // what is wrong with the input is told before anything is sent
    expect(ended.rows.map(({ line }) => line)).toEqual([2, 3, 5, 1, 4]);
    expect(errorsOf(ended)).toMatchObject([
      {
        name: 'UsageError',
        message: expect.stringMatching(
          /^line 2: .*promt is not a field of this model: did you mean "prompt"\?/,
        ),
      },
      { name: 'UsageError', message: expect.stringMatching(/^line 3: it is no JSON of fields: /) },
      {
        name: 'UsageError',
        message: 'line 5: wan2.2-t2v-plus makes videos: aimlapi-wan video takes it',
      },
      { name: 'ApiError', message: expect.stringContaining('The content was refused') },
    ]);
    expect(api.generations).toBe(1);
  });

  it('sends nothing where no line is right, and ends with 2', async () => {
    const { api, run } = await startWorld();
    expect(await run(['image', '--from-file', '-'], { input: '{"promt":"a"}\nnull\n' })).toMatchObject({
      code: 2,
    });
    expect(await run(['image', '--from-file', '-'], { input: '\n\n' })).toMatchObject({ code: 2 });
    expect(await run(['image', '--from-file', 'missing.jsonl'])).toMatchObject({ code: 2 });
    expect(await run(['image', 'a fox', '--from-file', '-'])).toMatchObject({ code: 2 });
    expect(await run(['image', 'a fox', '--resume', 'x'])).toMatchObject({ code: 2 });
    expect(api.requests).toEqual([]);
  });

  it('refuses the lines above --max-usd, each by itself, and ends with 3', async () => {
    const { api, run } = await startWorld();
    const input = toLines({ prompt: 'a' }, { prompt: 'b', num_images: 4 }, { prompt: 'c' });
    const ended = await run(['image', '--from-file', '-', '--max-usd', '0.07', '--concurrency', '1'], {
      input,
    });
    expect(ended.code).toBe(3);
    expect(errorsOf(ended)).toMatchObject([{ name: 'BudgetExceededError' }]);
    expect(api.generations).toBe(2);
  });

  it('stops where no other create would fare better, and ends with 3', async () => {
    const { api, run } = await startWorld({ apiKey: 'another' });
    const input = toLines(...Array.from({ length: 20 }, (_, seed) => ({ prompt: 'a', seed })));
    const ended = await run(['image', '--from-file', '-'], { input });
    expect(ended.code).toBe(3);
    expect(errorsOf(ended)[0]).toMatchObject({ name: 'AuthenticationError' });
    expect(api.requests.length).toBeLessThanOrEqual(4);
  });

  it('refuses what is there before it pays, and never overwrites', async () => {
    const { api, folder, run } = await startWorld();
    await writeFile(`${folder}/2.png`, 'old');
    const input = toLines({ prompt: 'a' }, { prompt: 'b' });
    const ended = await run(['image', '--from-file', '-', '-o', '{line}'], { input });
    expect(ended.code).toBe(1);
    expect(errorsOf(ended)).toMatchObject([
      { message: expect.stringContaining('2.png" is there already: --force replaces it') },
    ]);
    expect(api.generations).toBe(1);
    expect(await readFile(`${folder}/2.png`, 'utf8')).toBe('old');
    expect(await run(['image', '--from-file', '-', '-o', '{line}', '--force'], { input })).toMatchObject({
      code: 0,
    });
    expect(await readFile(`${folder}/2.png`, 'utf8')).not.toBe('old');
  });

  it('writes a gallery of all lines, those of an earlier run too', async () => {
    const { folder, run } = await startWorld();
    const first = await run(['image', '--from-file', '-'], { input: toLines({ prompt: 'a' }) });
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const args = ['image', '--from-file', '-', '--gallery', '--resume', 'results.jsonl'];
    await run(args, { input: toLines({ prompt: 'a' }, { prompt: '<b>' }) });
    const page = await readFile(`${folder}/index.html`, 'utf8');
    expect(page.match(/<figure>/g)).toHaveLength(2);
    expect(page).toContain('&lt;b&gt;');
  });

  it('prints what it would send and pays for nothing with --dry-run', async () => {
    const { api, run } = await startWorld();
    const ended = await run(['image', '--from-file', '-', '--dry-run'], {
      input: toLines({ prompt: 'a' }, { prompt: 'b' }),
    });
    expect(ended).toMatchObject({
      code: 0,
      rows: [
        { line: 1, body: { prompt: 'a' } },
        { line: 2, usd: expect.any(Number) },
      ],
    });
    expect(api.generations).toBe(0);
  });
});

describe('--resume', () => {
  it('pays again for what failed, and for nothing else', async () => {
    const { api, folder, run } = await startWorld();
    api.fault({ kind: 'error', status: 400, on: 'image', after: 1 });
    const lines = [{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'a' }];
    const first = await run(['image', '--from-file', '-', '--concurrency', '1'], {
      input: toLines(...lines),
    });
    expect(first.code).toBe(1);
    expect(api.generations).toBe(2);
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const again = ['image', '--from-file', '-', '--resume', 'results.jsonl'];
    // the lines have moved, and there is a new one
    const second = await run(again, { input: toLines({ prompt: 'new' }, ...lines.toReversed()) });
    expect(second.code).toBe(0);
    expect(linesOf(second)).toEqual([1, 2, 3, 4]);
    expect(api.generations).toBe(4);
    await appendFile(`${folder}/results.jsonl`, second.stdout);
    expect(await run(again, { input: toLines({ prompt: 'new' }, ...lines) })).toMatchObject({ code: 0 });
    expect(api.generations).toBe(4);
  });

  it('waits for a job that nobody has waited for', async () => {
    const { api, folder, run } = await startWorld();
    const input = toLines({ prompt: 'a' });
    const first = await run(['video', '--from-file', '-', '--no-wait'], { input });
    expect(first).toMatchObject({ code: 0, rows: [{ files: [], open: { id: expect.any(String) } }] });
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const second = await run(
      ['video', '--from-file', '-', '--resume', 'results.jsonl', '--interval', '50ms'],
      { input },
    );
    expect(second).toMatchObject({
      code: 0,
      rows: [{ line: 1, status: 'completed', files: [{ contentType: 'video/mp4' }] }],
    });
    expect(api.generations).toBe(1);
  });

  it('looks up what was lost, and does not pay for it again', async () => {
    const { api, folder, run } = await startWorld();
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const input = toLines({ prompt: 'a' });
    const first = await run(['video', '--from-file', '-'], { input });
    expect(first).toMatchObject({
      code: 4,
      rows: [{ error: { name: 'OutcomeUnknownError', fix: expect.stringContaining('aimlapi-wan recover') } }],
    });
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const second = await run(
      ['video', '--from-file', '-', '--resume', 'results.jsonl', '--interval', '50ms'],
      { input },
    );
    expect(second).toMatchObject({ code: 0, rows: [{ status: 'completed' }] });
    expect(api.generations).toBe(1);
  });

  it('does not pay again for images whose answer was lost', async () => {
    const { api, folder, run } = await startWorld();
    api.fault({ kind: 'reset', on: 'image', accepted: true });
    const input = toLines({ prompt: 'a' });
    await writeFile(`${folder}/results.jsonl`, (await run(['image', '--from-file', '-'], { input })).stdout);
    const second = await run(['image', '--from-file', '-', '--resume', 'results.jsonl'], { input });
    expect(second).toMatchObject({
      code: 4,
      rows: [
        { open: { kind: 'image' }, error: { message: expect.stringContaining('cannot be found again') } },
      ],
    });
    expect(api.generations).toBe(1);
  });

  it('refuses results that ">" has emptied', async () => {
    const { api, folder, run } = await startWorld();
    await writeFile(`${folder}/lines.jsonl`, toLines({ prompt: 'a' }));
    const args = ['image', '--from-file', 'lines.jsonl', '--resume', 'results.jsonl'];
    const ended = await run(args, { before: 'exec > results.jsonl;' });
    expect(ended.code).toBe(2);
    expect(await readFile(`${folder}/results.jsonl`, 'utf8')).toContain('has emptied it');
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['are in the encoding of PowerShell', '{"line":1,"key":"k"}', 'utf16le'],
    ['are another file', '{"prompt":"a"}', 'utf8'],
  ] as const)('refuses results that %s, and does not pay for all of it again', async (_, text, encoding) => {
    const { api, folder, run } = await startWorld();
    await writeFile(`${folder}/results.jsonl`, text, encoding);
    const ended = await run(['image', '--from-file', '-', '--resume', 'results.jsonl'], {
      input: toLines({ prompt: 'a' }),
    });
    expect(ended).toMatchObject({
      code: 2,
      rows: [{ error: { message: expect.stringContaining('holds no results') } }],
    });
    expect(api.requests).toEqual([]);
  });

  it('does not pay again where a model has another of its names', async () => {
    const { api, folder, run } = await startWorld();
    const args = ['image', '--from-file', '-', '-o', '{line}', '--resume', 'results.jsonl'];
    await writeFile(`${folder}/results.jsonl`, '');
    const input = (model: string) => toLines({ prompt: 'a' }, { prompt: 'b', model });
    const first = await run(args, { input: input('wan-2-6-image') });
    expect(first.code).toBe(0);
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const again = [...args, '-m', 'alibaba/wan2.5-t2i-preview'];
    expect(await run(again, { input: input('alibaba/wan2.6-image') })).toMatchObject({ code: 0 });
    expect(api.generations).toBe(2);
  });

  it('begins where an earlier run could not', async () => {
    const { folder, run } = await startWorld();
    const args = ['image', '--from-file', '-', '-o', '{line}'];
    const input = toLines({ prompt: 'a' });
    const first = await run(args, { input, env: { AIMLAPI_API_KEY: '' } });
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    expect(await run([...args, '--resume', 'results.jsonl'], { input })).toMatchObject({ code: 0 });
  });
});

describe('a batch at a terminal', () => {
  it.skipIf(!existsSync('/usr/bin/script'))('draws a table, and ends with a summary', async () => {
    const { folder, run } = await startWorld();
    const prompts = ['a fox', 'b\\x1b[2J\\n', '画'.repeat(60)].map((prompt) => ({ prompt }));
    await writeFile(`${folder}/p.jsonl`, `${toLines(...prompts)}null\n`);
    const before = `script -qefc "stty cols 70 rows 20; $(printf '%q ' "$@")" /dev/null < /dev/null; exit $?;`;
    const ended = await run(['image', '--from-file', 'p.jsonl', '-o', '{line}', '--yes'], { before });
    expect(ended.code).toBe(1);
    const shown = ended.stdout;
    expect(shown).toContain('line 4: it is no JSON of fields');
    expect(shown).toContain('3 to make');
    expect(shown).toMatch(/3\.png {2}.* kB/);
    expect(shown).toMatch(/3 of 4 done, 1 failed, \$0\.0945, 0:0\d/);
    // nothing that is drawn wraps: 70 columns hold 29 wide characters behind the status
    expect(shown).not.toContain('画'.repeat(30));
    expect(shown).not.toContain('\x1b[2J');
  });
});

describe('a batch that is ended from outside', () => {
  it('says on Ctrl-C what is open, dies by the signal, and pays for nothing again', async () => {
    const { api, folder, run } = await startWorld({ videoSeconds: 1.5 });
    const input = toLines({ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' });
    const args = ['video', '--from-file', '-', '--concurrency', '2', '--no-journal'];
    const first = await run(args, { input, signalWhen: ['SIGINT', () => api.generations === 2] });
    expect(first.signal).toBe('SIGINT');
    const rows = first.rows.filter(({ line }) => line !== undefined);
    expect(rows).toMatchObject([
      { line: 1, open: {} },
      { line: 2, open: {} },
    ]);
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const lines = toLines({ prompt: 'a' }, { prompt: 'b' });
    const second = await run(
      ['video', '--from-file', '-', '--resume', 'results.jsonl', '--interval', '50ms'],
      { input: lines },
    );
    expect(second).toMatchObject({ code: 0, rows: [{ status: 'completed' }, { status: 'completed' }] });
    expect(api.generations).toBe(2);
  });

  it('is gone on with by the journal after kill -9, without results', async () => {
    const { api, folder, run } = await startWorld({ videoSeconds: 1 });
    api.fault({ kind: 'stall', on: 'video', accepted: true });
    const input = toLines({ prompt: 'a' }, { prompt: 'b' });
    const first = await run(['video', '--from-file', '-'], {
      input,
      signalWhen: ['SIGKILL', () => api.generations === 2],
    });
    expect(first.signal).toBe('SIGKILL');
    expect(first.stdout).toBe('');
    await writeFile(`${folder}/results.jsonl`, '{"line":1,"key":"torn');
    const second = await run(
      ['video', '--from-file', '-', '--resume', 'results.jsonl', '--interval', '50ms'],
      { input },
    );
    expect(second).toMatchObject({ code: 0, rows: [{ status: 'completed' }, { status: 'completed' }] });
    expect(api.generations).toBe(2);
    expect(await run(['jobs'])).toMatchObject({ code: 0, stdout: '' });
  });
});
