import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  createWan,
  type ImageResult,
  JobError,
  type Media,
  type Video,
  type VideoJob,
  type WanImage,
} from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { createVtrix } from '../../src/vtrix.js';
import { failureOf, makeFolder } from './file-server.js';

/** What `save()` and `download()` take as a media. */

function open() {
  const api = createFakeApi({ videoSeconds: 0 });
  return { api, wan: createWan({ apiKey: 'k', fetch: api.fetch, maxRetries: 1 }) };
}

const videoInput = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const imageInput = { model: 'wan2.5-t2i-preview', prompt: 'x', image_size: 'square' } as const;

describe('what has one file', () => {
  it('is a done job, also after it was stored', async () => {
    const { wan } = open();
    const started = await wan.generateVideo(videoInput);
    const video = await wan.pollUntilDone(started.id);
    const job = await wan.getVideo(started);
    const bytes = await wan.download(video);
    expect(await wan.download(job)).toEqual(bytes);
    expect(await wan.download(JSON.parse(JSON.stringify(job)))).toEqual(bytes);
    const path = join(await makeFolder(), 'v.mp4');
    expect(await wan.save(job, path)).toEqual({ path, bytes: bytes.length, contentType: 'video/mp4' });
  });

  it('is a done job of Vtrix', async () => {
    const { api } = open();
    const vtrix = createVtrix({ apiKey: 'k', fetch: api.fetch });
    const { id } = await vtrix.generateVideo({ model: 'wan22_t2v_plus', input: { prompt: 'x' } });
    await vtrix.pollUntilDone(id);
    const job = await vtrix.getVideo(id);
    expect((await vtrix.download(job)).byteLength).toBeGreaterThan(1_000);
    expect((await vtrix.save(job, join(await makeFolder(), 'v.mp4'))).contentType).toBe('video/mp4');
  });

  it('is a result of one image', async () => {
    const { wan } = open();
    const result = await wan.generateImage(imageInput);
    expect(await wan.download(result)).toEqual(await wan.download(result.images[0]));
    const saved = await wan.save(result, join(await makeFolder(), 'x.png'));
    expect(saved.contentType).toBe('image/png');
    expect(await wan.download({ ...result, images: [{ base64: 'aGk=' }] })).toEqual(Buffer.from('hi'));
  });

  it('is a job whose link has expired: it is replaced', async () => {
    const { api, wan } = open();
    const { id } = await wan.generateVideo(videoInput);
    api.fault({ kind: 'expired-link' });
    const job = await wan.getVideo(id);
    expect(Date.parse(job.video?.expiresAt ?? '')).toBeLessThan(Date.now());
    expect((await wan.download(job)).byteLength).toBeGreaterThan(1_000);
  });

  it('has these types', () => {
    expectTypeOf<WanImage>().toExtend<Media>();
    expectTypeOf<Video>().toExtend<Media>();
    expectTypeOf<VideoJob>().toExtend<Media>();
    expectTypeOf<ImageResult>().toExtend<Media>();
    expectTypeOf<string | URL>().toExtend<Media>();
    expectTypeOf<{ url: string | undefined }>().toExtend<Media>();
    expectTypeOf<Promise<Video>>().not.toExtend<Media>();
    expectTypeOf<WanImage[]>().not.toExtend<Media>();
    expectTypeOf<undefined>().not.toExtend<Media>();
  });

  it('is of an answer all the same: its links may not be private', async () => {
    const { wan } = open();
    const url = 'http://127.0.0.1:9/x';
    const video = { id: 'v', provider: 'aimlapi', url, raw: {} } as const;
    const job = { provider: 'aimlapi', id: 'v', state: 'done', status: 'done', raw: {}, video } as const;
    const result = { images: [{ url }], model: 'm', clientRequestId: 'c', raw: {} } satisfies ImageResult;
    for (const media of [job, result, { url: new URL(url) } as never]) {
      const error = await failureOf(wan.download(media));
      expect(error.name).toBe('DownloadError');
      expect(error.message).toContain('private address');
    }
  });
});

describe('what has none, or more than one,', () => {
  const job = { provider: 'aimlapi', id: 'video-1', status: 'generating', raw: {} };
  const running = { ...job, state: 'running' };
  const image = { url: 'https://x.example/a.png' };

  it.each<[string, unknown, RegExp]>([
    ['a running job', { ...job, state: 'running' }, /"video-1".*"running".*"generating".*pollUntilDone/],
    [
      'a failed job',
      { ...job, state: 'failed', status: 'error' },
      /"video-1".*"failed".*"error".*Pass the video/,
    ],
    ['a done job without its video', { ...job, state: 'done' }, /"video-1".*Pass the video/],
    ['a result of several images', { images: [image, image, image] }, /3 images.*pass one.*images\[0\]/],
    ['a result of none', { images: [] }, /a list without images.*an image, a video/],
    ['an empty list', [], /a list without images.*an image, a video/],
    ['a list of images', [image, image], /2 images.*pass one/],
    ['a Promise of a video', Promise.resolve(image), /a Promise: await it/],
    ['undefined', undefined, /undefined.*an image, a video/],
    ['null', null, /null.*an image, a video/],
    ['a number', 5, /5.*an image, a video/],
    ['a function', () => image, /function.*an image, a video/],
    ...[
      ...[
        new Blob(['x']),
        new Uint8Array(4),
        Buffer.from('x'),
        new ArrayBuffer(4),
        new Response('x'),
        new Map(),
      ],
      ...[Object.defineProperty(new Response('x'), 'url', { value: image.url })],
      ...[new Error('x'), Object.assign(new Error('x'), image), new JobError('x', running as never)],
      ...[{}, { url: undefined }, { url: '' }, { base64: '' }, { url: 5 }, { data: [image] }],
      ...['', ' ', 'not a url', '/a.png', 'a.png', 'video-1', 'a1b2:alibaba/wan2.5-t2v-preview'],
      ...[[running], [{ ...running, state: 'done' }], [image.url], [{ images: [image] }], [undefined]],
      ...[{ images: [undefined] }, { images: [image.url] }, { job: running, status: 'queued', polls: 1 }],
      ...[(async function* () {})()],
    ].map((media): [string, unknown, RegExp] => [
      inspect(media, { breakLength: Infinity }),
      media,
      /an image, a video/,
    ]),
  ])('is refused with a word of what to pass: %s', async (_, media, said) => {
    const { api, wan } = open();
    const folder = await makeFolder();
    for (const [doing, call] of [
      ['save', () => Reflect.apply(wan.save, undefined, [media, join(folder, 'new/x.mp4')])],
      ['download', () => Reflect.apply(wan.download, undefined, [media])],
    ] as const) {
      const error = await failureOf(call());
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(said);
      expect(error.message).toMatch(new RegExp(`^Cannot ${doing} `));
    }
    expect(api.requests).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['not a url', '/a.png', 'ftp://x.example/a', 'data:image/png;base64,aGk='])(
    'is a DownloadError where an answer names it: %j',
    async (url) => {
      expect(await failureOf(open().wan.download({ url }))).toMatchObject({ name: 'DownloadError' });
    },
  );
});
