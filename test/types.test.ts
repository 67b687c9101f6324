import { fetch as undiciFetch } from 'undici';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { toCheckedCreate } from '../src/aimlapi/models/checked-create.js';
import {
  ApiError,
  ConnectionError,
  createWan,
  type Fetch,
  type ImageInput,
  type ImageResult,
  InsufficientCreditsError,
  InvalidInputError,
  JobError,
  OutcomeUnknownError,
  PollTimeoutError,
  type StartOptions,
  type VideoCheck,
  type VideoInput,
  type VideoJob,
  type VideoOrder,
  WanError,
} from '../src/index.js';
import { createFakeApi } from '../src/testing.js';
import { createVtrix } from '../src/vtrix.js';

// tsc judges these; what it refuses is then given to the client's own check, which has to refuse it as well

describe('inputs', () => {
  test('ImageInput and VideoInput take what their models take', () => {
    const image: ImageInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat', num_images: 2, seed: undefined };
    const edit: ImageInput = { model: 'alibaba/wan-2-6-image', prompt: 'a cat', image_urls: [] };
    const video: VideoInput = { model: 'wan2.2-t2v-plus', prompt: 'a cat', resolution: '480P' };
    expect(toCheckedCreate('image', image).model).toBe('alibaba/wan2.2-t2i-plus');
    expect(() => toCheckedCreate('image', edit)).toThrow('takes a list of 1 to 3 pictures');
    expect(toCheckedCreate('video', video).model).toBe('alibaba/wan2.2-t2v-plus');
  });

  test('ImageInput and VideoInput take readonly lists, and lists that may still change', async () => {
    const address = 'https://an.example/a.png';
    const frozen: readonly string[] = Object.freeze([address]);
    const changing: string[] = [address];
    const api = createFakeApi();
    const wan = createWan({ apiKey: 'test', fetch: api.fetch });
    const prompt = 'a cat';
    const video_url = 'https://an.example/a.mp4';
    for (const list of [frozen, changing]) {
      await wan.generateImage({ model: 'wan-2-6-image', prompt, image_urls: list });
      await wan.generateImage({ model: 'wan-2-7-image', prompt, image_urls: list });
      await wan.generateImage({ model: 'wan-2-7-image-pro', prompt, image_urls: list });
      await wan.generateVideo({ model: 'wan-2-6-r2v', prompt, video_urls: list });
      await wan.generateVideo({ model: 'wan-2-7-r2v', prompt, image_urls: list, video_urls: list });
      const model = 'wan2.2-vace-fun-a14b-inpainting';
      await wan.generateVideo({ model, prompt, video_url, image_list: list });
    }
    const fixed = { model: 'wan-2-7-r2v', prompt, image_urls: [address], video_urls: [video_url] } as const;
    await wan.generateVideo(fixed);
    await wan.generateVideoUnchecked({ ...fixed, model: 'alibaba/wan-2-7-r2v' });
    expect(api.generations).toBe(14);
    // @ts-expect-error one text is no list
    const single: ImageInput = { model: 'wan-2-6-image', prompt, image_urls: address };
    await expect(wan.generateImage(single)).rejects.toThrow('takes a list');
  });

  test('ImageInput refuses num_images of wan-2-6-image', () => {
    // @ts-expect-error it makes one picture
    const input: ImageInput = { model: 'wan-2-6-image', prompt: 'a cat', num_images: 2 };
    expect(() => toCheckedCreate('image', input)).toThrow(InvalidInputError);
  });

  test('ImageInput refuses image_urls of a model that works from text alone', () => {
    // @ts-expect-error text only
    const input: ImageInput = { model: 'wan2.5-t2i-preview', prompt: 'a cat', image_urls: ['https://a.b/c'] };
    expect(() => toCheckedCreate('image', input)).toThrow(InvalidInputError);
  });

  test('ImageInput refuses an unknown field, in the size as well', () => {
    // @ts-expect-error the API's own name is negative_prompt
    const camel: ImageInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat', negativePrompt: 'dogs' };
    const size = { width: 512, height: 512, depth: 3 } as const;
    // @ts-expect-error no picture is deep
    const deep: ImageInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat', image_size: { ...size, depth: 3 } };
    expect(() => toCheckedCreate('image', camel)).toThrow(InvalidInputError);
    expect(() => toCheckedCreate('image', deep)).toThrow(InvalidInputError);
  });

  test('ImageInput refuses a missing prompt, null and half a size', () => {
    // @ts-expect-error there is no prompt
    const silent: ImageInput = { model: 'wan2.2-t2i-plus' };
    // @ts-expect-error leave a field out instead
    const empty: ImageInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat', seed: null };
    // @ts-expect-error there is no height
    const flat: ImageInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat', image_size: { width: 512 } };
    // @ts-expect-error no such preset
    const wide: ImageInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat', image_size: 'wide' };
    for (const input of [silent, empty, flat, wide]) {
      expect(() => toCheckedCreate('image', input)).toThrow(InvalidInputError);
    }
  });

  test('VideoInput refuses other resolutions, a duration, no prompt and image models', () => {
    // @ts-expect-error 480P or 1080P
    const middle: VideoInput = { model: 'wan2.2-t2v-plus', prompt: 'a cat', resolution: '720P' };
    // @ts-expect-error with an upper-case P
    const lower: VideoInput = { model: 'wan2.2-t2v-plus', prompt: 'a cat', resolution: '480p' };
    // @ts-expect-error it is always 5 s
    const long: VideoInput = { model: 'wan2.2-t2v-plus', prompt: 'a cat', duration: 5 };
    // @ts-expect-error there is no prompt
    const silent: VideoInput = { model: 'wan2.2-t2v-plus' };
    // @ts-expect-error an image model
    const still: VideoInput = { model: 'wan2.2-t2i-plus', prompt: 'a cat' };
    for (const input of [middle, lower, long, silent, still]) {
      expect(() => toCheckedCreate('video', input)).toThrow(InvalidInputError);
    }
  });

  test('createWan() gives functions that take the inputs and nothing else', async () => {
    const wan = createWan({ apiKey: 'test', fetch: () => Promise.reject(new Error('nothing may be sent')) });
    expectTypeOf(wan.generateImage).parameter(0).toEqualTypeOf<ImageInput>();
    expectTypeOf(wan.generateVideo).parameter(0).toEqualTypeOf<VideoInput>();
    // @ts-expect-error a video model makes no image
    const image = wan.generateImage({ model: 'wan2.2-t2v-plus', prompt: 'a cat' });
    await expect(image).rejects.toThrow(InvalidInputError);
    // @ts-expect-error an image model makes no video
    const video = wan.generateVideo({ model: 'wan-2-6-image', prompt: 'a cat' });
    await expect(video).rejects.toThrow(InvalidInputError);
  });
});

