import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startWorld, toLines } from './run-cli.js';

/** What the journal of the command line holds, and how it brings back what was paid for. */

describe('kill -9 between a create and its id', () => {
  it('leaves an entry, by which recover finds the video', async () => {
    const { api, folder, state, run } = await startWorld();
    api.fault({ kind: 'stall', on: 'video', accepted: true });
    const killed = await run(['video', 'a fox'], { signalWhen: ['SIGKILL', () => api.generations === 1] });
    expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    const [name = ''] = await readdir(state);
    const text = await readFile(`${state}/${name}`, 'utf8');
    expect(text).not.toMatch(/secret|sig=/);
    const jobs = await run(['jobs']);
    const clientRequestId = jobs.rows[0]?.clientRequestId;
    expect(jobs.rows).toMatchObject([{ kind: 'video', model: 'alibaba/wan2.2-t2v-plus', prompt: 'a fox' }]);
    const recovered = await run(['recover', String(clientRequestId), '-o', 'fox']);
    expect(recovered).toMatchObject({ code: 0, stderr: '', rows: [{ status: 'completed' }] });
    expect(await readdir(folder)).toContain('fox.mp4');
    expect(await run(['jobs'])).toMatchObject({ code: 0, stdout: '' });
    expect(api.generations).toBe(1);
  });

  it('leaves an entry of images too, and recover tells what they cost', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'stall', on: 'image', accepted: true });
    await run(['image', 'a fox'], { signalWhen: ['SIGKILL', () => api.generations === 1] });
    const clientRequestId = (await run(['jobs'])).rows[0]?.clientRequestId;
    const ended = await run(['recover', String(clientRequestId)]);
    expect(ended).toMatchObject({
      code: 1,
      rows: [{ error: { message: expect.stringContaining('The image was made and cost $') } }],
    });
    expect(await run(['jobs'])).toMatchObject({ stdout: '' });
  });
});

describe('wait --all', () => {
  it('goes on with all that is open, and ends with 4 where something stays open', async () => {
    const { api, folder, run } = await startWorld();
    await run(['video', 'a', '--no-wait']);
    await run(['video', 'b', '--no-wait']);
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    expect(await run(['video', 'c'])).toMatchObject({ code: 4 });
    api.fault({ kind: 'reset', on: 'image', accepted: true });
    expect(await run(['image', 'd'])).toMatchObject({ code: 4 });
    expect((await run(['jobs'])).rows.map(({ prompt }) => prompt)).toEqual(['a', 'b', 'c', 'd']);
    const all = await run(['wait', '--all', '-o', 'out/{line}']);
    expect(all.code).toBe(4);
    expect((await readdir(`${folder}/out`)).sort()).toEqual(['1.mp4', '2.mp4', '3.mp4']);
    expect((await run(['jobs'])).rows.map(({ prompt }) => prompt)).toEqual(['d']);
    expect(api.generations).toBe(4);
  });

  it('leaves what is open at another place, and jobs says where', async () => {
    const { url, run } = await startWorld();
    await run(['video', 'a', '--no-wait']);
    const elsewhere = { env: { AIMLAPI_BASE_URL: 'http://127.0.0.1:9' } };
    expect(await run(['wait', '--all'], elsewhere)).toMatchObject({ code: 0, stdout: '' });
    const jobs = await run(['jobs', '--json'], elsewhere);
    expect(jobs.rows).toMatchObject([{ origin: url, id: expect.any(String) }]);
  });

  it('has nothing to do where nothing is open', async () => {
    const { api, run } = await startWorld();
    expect(await run(['wait', '--all'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(api.requests).toEqual([]);
  });
});

describe('the journal of several programs at once', () => {
  it('has nothing open when all have ended, and what was not paid for neither', async () => {
    const { api, state, run } = await startWorld();
    api.fault({ kind: 'error', status: 400, on: 'image', times: 2 });
    const ended = await Promise.all(Array.from({ length: 6 }, () => run(['image', 'a fox'])));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 0, 0, 0, 1, 1]);
    const states = (await readdir(state)).map((name) => name.split('.').at(-2)).sort();
    expect(states).toEqual(['done', 'done', 'done', 'done', 'unpaid', 'unpaid']);
  });
});

describe('no journal', () => {
  it.each([
    ['--no-journal', ['image', 'a', '--no-journal']],
    ['--fake', ['image', 'a', '--fake']],
    ['--dry-run', ['image', 'a', '--dry-run']],
    ['a mistake', ['image', 'a', '--seed', 'x']],
  ])('is written with %s', async (_, args) => {
    const { state, run } = await startWorld();
    await run(args);
    await expect(readdir(state)).rejects.toThrow('ENOENT');
  });

  it('can be written: that is told, and the create goes on', async () => {
    const { folder, run } = await startWorld();
    await writeFile(`${folder}/state`, 'a file in its place');
    const ended = await run(['image', 'a']);
    expect(ended).toMatchObject({ code: 0, rows: [{ status: 'completed' }] });
    expect(ended.stderr).toMatch(
      /^The journal cannot be written \(E.*\)\. What finds this create again: [-\w]+, alibaba/,
    );
    expect(ended.stderr.split('\n')).toHaveLength(2);
  });
});

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  // a limit of the shell: files can be made, and take no more than so many blocks
  const takes = (blocks: number) => `trap '' XFSZ; ulimit -f ${blocks};`;

  it('takes no journal: that is told, and no half entry stays', async () => {
    const { state, run } = await startWorld();
    const ended = await run(['video', 'a', '--no-wait'], { before: takes(0) });
    expect(ended).toMatchObject({ code: 0, rows: [{ id: expect.any(String) }] });
    expect(ended.stderr).toContain('The journal cannot be written (EFBIG');
    expect(await readdir(state)).toEqual([]);
  });

  it('takes no image: the result says how to save it, and --resume saves it without paying', async () => {
    const { api, folder, run } = await startWorld();
    const input = toLines({ prompt: 'a' });
    const first = await run(['image', '--from-file', '-', '-o', 'fox'], { input, before: takes(8) });
    expect(first).toMatchObject({
      code: 4,
      rows: [{ error: { name: 'DownloadError', fix: expect.stringContaining("aimlapi-wan save 'http") } }],
    });
    expect((await readdir(folder)).sort()).toEqual(['state']);
    await writeFile(`${folder}/results.jsonl`, first.stdout);
    const second = await run(['image', '--from-file', '-', '-o', 'fox', '--resume', 'results.jsonl'], {
      input,
    });
    expect(second).toMatchObject({ code: 0, rows: [{ files: [{ path: `${folder}/fox-1.png` }] }] });
    expect(api.generations).toBe(1);
    expect(await run(['jobs'])).toMatchObject({ stdout: '' });
  });
});

