import { describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi, type FakeApiOptions } from '../../src/testing.js';

const base = 'https://api.aimlapi.com';
const headers = { authorization: 'Bearer a-long-key', 'content-type': 'application/json' };

interface Answer {
  object: string;
  data: { [field: string]: unknown; id: string; status: string; pricing: { dimensions: string[] } }[];
  meta: { usage: object };
}

const read = async (response: Promise<Response>): Promise<Answer> =>
  JSON.parse(await (await response).text());

const get = (api: FakeApi, path: string, more: Record<string, string> = headers) =>
  api.fetch(`${base}${path}`, { headers: more });

function create(api: FakeApi, model: string, fields: object = {}) {
  const path = /t2i|image$|image-pro/.test(model) ? '/v1/images/generations' : '/v2/video/generations';
  const body = JSON.stringify({ model: `alibaba/${model}`, prompt: 'x', ...fields });
  return api.fetch(`${base}${path}`, { method: 'POST', headers, body });
}

async function priceOf(model: string) {
  const { data } = await read(get(createFakeApi(), `/v1/models?id=alibaba/${model}&include=pricing`, {}));
  expect(data).toHaveLength(1);
  return data[0]?.pricing;
}

describe('the catalogue', () => {
  test('tells what it has, without a price unless that is asked for, and needs no key', async () => {
    const api = createFakeApi({ apiKey: 'other' });
    const answer = await read(get(api, '/v1/models?include=nonsense', {}));
    expect(answer.object).toBe('list');
    expect(answer.data).toHaveLength(27);
    expect(answer.data.find(({ id }) => id === 'alibaba/wan-2-6-t2v')).toEqual({
      id: 'alibaba/wan-2-6-t2v',
      aliases: ['alibaba/wan2.6-t2v'],
      type: 'internal/video-generations/submit',
      info: { name: 'wan-2-6-t2v', developer: 'Alibaba Cloud' },
      tags: [],
    });
  });

  test.each([
    ['id=alibaba/wan2.6-t2v', 1],
    ['id=alibaba/wan-2-6-t2v,alibaba/wan2.2-t2v-plus', 2],
    ['id=alibaba/wan-2-6-t2v&id=alibaba/wan2.2-t2v-plus', 2],
    ['id=alibaba/nothing', 0],
  ])('finds by id and alias: %s', async (query, count) => {
    const { data } = await read(get(createFakeApi(), `/v1/models?${query}`));
    expect(data).toHaveLength(count);
  });

  test.each([
    ['wan2.5-t2i-preview', 'image', 0.0315],
    ['wan2.2-t2i-flash', 'megapixel', 0.03125],
    ['wan2.1-t2v-plus', 'second', 0.02],
    ['wan2.2-14b-animate-move', 'request', 0.1],
  ])('has a fixed price of %s by the %s', async (model, name, price) => {
    const units = [{ name, measure: 'output', price, per: 1 }];
    expect(await priceOf(model)).toEqual({ kind: 'fixed', currency: 'USD', units });
  });

  test('has prices by the fields of the body, and one that cannot be told ahead', async () => {
    expect(await priceOf('wan2.2-t2v-plus')).toEqual({
      kind: 'variants',
      dimensions: ['resolution'],
      variants: [
        { when: { resolution: '1080p' }, price: 0.02, unit: 'second', per: 1 },
        { when: { resolution: '480p' }, price: 0.01, unit: 'second', per: 1 },
      ],
    });
    expect((await priceOf('wan-2-6-image-to-video-flash'))?.dimensions).toEqual([
      'resolution',
      'generate_audio',
    ]);
    expect(await priceOf('wan2.2-vace-fun-a14b-depth')).toEqual({ kind: 'variable' });
  });

  test('answers 304 without a body to the ETag of the same question', async () => {
    const api = createFakeApi();
    const path = '/v1/models?id=alibaba/wan2.2-t2v-plus&include=pricing';
    const first = await get(api, path);
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    const etag = first.headers.get('etag') ?? '';
    const again = await get(api, path, { 'if-none-match': etag });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await get(api, '/v1/models?id=alibaba/wan-2-6-t2v', { 'if-none-match': etag })).status).toBe(200);
  });
});