describe('results', () => {
  const result: ImageResult = {
    images: [{ base64: 'iVBORw0KGgo=' }],
    model: 'alibaba/wan2.2-t2i-plus',
    clientRequestId: 'id',
    raw: {},
  };

  test('images is never empty, so that the first needs no question', () => {
    expectTypeOf(result.images[0]).not.toBeUndefined();
    expectTypeOf(result.images[0].url).toEqualTypeOf<string | undefined>();
    expectTypeOf(result.images[1]).toEqualTypeOf<ImageResult['images'][number] | undefined>();
    // @ts-expect-error there is always one
    const empty: ImageResult['images'] = [];
    expect(empty).toHaveLength(0);
    expect(result.images[0].url).toBeUndefined();
  });

  test('raw is unknown, so that nobody reads from it unasked', () => {
    expectTypeOf<ImageResult['raw']>().toBeUnknown();
    expectTypeOf<VideoJob['raw']>().toBeUnknown();
    expectTypeOf<VideoJob['state']>().toEqualTypeOf<'running' | 'done' | 'failed'>();
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe('errors', () => {
  const job: VideoJob = { provider: 'aimlapi', id: 'v1', state: 'running', status: 'generating', raw: {} };

  function describeError(error: unknown): string {
    if (error instanceof PollTimeoutError) {
      expectTypeOf(error.job).toEqualTypeOf<VideoJob>();
      expectTypeOf(error.waitedMs).toBeNumber();
      return `timeout of ${error.job.id} after ${error.waitedMs}`;
    }
    if (error instanceof JobError) return `job ${error.job.id}`;
    if (error instanceof InsufficientCreditsError) return `no credits: ${error.status}`;
    if (error instanceof ApiError) {
      expectTypeOf(error.code).toEqualTypeOf<string | undefined>();
      expectTypeOf(error.body).toBeUnknown();
      return `api ${error.status}`;
    }
    if (error instanceof OutcomeUnknownError) {
      expectTypeOf(error.body).toEqualTypeOf<string | undefined>();
      return `unknown ${error.clientRequestId}`;
    }
    if (error instanceof InvalidInputError) return `input ${error.issues.map(({ path }) => path).join()}`;
    if (error instanceof WanError) {
      // @ts-expect-error only some have a status
      const status: unknown = error.status;
      return `wan ${status}`;
    }
    return 'other';
  }

  test('instanceof narrows to the class and its facts', () => {
    const facts = { status: 403, url: 'https://api.aimlapi.com/v1', fromApi: true };
    const connection = { method: 'GET', url: 'https://api.aimlapi.com/v1', attempts: 1 };
    const outcome = { clientRequestId: 'c1', model: 'm', startedAt: '2026-11-01T00:00:00.000Z' };
    expect(
      [
        new PollTimeoutError('', job, { lastStatus: 'generating', waitedMs: 9 }),
        new JobError('', job),
        new InsufficientCreditsError('', facts, {}),
        new ApiError('', facts, {}),
        new OutcomeUnknownError('', outcome, undefined),
        new InvalidInputError('', { issues: [{ path: 'seed', message: '' }] }),
        new ConnectionError('', connection),
        new Error(''),
      ].map(describeError),
    ).toEqual([
      'timeout of v1 after 9',
      'job v1',
      'no credits: 403',
      'api 403',
      'unknown c1',
      'input seed',
      'wan undefined',
      'other',
    ]);
  });
});

test('Fetch takes the global fetch, that of undici, and a wrapper around either', () => {
  expectTypeOf(globalThis.fetch).toExtend<Fetch>();
  expectTypeOf(undiciFetch).toExtend<Fetch>();
  const wrapped: Fetch = (url, init) => undiciFetch(url, { ...init, body: init.body ?? null });
  expect(wrapped).toBeTypeOf('function');
});

describe('orders', () => {
  const api = createFakeApi();
  const wan = createWan({ apiKey: 'test', fetch: api.fetch });
  const vtrix = createVtrix({ apiKey: 'test', fetch: api.fetch });

  test('orderVideo() takes what generateVideo takes, and startVideo() gives a job or nothing yet', async () => {
    expectTypeOf(wan.orderVideo).parameter(0).toEqualTypeOf<VideoInput>();
    expectTypeOf(wan.orderVideo).returns.resolves.toEqualTypeOf<VideoOrder>();
    expectTypeOf(vtrix.orderVideo).returns.resolves.toEqualTypeOf<VideoOrder>();
    expectTypeOf(wan.startVideo).toEqualTypeOf(vtrix.startVideo);
    expectTypeOf(wan.startVideo).returns.resolves.toEqualTypeOf<VideoJob | undefined>();
    expectTypeOf(wan.checkVideo).returns.resolves.toEqualTypeOf<VideoCheck>();
    // @ts-expect-error a model of images
    await expect(wan.orderVideo({ model: 'wan2.2-t2i-plus', prompt: 'x' })).rejects.toThrow('model');
  });

  test('an order may lie among other things that are stored', async () => {
    const row = { ...(await wan.orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' })), sent: true, id: 7 };
    expectTypeOf(row).toExtend<VideoOrder>();
    expect(await wan.startVideo(row, { again: row.sent })).toBeUndefined();
  });

  test('startVideo() takes no client request id, and no count as again', async () => {
    expectTypeOf<StartOptions['again']>().toEqualTypeOf<boolean | undefined>();
    const order = await wan.orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    const attempt = 1;
    // @ts-expect-error a count of attempts
    await expect(wan.startVideo(order, { again: attempt })).rejects.toThrow(TypeError);
    // @ts-expect-error the order has its own
    await expect(wan.startVideo(order, { clientRequestId: 'x' })).rejects.toThrow(TypeError);
    // @ts-expect-error a text is no order
    await expect(wan.startVideo('order-1')).rejects.toThrow(TypeError);
    // @ts-expect-error the engine repeats it
    await expect(wan.checkVideo('id', { maxRetries: 1 })).rejects.toThrow(TypeError);
  });

  test('a job may be without raw', () => {
    const job: VideoJob = { provider: 'aimlapi', id: 'x', state: 'running', status: 'queued' };
    expectTypeOf(job.raw).toEqualTypeOf<unknown>();
  });
});