describe('-o of one create', () => {
  it('is refused before anything is paid for where a file is there', async () => {
    const { api, folder, run } = await startWorld();
    await writeFile(`${folder}/fox.png`, 'old');
    for (const output of [
      'fox.png',
      'fox',
      'fox.png/x.png',
      '{promt}',
      '/dev/null',
      `${'x'.repeat(300)}.png`,
    ]) {
      expect(await run(['image', 'a', '-o', output])).toMatchObject({
        code: 2,
        rows: [{ error: { name: 'UsageError' } }],
      });
    }
    expect(api.requests).toEqual([]);
    expect(await run(['image', 'a', '-o', 'fox', '--force'])).toMatchObject({ code: 0 });
    expect(await readdir(folder)).not.toContain('fox-2.png');
  });

  it('is a number more where a file came into being meanwhile', async () => {
    const { folder, run } = await startWorld();
    const job = await run(['video', 'a', '--no-wait', '-o', 'fox']);
    await writeFile(`${folder}/fox.mp4`, 'old');
    const ended = await run(['wait', String(job.rows[0]?.id), '-o', 'fox']);
    expect(ended).toMatchObject({ code: 0, rows: [{ files: [{ path: `${folder}/fox-2.mp4` }] }] });
    expect(await readFile(`${folder}/fox.mp4`, 'utf8')).toBe('old');
  });

  it('makes folders, and takes any prompt', async () => {
    const { folder, run } = await startWorld();
    const prompt = '../../etc/passwd\n\u202eCON: a "fox" *';
    expect(await run(['image', prompt, '-o', 'a/{model}/{prompt}'])).toMatchObject({ code: 0 });
    expect(await readdir(`${folder}/a/wan2.5-t2i-preview`)).toEqual(['etc-passwd-CON-a-fox.png']);
  });

  it('writes a gallery that grows', async () => {
    const { folder, run } = await startWorld();
    await run(['image', 'a', '--gallery', '-o', 'out/']);
    await run(['image', 'b', '--gallery', '-o', 'out/']);
    expect((await readFile(`${folder}/out/index.html`, 'utf8')).match(/<figure>/g)).toHaveLength(2);
  });
});
