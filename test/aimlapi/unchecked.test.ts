import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createWan,
  InvalidInputError,
  OutcomeUnknownError,
  type UncheckedInput,
  type Wan,
} from '../../src/index.js';
import { createFakeApi, type FakeApi, type FakeApiOptions } from '../../src/testing.js';

async function open(options: FakeApiOptions = {}): Promise<{ api: FakeApi; wan: Wan }> {
  const api = createFakeApi({ videoSeconds: 0, ...options });
  const server = await api.listen();
  onTestFinished(() => server.close());
  return { api, wan: createWan({ apiKey: 'test', baseUrl: server.url, maxRetries: 2 }) };
}

const video = { model: 'alibaba/wan2.2-t2v-plus', prompt: 'a dragon', fps: 60 };
const image = { model: 'alibaba/wan-2-7-image', prompt: 'a dragon', mood: ['calm'] };
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('generateVideoUnchecked() sends the body as it is, and the rest is as ever', async () => {
  const { api, wan } = await open();
  const job = await wan.generateVideoUnchecked(video, { clientRequestId: 'order-1' });
  expect(job).toMatchObject({ state: 'running', model: video.model, clientRequestId: 'order-1' });
  expect(api.requests[0]?.body).toEqual(video);
  await expect(wan.pollUntilDone(job, { intervalMs: 5 })).resolves.toMatchObject({ id: job.id });
});

test('generateImageUnchecked() sends the body as it is', async () => {
  const { api, wan } = await open();
  await expect(wan.generateImageUnchecked(image)).resolves.toMatchObject({
    model: image.model,
    images: [{}],
  });
  expect(api.requests[0]?.body).toEqual(image);
});

test('generateVideoUnchecked() takes the legacy model to its own path', async () => {
  const { api, wan } = await open();
  await wan
    .generateVideoUnchecked({ model: 'wan/v2.1/1.3b/text-to-video', prompt: 'x', seed: '5' })
    .catch(() => {});
  expect(api.requests[0]?.path).toBe('/v2/generate/video/alibaba/generation');
});

test('a model that the API does not know is refused by the API, at no cost', async () => {
  const { api, wan } = await open();
  const error = await refusal(wan.generateVideoUnchecked({ model: 'alibaba/wan-9', prompt: 'x' }));
  expect(error).toMatchObject({ name: 'ApiError', status: 400, fromApi: true });
  expect(api.generations).toBe(0);
});

describe.each(['generateImageUnchecked', 'generateVideoUnchecked'] as const)('%s()', (call) => {
  const body: UncheckedInput = call === 'generateImageUnchecked' ? image : video;

  test('is not repeated when its answer is lost', async () => {
    const { api, wan } = await open();
    api.fault({ kind: 'reset', accepted: true });
    const error = await refusal(wan[call](body));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ model: body.model });
    expect(api.generations).toBe(1);
  });

  test('is repeated when the API says that it failed', async () => {
    const { api, wan } = await open();
    api.fault({ kind: 'error', status: 503 });
    await wan[call](body);
    expect(api.generations).toBe(1);
  });

  test.each([undefined, null, 'a dragon', [], {}, { model: '' }, { model: 5 }, { prompt: 'x' }])(
    'refuses %j, and sends nothing',
    async (given) => {
      const { api, wan } = await open();
      const error = await refusal(Reflect.apply(wan[call], undefined, [given]));
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(api.requests).toEqual([]);
    },
  );

  test('sends the body as it was when it was called', async () => {
    const { api, wan } = await open();
    const given = { ...body };
    const prompts = ['one', 'two', 'three'];
    await Promise.all(
      prompts.map((prompt) => {
        given.prompt = prompt;
        return wan[call](given);
      }),
    );
    expect(api.requests.map(({ body: sent }) => sent)).toEqual(
      expect.arrayContaining(prompts.map((prompt) => ({ ...body, prompt }))),
    );
  });

  test('judges the model that goes out', async () => {
    const { api, wan } = await open();
    expect(await refusal(wan[call]({ ...body, toJSON: () => ({ prompt: 'x' }) }))).toBeInstanceOf(
      InvalidInputError,
    );
    expect(await refusal(wan[call]({ ...body, toJSON: () => undefined }))).toBeInstanceOf(InvalidInputError);
    expect(api.requests).toEqual([]);
  });

  test('refuses what cannot be written as JSON', async () => {
    const { api, wan } = await open();
    const circle: UncheckedInput = { ...body };
    circle.self = circle;
    for (const given of [{ ...body, seed: 7n }, circle]) {
      const error = await refusal(wan[call](given));
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(String(error)).toContain('the input cannot be written as JSON');
    }
    expect(api.requests).toEqual([]);
  });
});

test('recoverVideo() finds the lost job of a model that is not known here', async () => {
  const { api, wan } = await open();
  api.fault({ on: 'video', kind: 'reset', accepted: true });
  const error = await refusal(wan.generateVideoUnchecked(video));
  if (!(error instanceof OutcomeUnknownError)) throw error;
  const { clientRequestId, startedAt } = error;
  const job = await wan.recoverVideo(
    { clientRequestId, startedAt, model: 'alibaba/wan-9' },
    { intervalMs: 5, maxWaitMs: 500 },
  );
  expect(job).toMatchObject({ clientRequestId, state: 'running' });
});
