import { afterEach, beforeEach, describe, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest';
import { createWan, type PricedInput, type VideoInput } from '../../src/index.js';
import { createFakeApi, type Fault } from '../../src/testing.js';

function open(...faults: Fault[]) {
  const api = createFakeApi({ apiKey: 'nobody has it' });
  for (const fault of faults) api.fault({ on: 'catalogue', ...fault });
  return { api, wan: createWan({ fetch: api.fetch }) };
}

const entry = (id: string, pricing: unknown, aliases: string[] = []): Fault => ({
  kind: 'answer',
  status: 200,
  body: { object: 'list', data: [{ id, aliases, pricing }] },
});
const perUnit = (name: string, price: number) => ({
  kind: 'fixed',
  currency: 'USD',
  units: [{ name, price, per: 1 }],
});

beforeEach(() => {
  for (const name of ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY']) vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('estimateCost()', () => {
  test.each<[PricedInput, number, string]>([
    [{ model: 'wan2.5-t2i-preview', num_images: 3 }, 0.0945, '$0.0315 per image x 3 images'],
    [{ model: 'wan2.5-t2i-preview', num_images: undefined }, 0.0315, '$0.0315 per image x 1 image'],
    [{ model: 'wan-2-6-image', prompt: 'x' }, 0.039, '$0.039 per image x 1 image'],
    [
      { model: 'alibaba/wan2.2-t2i-flash', image_size: { width: 1440, height: 512 }, num_images: 2 },
      0.04608,
      '$0.03125 per megapixel x 1.47456 megapixels',
    ],
    [{ model: 'wan2.2-t2v-plus' }, 0.1, '$0.02 per second x 5 seconds (resolution 1080p)'],
    [
      { model: 'wan2.2-t2v-plus', resolution: '480P' },
      0.05,
      '$0.01 per second x 5 seconds (resolution 480p)',
    ],
    [
      { model: 'wan2.6-t2v', resolution: '720p', duration: 15 },
      1.4175,
      '$0.0945 per second x 15 seconds (resolution 720p)',
    ],
    [
      { model: 'wan-2-6-image-to-video-flash', generate_audio: false },
      0.075,
      '$0.0075 per second x 10 seconds (resolution 720p, generate_audio false)',
    ],
    [{ model: 'wan2.2-14b-animate-move' }, 0.1, '$0.1 per request x 1 request'],
  ])('prices %j at $%d', async (input, usd, basis) => {
    expect(await open().wan.estimateCost(input)).toEqual({ usd, basis });
  });

  test.each<[PricedInput, string]>([
    [
      { model: 'wan2.2-t2i-flash' },
      'the price is by the megapixel, and the pixels of "landscape_4_3" are not documented: name width and height',
    ],
    [
      { model: 'wan2.2-t2i-flash', image_size: 'square_hd' },
      'the price is by the megapixel, and the pixels of "square_hd" are not documented: name width and height',
    ],
    [{ model: 'wan2.1-t2v-plus' }, 'the price is by the second, and how long its videos are is not known'],
    [{ model: 'wan2.2-vace-fun-a14b-depth' }, 'the price of the model is known only afterwards'],
    [{ model: 'alibaba/wan-9' }, 'the catalogue has no model "alibaba/wan-9"'],
    // fields that the model does not have, as unchecked bodies may
    [
      { model: 'wan2.2-t2v-plus', duration: 1 },
      'the price is by the second, and how long its videos are is not known',
    ],
    [
      { model: 'wan-2-6-image', num_images: 0.5 },
      'the price is by the image, and how many it makes is not known: name num_images',
    ],
    [{ model: 'wan2.2-t2v-plus', resolution: '4K' }, 'no variant of the price would fit "resolution" = "4K"'],
  ])('says why %j has no price', async (input, reason) => {
    expect(await open().wan.estimateCost(input)).toEqual({ usd: undefined, reason });
  });

  test('prices a model that is not known here by what its input says', async () => {
    const { wan } = open(
      entry('alibaba/wan-9', perUnit('second', 0.5)),
      entry('other', perUnit('image', 0.5), ['alibaba/wan-9-image']),
    );
    expect(await wan.estimateCost({ model: 'alibaba/wan-9', duration: 4 })).toHaveProperty('usd', 2);
    const input = { model: 'alibaba/wan-9-image' };
    expect(await wan.estimateCost(input)).toHaveProperty(
      'reason',
      'the price is by the image, and how many it makes is not known: name num_images',
    );
    expect(await wan.estimateCost({ ...input, num_images: 2 })).toHaveProperty('usd', 1);
  });

  test('needs no key, and sends none', async () => {
    const { api } = open();
    for (const wan of [createWan({ fetch: api.fetch }), createWan({ fetch: api.fetch, apiKey: 'mine' })]) {
      expect(await wan.estimateCost({ model: 'wan2.2-t2v-plus' })).toHaveProperty('usd', 0.1);
    }
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expect(api.requests[0]).toMatchObject({
      path: '/v1/models',
      query: { id: expect.stringContaining('alibaba/wan2.2-t2v-plus'), include: 'pricing' },
    });
  });

  test('asks the catalogue once for 1,000 calls at once of many models', async () => {
    const { api, wan } = open();
    const models = ['wan2.2-t2v-plus', 'wan2.5-t2i-preview', 'wan-2-6-t2v', 'wan2.6-i2v'];
    const calls = Array.from({ length: 1_000 }, (_, index) =>
      wan.estimateCost({ model: models[index % models.length] ?? '' }),
    );
    const prices = new Set((await Promise.all(calls)).map(({ usd }) => usd));
    expect(prices).toEqual(new Set([0.1, 0.0315, 1.575, 0.7875]));
    expect(api.requests).toHaveLength(1);
  });

  test('keeps the catalogue for a minute, then asks by its ETag', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, wan } = open();
    const price = () => wan.estimateCost({ model: 'wan2.2-t2v-plus' });
    await price();
    vi.advanceTimersByTime(59_000);
    await price();
    expect(api.requests).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(await price()).toHaveProperty('usd', 0.1);
    expect(api.requests.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      expect.stringMatching(/^"\w+"$/),
    ]);
    await price();
    expect(api.requests).toHaveLength(2);
    // the price has changed
    api.fault({ on: 'catalogue', ...entry('alibaba/wan2.2-t2v-plus', perUnit('second', 1)) });
    vi.advanceTimersByTime(60_000);
    expect(await price()).toHaveProperty('usd', 5);
  });

  test('goes by the id that would go out where the catalogue has an entry for each name', async () => {
    const data = [
      { id: 'alibaba/wan2.6-t2v', pricing: perUnit('request', 1) },
      { id: 'alibaba/wan-2-6-t2v', pricing: perUnit('request', 2) },
    ];
    const { api, wan } = open({ kind: 'answer', status: 200, body: { data } });
    expect(await wan.estimateCost({ model: 'wan2.6-t2v' })).toHaveProperty('usd', 2);
    expect(api.requests[0]?.query.id?.split(',')).toEqual(
      expect.arrayContaining(['alibaba/wan2.6-t2v', 'alibaba/wan-2-6-t2v']),
    );
  });

  test.each(['"\u00e9"', '', 'x'.repeat(300)])('sends no ETag back that is none: %j', async (etag) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const body = { data: [{ id: 'alibaba/wan2.2-t2v-plus', pricing: perUnit('request', 2) }] };
    const { api, wan } = open({ kind: 'answer', status: 200, body, headers: { etag } });
    expect(await wan.estimateCost({ model: 'wan2.2-t2v-plus' })).toHaveProperty('usd', 2);
    vi.advanceTimersByTime(60_000);
    expect(await wan.estimateCost({ model: 'wan2.2-t2v-plus' })).toHaveProperty('usd', 0.1);
    expect(api.requests[1]?.headers['if-none-match']).toBeUndefined();
  });

  test('tells a 304 to onAttempt as a success', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api } = open();
    const onAttempt = vi.fn();
    const wan = createWan({ fetch: api.fetch, onAttempt });
    await wan.estimateCost({ model: 'wan2.2-t2v-plus' });
    vi.advanceTimersByTime(60_000);
    await wan.estimateCost({ model: 'wan2.2-t2v-plus' });
    expect(onAttempt.mock.calls.map(([{ status, error }]) => [status, error])).toEqual([
      [200, undefined],
      [304, undefined],
    ]);
  });

  test.each<[string, Fault, RegExp]>([
    ['is down', { kind: 'html', times: 9 }, /^the catalogue cannot be read \(.* 502 /],
    ['breaks the connection', { kind: 'reset', times: 9 }, /^the catalogue cannot be read \(.*ECONNRESET/],
    [
      'answers no list',
      { kind: 'answer', status: 200, body: { data: 5 } },
      /there is no list of models in it/,
    ],
    [
      'answers null',
      { kind: 'answer', status: 200, body: null, times: 9 },
      /there is no list of models in it/,
    ],
    ['answers no JSON', { kind: 'answer', status: 200, body: 'x', times: 9 }, /not the API's own words/],
    [
      'answers strange entries',
      { kind: 'answer', status: 200, body: { data: [null, 1, [], 'x'] } },
      /has no model/,
    ],
    ['answers 304 unasked', { kind: 'answer', status: 304 }, /304/],
    ['refuses', { kind: 'error', status: 403 }, /403/],
  ])('says so where the catalogue %s, and asks again next time', async (_, fault, reason) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, wan } = open(fault);
    const estimate = wan.estimateCost({ model: 'wan2.2-t2v-plus' });
    const ticking = setImmediateLoop(() => vi.advanceTimersByTime(1_000));
    const told = await estimate;
    ticking.stop();
    expect(told).toEqual({ usd: undefined, reason: expect.stringMatching(reason) });
    api.clearFaults();
    const again = await createWan({ fetch: api.fetch }).estimateCost({ model: 'wan2.2-t2v-plus' });
    expect(again).toHaveProperty('usd', 0.1);
  });

  test('an abort ends one call at once, and not the request that the others wait for', async () => {
    const { api, wan } = open();
    const reason = new Error('mine');
    const signal = AbortSignal.abort(reason);
    await expect(wan.estimateCost({ model: 'wan2.2-t2v-plus' }, { signal })).rejects.toBe(reason);
    expect(api.requests).toHaveLength(0);
    const controller = new AbortController();
    const left = wan.estimateCost({ model: 'wan2.2-t2v-plus' }, { signal: controller.signal });
    const other = wan.estimateCost({ model: 'wan2.2-t2v-plus' });
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(await other).toHaveProperty('usd', 0.1);
    expect(api.requests).toHaveLength(1);
  });

  test.each([
    ['no object', 5, 'the input takes an object such as { model }'],
    ['no model', {}, 'model takes the id of a model'],
    ['a model that is no id', { model: 'a b' }, 'model takes the id of a model (received "a b")'],
    [
      'a getter that throws',
      {
        get model() {
          throw new Error('no');
        },
      },
      'model cannot be read: it throws (no)',
    ],
  ])('refuses %s', async (_, input, message) => {
    const { api, wan } = open();
    // @ts-expect-error not an input
    await expect(wan.estimateCost(input)).rejects.toThrow(
      `Cannot estimate the cost: ${message}. Nothing was sent`,
    );
    // @ts-expect-error not an option
    await expect(wan.estimateCost({ model: 'm' }, { timeout: 5 })).rejects.toThrow(TypeError);
    expect(api.requests).toHaveLength(0);
  });
});

test('the types tell a price from a reason, and take a whole input or a part of one', () => {
  const price = async (input: VideoInput) => {
    const estimate = await open().wan.estimateCost(input);
    if (estimate.usd === undefined) expectTypeOf(estimate.reason).toEqualTypeOf<string>();
    else expectTypeOf(estimate).toMatchObjectType<{ usd: number; basis: string }>();
  };
  expectTypeOf(price).returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf<{ model: string; resolution: string }>().toExtend<PricedInput>();
});

/** Calls back between the turns of the event loop, which have a clock of their own. */
function setImmediateLoop(callback: () => void) {
  let isOver = false;
  const turn = () => {
    if (isOver) return;
    callback();
    setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop: () => {
      isOver = true;
    },
  };
}
