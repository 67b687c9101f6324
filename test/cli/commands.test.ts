import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { models } from '../../src/models.js';
import { startWorld } from './run-cli.js';

/** Every command through pipes, where standard output is data and nothing else is said. */

describe('the commands, piped', () => {
  it('image: one line of JSON for a create, with all of its files', async () => {
    const { api, folder, run } = await startWorld();
    const ended = await run(['image', 'a fox', '--num-images', '2', '-o', 'out/']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.rows).toEqual([
      {
        kind: 'image',
        model: 'alibaba/wan2.5-t2i-preview',
        status: 'completed',
        id: expect.any(String),
        clientRequestId: expect.any(String),
        files: [1, 2].map((index) => ({
          path: expect.stringMatching(`^${folder}/out/wan2.5-t2i-preview-.*-${index}\\.png$`),
          bytes: expect.any(Number),
          contentType: 'image/png',
        })),
        seconds: expect.any(Number),
        usd: expect.any(Number),
      },
    ]);
    expect(ended.stdout.split('\n')).toHaveLength(2);
    expect(api.requests[0]).toMatchObject({
      method: 'POST',
      body: { model: 'alibaba/wan2.5-t2i-preview', prompt: 'a fox', num_images: 2 },
    });
    expect(api.requests.filter(({ path }) => path.startsWith('/v1/models'))).toEqual([]);
  });

  it('video: waits and saves', async () => {
    const { api, folder, run } = await startWorld();
    const ended = await run(['video', '-p', 'a fox', '-o', 'fox.mp4', '--interval', '50ms']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.rows).toEqual([
      {
        kind: 'video',
        model: 'alibaba/wan2.2-t2v-plus',
        status: 'completed',
        id: expect.any(String),
        clientRequestId: expect.any(String),
        files: [{ path: `${folder}/fox.mp4`, bytes: expect.any(Number), contentType: 'video/mp4' }],
        seconds: expect.any(Number),
        usd: 0.1,
      },
    ]);
    expect((await readFile(`${folder}/fox.mp4`)).length).toBe(Object(Object(ended.rows[0]).files)[0].bytes);
    expect(api.generations).toBe(1);
  });

  it('video --no-wait, status, wait, save and recover: the same job, paid for once', async () => {
    const { api, folder, run } = await startWorld();
    const [job] = (await run(['video', 'a fox', '--no-wait'])).rows;
    expect(job).toMatchObject({ kind: 'video', status: 'queued', files: [] });
    const { id, clientRequestId } = Object(job);
    const waited = await run(['wait', id, '-o', 'waited.mp4', '--interval', '50ms']);
    expect(waited).toMatchObject({ code: 0, stderr: '' });
    expect(waited.rows).toMatchObject([{ id, files: [{ path: `${folder}/waited.mp4` }] }]);
    const status = await run(['status', id]);
    expect(status).toMatchObject({ code: 0, rows: [{ id, state: 'done', status: 'completed' }] });
    const saved = await run(['save', id, '-o', 'saved.mp4']);
    expect(saved).toMatchObject({ code: 0, rows: [{ files: [{ path: `${folder}/saved.mp4` }] }] });
    const fetched = await run(['save', String(Object(status.rows[0]).url), '-o', 'fetched']);
    expect(fetched).toMatchObject({ code: 0, rows: [{ path: `${folder}/fetched.mp4` }] });
    const found = await run(['recover', clientRequestId, '-o', 'found.mp4']);
    expect(found).toMatchObject({ code: 0, rows: [{ id, files: [{ path: `${folder}/found.mp4` }] }] });
    expect(api.generations).toBe(1);
  });

  it('models, schema, price, balance and requests', async () => {
    const { run } = await startWorld({ balanceUsd: 12.5 });
    expect((await run(['models'])).rows).toEqual(JSON.parse(JSON.stringify(models())));
    const schema = await run(['schema', 'wan2.5-t2v-preview']);
    expect(schema.rows).toMatchObject([{ title: 'alibaba/wan2.5-t2v-preview', type: 'object' }]);
    const price = await run(['price', 'wan2.5-t2v-preview', '--duration', '10', '--resolution', '720P']);
    expect(price.rows).toMatchObject([{ model: 'wan2.5-t2v-preview', usd: expect.any(Number) }]);
    expect(Object(price.rows[0]).basis).toContain('10 seconds');
    expect((await run(['balance'])).stdout).toBe('{"usd":12.5}\n');
    await run(['image', 'a fox']);
    const requests = await run(['requests', '--since', '1h']);
    expect(requests).toMatchObject({
      code: 0,
      stderr: '',
      rows: [{ status: 'succeeded', model: 'alibaba/wan2.5-t2i-preview', usd: expect.any(Number) }],
    });
  });

  it('prints with --quiet only the path or the id', async () => {
    const { folder, run } = await startWorld();
    expect(await run(['image', 'a fox', '-q', '-o', 'fox.png'])).toMatchObject({
      code: 0,
      stdout: `${folder}/fox.png\n`,
      stderr: '',
    });
    expect((await run(['video', 'a fox', '-q', '--no-wait'])).stdout).toMatch(/^[\w-]+\S*\n$/);
    const failed = await run(['image', '-q']);
    expect(failed).toMatchObject({ code: 2, stdout: '' });
    expect(failed.stderr).toContain('--prompt is missing');
  });

  it('takes the prompt from standard input', async () => {
    const { api, run } = await startWorld();
    await run(['image', '-'], { input: 'a fox\nin the snow\n' });
    expect(api.requests[0]?.body).toMatchObject({ prompt: 'a fox\nin the snow' });
  });

  it('shows with --dry-run what would be sent, without a key and without a POST', async () => {
    const { api, run } = await startWorld();
    const env = { AIMLAPI_API_KEY: '' };
    const ended = await run(['video', 'a fox', '--seed', '-5', '--dry-run'], { env });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.rows).toEqual([
      {
        body: { model: 'alibaba/wan2.2-t2v-plus', prompt: 'a fox', seed: -5 },
        usd: 0.1,
        basis: expect.any(String),
      },
    ]);
    expect(api.requests.map(({ method }) => method)).toEqual(['GET']);
    const alone = await run(['image', 'a fox', '--dry-run', '--base-url', 'http://127.0.0.1:9'], { env });
    expect(alone).toMatchObject({ code: 0, rows: [{ reason: expect.stringContaining('cannot be read') }] });
  });

  it('makes all of it with --fake, without a key and a server', async () => {
    const { api, folder, run } = await startWorld();
    const env = { AIMLAPI_API_KEY: '' };
    const image = await run(['image', 'a fox', '--fake', '-o', 'fox'], { env });
    expect(image).toMatchObject({ code: 0, rows: [{ files: [{ path: `${folder}/fox.png` }] }] });
    const video = await run(['video', 'a fox', '--fake', '--provider', 'vtrix', '--size', '832*480'], {
      env,
    });
    expect(video).toMatchObject({ code: 0, rows: [{ model: 'wan22_t2v_plus', status: 'completed' }] });
    expect(api.requests).toEqual([]);
  });

  it('writes with --debug a line for each attempt, without the key', async () => {
    const { run } = await startWorld();
    const { stderr, rows } = await run(['image', 'a fox', '--debug']);
    expect(stderr).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/v1\/images\/generations, attempt 1, 200\n$/);
    expect(rows).toHaveLength(1);
  });

  it('reads files, presets and sizes into fields', async () => {
    const { api, run } = await startWorld();
    await run(['image', 'a fox', '-o', 'fox.png', '--image-size', '1440X512', '--no-enhance-prompt']);
    expect(api.requests[0]?.body).toMatchObject({
      image_size: { width: 1440, height: 512 },
      enhance_prompt: false,
    });
    const more = [
      '--image-url',
      'fox.png',
      '--image-url',
      'https://example.com/a.png',
      '--image-size',
      'SQUARE',
    ];
    const edited = await run(['image', 'snow', '-m', 'wan-2-6-image', ...more]);
    expect(edited.code).toBe(0);
    expect(api.requests.at(-2)?.body).toMatchObject({
      image_size: 'square',
      image_urls: [expect.stringMatching(/^data:image\/png;base64,/), 'https://example.com/a.png'],
    });
    const { rows } = await run([
      'video',
      'x',
      '-m',
      'wan2.5-t2v-preview',
      '--resolution',
      '480P',
      '--duration',
      '5',
      '--no-wait',
    ]);
    expect(rows).toMatchObject([{ status: 'queued' }]);
    expect(api.requests.at(-1)?.body).toMatchObject({ resolution: '480p', duration: 5 });
  });
});