describe('what it charges', () => {
  test.each([
    ['wan2.5-t2i-preview', { num_images: 3 }, 0.0945],
    ['wan2.2-t2i-flash', {}, 0.024576],
    ['wan2.2-t2i-flash', { image_size: { width: 512, height: 1440 }, num_images: 2 }, 0.04608],
    ['wan2.2-t2v-plus', {}, 0.1],
    ['wan2.2-t2v-plus', { resolution: '480P' }, 0.05],
    ['wan-2-6-t2v', { resolution: '720p', duration: 5 }, 0.4725],
    ['wan2.2-vace-fun-a14b-depth', { video_url: 'https://example.com/a.mp4' }, 0.1],
  ])('of %s with %j is in its answer, its log and charged', async (model, fields, usd) => {
    const api = createFakeApi();
    const response = await create(api, model, fields);
    const { meta } = await read(Promise.resolve(response.clone()));
    expect(meta.usage).toEqual({ credits_used: usd * 2_000_000, usd_spent: usd });
    expect(response.headers.get('x-aimlapi-credits-used')).toBe(String(usd * 2_000_000));
    expect(api.charged).toBe(usd);
    const { data } = await read(get(api, '/v2/logs?period=24h'));
    expect(data).toMatchObject([{ cost: { usd, credits: usd * 2_000_000 } }]);
  });

  test('counts a create whose answer was lost, and none that was refused or whose video failed', async () => {
    const api = createFakeApi();
    api.fault({ kind: 'reset', accepted: true });
    await expect(create(api, 'wan2.2-t2v-plus')).rejects.toThrow();
    expect(api.charged).toBe(0.1);
    api.fault({ kind: 'error', status: 500 });
    await create(api, 'wan2.2-t2v-plus');
    await create(api, 'wan2.2-t2v-plus', { resolution: '8K' });
    api.fault({ kind: 'job-fails' });
    expect((await create(api, 'wan2.2-t2v-plus')).status).toBe(200);
    expect(api.charged).toBe(0.1);
  });
});

describe('the account', () => {
  const accountOf = async (options: FakeApiOptions = {}) => {
    const api = createFakeApi(options);
    await create(api, 'wan2.2-t2v-plus');
    return api;
  };

  test('has a balance that creates take from, and refuses in the words of the API what it cannot pay', async () => {
    const api = await accountOf({ balanceUsd: 0.25 });
    const balance = async () => (await get(api, '/v2/billing')).json();
    expect(await balance()).toEqual({ current_balance: 0.15, currency: 'USD' });
    await create(api, 'wan2.2-t2v-plus');
    const refused = await create(api, 'wan2.2-t2v-plus');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      message: expect.stringMatching(/^You've run out of credits/),
      instance: '/v2/video/generations?',
      error: { name: 'ForbiddenException', data: { kind: 'err_insufficent_credits' } },
    });
    // what is left pays for a cheaper one
    expect((await create(api, 'wan2.2-t2v-plus', { resolution: '480P' })).status).toBe(200);
    expect([api.generations, api.charged]).toEqual([3, 0.25]);
    expect(await balance()).toEqual({ current_balance: 0, currency: 'USD' });
  });

  test('tells about the key by its first characters alone', async () => {
    const api = await accountOf();
    const { data } = await read(get(api, '/v1/key'));
    expect(data).toMatchObject({
      name: 'embedded',
      disabled: false,
      prefix: 'a-long-k',
      monthly_usage: 0.1,
      scopes: ['model:image', 'model:video'],
    });
    expect(data).not.toHaveProperty('limit');
  });

  test.each(['/v2/billing', '/v1/key'])('needs a key at %s', async (path) => {
    expect((await get(createFakeApi(), path, {})).status).toBe(401);
    expect((await get(createFakeApi({ apiKey: 'other' }), path)).status).toBe(401);
  });

  test('lists the requests of one status', async () => {
    const api = await accountOf();
    api.fault({ kind: 'error', status: 500 });
    await create(api, 'wan2.2-t2v-plus');
    const statuses = async (query: string) => {
      const { data } = await read(get(api, `/v2/logs?period=24h${query}`));
      return data.map(({ status }) => status);
    };
    expect(await statuses('')).toEqual(['failed', 'succeeded']);
    expect(await statuses('&status=failed')).toEqual(['failed']);
    expect(await statuses('&status=failed&status=succeeded')).toHaveLength(2);
  });
});
