import { describe, expect, it, vi } from 'vitest';
import { aimlapi, createAimlapi } from '../../src/ai-sdk.js';
import { createFakeApi } from '../../src/testing.js';

describe('createAimlapi()', () => {
  it('takes baseURL and baseUrl, but not both, and no other name', () => {
    expect(() => createAimlapi({ baseURL: 'http://localhost' })).not.toThrow();
    expect(() => createAimlapi({ baseUrl: 'http://localhost' })).not.toThrow();
    expect(() => createAimlapi({ baseURL: 'http://localhost', baseUrl: 'http://localhost' })).toThrow(
      'Cannot call createAimlapi: baseURL and baseUrl are the same option. Pass one of them.',
    );
    const misspelt = { apikey: 'key', timeoutMs: 5 };
    expect(() => createAimlapi(misspelt)).toThrow(/call createAimlapi: .*did you mean "apiKey"/);
  });

  it('keeps the options of a client: a limit holds over images and videos', async () => {
    const api = createFakeApi();
    const { image, video } = createAimlapi({ apiKey: 'key', fetch: api.fetch, maxUsd: 0.04 });
    const call = { prompt: 'a fox', n: 1, seed: undefined, providerOptions: {} };
    const none = { size: undefined, aspectRatio: undefined, files: undefined, mask: undefined };
    await image('wan2.5-t2i-preview').doGenerate({ ...call, ...none });
    const asked = image('wan2.5-t2i-preview').doGenerate({ ...call, ...none });
    await expect(asked).rejects.toMatchObject({ name: 'BudgetExceededError' });
    const shape = { aspectRatio: undefined, resolution: undefined, duration: undefined, fps: undefined };
    const started = video('wan2.5-t2v-preview').doStart({ ...call, ...shape, image: undefined });
    await expect(started).rejects.toMatchObject({ name: 'BudgetExceededError' });
    expect(api.generations).toBe(1);
  });

  it('takes undefined in providerOptions.aimlapi as left out', async () => {
    const api = createFakeApi();
    const { image } = createAimlapi({ apiKey: 'key', fetch: api.fetch });
    const own = { num_images: undefined, seed: undefined, image_size: undefined, model: undefined };
    await image('wan2.5-t2i-preview').doGenerate({
      prompt: 'a fox',
      n: 2,
      seed: 7,
      size: '768x768',
      aspectRatio: undefined,
      files: undefined,
      mask: undefined,
      providerOptions: { aimlapi: own },
    });
    expect(api.requests.find(({ method }) => method === 'POST')?.body).toEqual({
      model: 'alibaba/wan2.5-t2i-preview',
      prompt: 'a fox',
      num_images: 2,
      seed: 7,
      image_size: { width: 768, height: 768 },
    });
    expect(api.generations).toBe(1);
  });

  it('names the header of an idempotency key that the API would drop', async () => {
    const api = createFakeApi();
    const { video } = createAimlapi({ apiKey: 'key', fetch: api.fetch });
    const shape = { aspectRatio: undefined, resolution: undefined, duration: undefined, fps: undefined };
    const call = { prompt: 'a fox', n: 1, seed: undefined, providerOptions: {}, image: undefined };
    const headers = { 'Idempotency-Key': 'order 42' };
    const started = video('wan2.5-t2v-preview').doStart({ ...call, ...shape, headers });
    await expect(started).rejects.toMatchObject({ issues: [{ path: 'headers.idempotency-key' }] });
    expect(api.requests).toEqual([]);
  });

  it('refuses an operation that is no job, before anything is sent', async () => {
    const api = createFakeApi();
    const { video } = createAimlapi({ apiKey: 'key', fetch: api.fetch });
    for (const operation of [null, undefined, {}, 7, { id: 'x', provider: 'vtrix' }]) {
      await expect(video('wan2.5-t2v-preview').doStatus({ operation })).rejects.toBeInstanceOf(TypeError);
    }
    expect(api.requests).toEqual([]);
  });
});

it('aimlapi reads the environment at the first call, not at import', async () => {
  for (const name of ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY']) vi.stubEnv(name, '');
  const model = aimlapi.image('wan2.5-t2i-preview');
  const call = { prompt: 'a fox', n: 1, seed: undefined, providerOptions: {} };
  const none = { size: undefined, aspectRatio: undefined, files: undefined, mask: undefined };
  await expect(model.doGenerate({ ...call, ...none })).rejects.toThrow(/AIMLAPI_API_KEY/);
});
