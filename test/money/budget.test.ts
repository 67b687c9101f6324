import { describe, expect, test, vi } from 'vitest';
import {
  type AroundCreate,
  BudgetExceededError,
  type ClientOptions,
  createWan,
  type Fetch,
  mayHaveBeenPaid,
  OutcomeUnknownError,
  spending,
} from '../../src/index.js';
import { createFakeApi, type FakeApiOptions, type Fault } from '../../src/testing.js';
import { createVtrix } from '../../src/vtrix.js';
import { randomFrom } from '../faults/random-run.js';

// prices of the embedded API: $0.0315 an image, $0.10 a video of 5 s in 1080p
const image = { model: 'wan2.5-t2i-preview', prompt: 'x' } as const;
const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
/** The catalogue tells no price of it ahead; it costs $0.10. */
const unpriced = {
  model: 'alibaba/wan2.2-vace-fun-a14b-depth',
  prompt: 'x',
  video_url: 'https://cdn.aimlapi.com/a.mp4',
} as const;
const imageUsd = 0.0315;

function clientWith(options: ClientOptions, fakeOptions: FakeApiOptions = {}) {
  const api = createFakeApi({ videoSeconds: 0, ...fakeOptions });
  const wan = createWan({ apiKey: 'key-of-a-test', fetch: api.fetch, maxRetries: 1, ...options });
  const asked = (path: string) => api.requests.filter((request) => request.path.startsWith(path)).length;
  return { api, wan, asked };
}

const endOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'made',
    (error: unknown) => error,
  );

describe('maxUsd', () => {
  test('lets creates through until the next one would go above it, and sends nothing then', async () => {
    const { api, wan } = clientWith({ maxUsd: 3 * imageUsd });
    for (let count = 0; count < 3; count += 1) await wan.generateImage(image);
    const error = await endOf(wan.generateImage(image));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).toMatchObject({
      name: 'BudgetExceededError',
      model: 'alibaba/wan2.5-t2i-preview',
      maxUsd: 3 * imageUsd,
      spentUsd: 3 * imageUsd,
      reservedUsd: 0,
      neededUsd: imageUsd,
      message: `Cannot make the image with alibaba/wan2.5-t2i-preview: it costs $0.0315 ($0.0315 per image x 1 image), maxUsd is $0.0945, and of that $0.0945 is spent and $0 reserved. Nothing was sent`,
    });
    expect(mayHaveBeenPaid(error)).toBe(false);
    expect(api.generations).toBe(3);
    expect(api.charged).toBeCloseTo(3 * imageUsd, 9);
  });

  test('holds for 1,000 creates at once, with one request to the catalogue', async () => {
    const { api, wan, asked } = clientWith({ maxUsd: 100 * imageUsd + 0.01 });
    const ends = await Promise.all(Array.from({ length: 1_000 }, () => endOf(wan.generateImage(image))));
    const refused = ends.filter((end) => end instanceof BudgetExceededError).length;
    console.log(
      `1,000 creates at once under maxUsd $3.16: ${api.generations} made, ${refused} refused, $${api.charged} charged, ${asked('/v1/models')} request to the catalogue`,
    );
    expect([api.generations, refused]).toEqual([100, 900]);
    expect(asked('/v1/models')).toBe(1);
    expect(wan.spending()).toEqual({
      usd: api.charged,
      reservedUsd: 0,
      creates: 100,
      byModel: { 'alibaba/wan2.5-t2i-preview': { usd: api.charged, reservedUsd: 0, creates: 100 } },
    });
  });

  test('counts unchecked creates, images and videos together', async () => {
    const { api, wan } = clientWith({ maxUsd: 0.27 });
    await wan.generateImageUnchecked({ model: 'alibaba/wan2.5-t2i-preview', prompt: 'x', num_images: 2 });
    await wan.generateVideo(video);
    await wan.generateVideoUnchecked({ model: 'alibaba/wan2.2-t2v-plus', prompt: 'x' });
    expect(await endOf(wan.generateImage(image))).toBeInstanceOf(BudgetExceededError);
    expect(wan.spending()).toMatchObject({ usd: 0.263, creates: 3 });
    expect(api.charged).toBe(0.263);
  });

  test('settles with the real cost, also one above the price, and refuses from then on', async () => {
    const { api } = clientWith({});
    const dearer: Fetch = async (url, init) => {
      const answer = await api.fetch(url, init);
      if (!String(url).includes('/images/')) return answer;
      const body = { data: [{ url: 'https://cdn.aimlapi.com/a.png' }], meta: { usage: { usd_spent: 0.5 } } };
      return Response.json(body);
    };
    const wan = createWan({ apiKey: 'key-of-a-test', fetch: dearer, maxUsd: 0.1 });
    await wan.generateImage(image);
    expect(wan.spending()).toMatchObject({ usd: 0.5, reservedUsd: 0 });
    expect(await endOf(wan.generateImage(image))).toMatchObject({ spentUsd: 0.5, neededUsd: imageUsd });
  });

  test('keeps the price reserved where an answer tells a cost below nothing', async () => {
    const body = { data: [{ url: 'https://x.example/a.png' }], meta: { usage: { usd_spent: -1 } } };
    const { api } = clientWith({});
    const odd: Fetch = async (url, init) =>
      String(url).includes('/images/') ? Response.json(body) : api.fetch(url, init);
    const wan = createWan({ apiKey: 'key-of-a-test', fetch: odd, maxUsd: 0.05 });
    await wan.generateImage(image);
    expect(wan.spending()).toMatchObject({ usd: 0, reservedUsd: imageUsd, creates: 1 });
    expect(await endOf(wan.generateImage(image))).toBeInstanceOf(BudgetExceededError);
  });

  test('releases what the API refused, and what never left', async () => {
    const { api, wan } = clientWith({ maxUsd: imageUsd, maxRetries: 0 });
    for (const status of [500, 400, 429]) {
      api.fault({ kind: 'error', on: 'image', status });
      await expect(wan.generateImage(image)).rejects.toThrow();
      expect(wan.spending()).toEqual({ usd: 0, reservedUsd: 0, creates: 0, byModel: {} });
    }
    expect(await endOf(wan.generateImage(image))).toBe('made');
  });

  test('keeps reserved what may have been paid, and settles it when the log tells the cost', async () => {
    const { api, wan } = clientWith({ maxUsd: 2 * imageUsd });
    api.fault({ kind: 'reset', on: 'image', accepted: true });
    const lost = await endOf(wan.generateImage(image, { clientRequestId: 'lost-one' }));
    expect(lost).toBeInstanceOf(OutcomeUnknownError);
    expect(wan.spending()).toMatchObject({ usd: 0, reservedUsd: imageUsd, creates: 1 });
    await wan.generateImage(image);
    expect(await endOf(wan.generateImage(image))).toMatchObject({
      spentUsd: imageUsd,
      reservedUsd: imageUsd,
    });
    const since = new Date(Date.now() - 60_000);
    await wan.findRequest({ clientRequestId: 'lost-one', since });
    expect(wan.spending()).toMatchObject({ usd: api.charged, reservedUsd: 0, creates: 2 });
  });

  test('settles a lost image when listRequests passes its row', async () => {
    const { api, wan } = clientWith({ maxUsd: 1 });
    api.fault({ kind: 'reset', on: 'image', accepted: true });
    await endOf(wan.generateImage(image));
    for await (const _ of wan.listRequests({ since: new Date(Date.now() - 60_000) })) expect(_).toBeDefined();
    expect(wan.spending()).toMatchObject({ usd: api.charged, reservedUsd: 0 });
  });

  test('settles a lost video with the job that recoverVideo finds, and gives it back if that fails', async () => {
    for (const fails of [false, true]) {
      const { api, wan } = clientWith({ maxUsd: 1 }, { videoSeconds: 1_000 });
      api.fault({ kind: 'reset', on: 'video', accepted: true });
      const error = await endOf(wan.generateVideo(video));
      expect(wan.spending()).toMatchObject({ usd: 0, reservedUsd: 0.1 });
      const job = await wan.recoverVideo(error as OutcomeUnknownError, { maxWaitMs: 0 });
      expect(wan.spending()).toMatchObject({ usd: 0.1, reservedUsd: 0 });
      if (!job || !fails) continue;
      api.fault({ kind: 'answer', on: 'status', status: 200, body: { id: job.id, status: 'error' } });
      expect((await wan.getVideo(job)).state).toBe('failed');
      expect(wan.spending()).toMatchObject({ usd: 0, creates: 0 });
    }
  });

  test('counts what recoverVideo finds of creates that reserved nothing, so that the limit holds for the next', async () => {
    const { api, wan } = clientWith({ maxUsd: 0.15, allowUnpriced: true });
    const start = async () => {
      api.fault({ kind: 'reset', on: 'video', accepted: true });
      return wan.recoverVideo((await endOf(wan.generateVideo(unpriced))) as OutcomeUnknownError, {
        maxWaitMs: 0,
      });
    };
    await start();
    expect(wan.spending()).toMatchObject({ usd: 0.1, reservedUsd: 0, creates: 1 });
    expect(await endOf(wan.generateVideo(unpriced))).toBeInstanceOf(BudgetExceededError);
    expect(api.charged).toBe(0.1);
  });

  test('holds for orders: one too many is refused unsent, and a lost one settles with its row', async () => {
    const { api, wan } = clientWith({ maxUsd: 0.15 });
    const order = await wan.orderVideo(video);
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    expect(mayHaveBeenPaid(await endOf(wan.startVideo(order)))).toBe(true);
    expect(wan.spending()).toMatchObject({ usd: 0, reservedUsd: 0.1 });
    const refused = await endOf(wan.startVideo(await wan.orderVideo(video)));
    expect(refused).toBeInstanceOf(BudgetExceededError);
    expect(mayHaveBeenPaid(refused)).toBe(false);
    const job = await wan.startVideo(order, { again: true });
    expect(wan.spending()).toMatchObject({ usd: 0.1, reservedUsd: 0, creates: 1 });
    expect((await wan.checkVideo(job ?? '')).video?.usage?.usdSpent).toBe(0.1);
    expect(api.generations).toBe(1);
  });

  test('gives back what a video held that then failed', async () => {
    const { api, wan } = clientWith({ maxUsd: 0.1 });
    api.fault({ kind: 'job-fails' });
    const job = await wan.generateVideo(video);
    expect(wan.spending()).toMatchObject({ usd: 0.1, creates: 1 });
    expect((await wan.getVideo(job.id)).state).toBe('failed');
    expect(wan.spending()).toEqual({ usd: 0, reservedUsd: 0, creates: 0, byModel: {} });
    expect(api.charged).toBe(0);
    // the second failure of one job gives nothing back
    await wan.getVideo(job);
    expect(wan.spending().usd).toBe(0);
    expect(await endOf(wan.generateVideo(video))).toBe('made');
  });

  test('gives back what a video held that was called done without a video, and then failed', async () => {
    const { api, wan } = clientWith({ maxUsd: 1 });
    api.fault({ kind: 'job-fails' });
    const job = await wan.generateVideo(video);
    api.fault({ kind: 'no-video' });
    expect((await wan.getVideo(job)).state).toBe('done');
    expect(wan.spending().usd).toBe(0.1);
    expect((await wan.getVideo(job)).state).toBe('failed');
    expect(wan.spending()).toMatchObject({ usd: 0, creates: 0 });
  });

  test('settles a video with the cost that its last status check tells', async () => {
    const { api } = clientWith({});
    const late: Fetch = async (url, init) => {
      const answer = await api.fetch(url, init);
      if (!String(url).includes('/video/')) return answer;
      const { id, status, video: made } = Object(await answer.json());
      const meta = made && { usage: { usd_spent: 0.07 } };
      return Response.json({ id, status, video: made, meta });
    };
    const wan = createWan({ apiKey: 'key-of-a-test', fetch: late, maxUsd: 1 });
    const job = await wan.generateVideo(video);
    expect(wan.spending()).toMatchObject({ usd: 0, reservedUsd: 0.1, creates: 1 });
    await wan.pollUntilDone(job, { intervalMs: 1 });
    expect(wan.spending()).toMatchObject({ usd: 0.07, reservedUsd: 0, creates: 1 });
  });

  test('an abort in flight keeps the price reserved; one between attempts releases it', async () => {
    const { api, wan } = clientWith({ maxUsd: 1, maxRetries: 4 });
    const flight = new AbortController();
    api.fault({ kind: 'stall', on: 'image', accepted: true });
    const call = endOf(wan.generateImage(image, { signal: flight.signal }));
    await vi.waitFor(() => expect(api.generations).toBe(1));
    flight.abort(new Error('stop'));
    await call;
    await vi.waitFor(() => expect(wan.spending()).toMatchObject({ reservedUsd: imageUsd, creates: 1 }));

    const pause = new AbortController();
    api.fault({ kind: 'rate-limit', on: 'image', retryAfterSeconds: 30 });
    const seen = api.requests.length;
    const waiting = endOf(wan.generateImage(image, { signal: pause.signal }));
    await vi.waitFor(() => expect(api.requests.length).toBeGreaterThan(seen));
    await new Promise((resolve) => setTimeout(resolve, 50));
    // one reason for both: the verdict on the error is no verdict on the create
    pause.abort(flight.signal.reason);
    await waiting;
    await vi.waitFor(() => expect(wan.spending()).toMatchObject({ reservedUsd: imageUsd, creates: 1 }));
  });

  test('prices what goes out, whatever another function does to the body that it was shown', async () => {
    const { api, wan } = clientWith({
      maxUsd: 4 * imageUsd,
      aroundCreate: (create, send) => {
        Object.assign(create.body, { num_images: 1 });
        return send();
      },
    });
    const make = () => endOf(wan.generateImage({ ...image, num_images: 4 }));
    const ends = await Promise.all([make(), make(), make()]);
    expect(ends.filter((end) => end instanceof BudgetExceededError)).toHaveLength(2);
    expect(api.charged).toBe(4 * imageUsd);
  });

  test.each(['model', 'clientRequestId', 'kind'])(
    'a function cannot change the %s of a create',
    async (name) => {
      const { api, wan } = clientWith({
        maxUsd: 1,
        aroundCreate: (create, send) => {
          Object.assign(create, { [name]: 'other' });
          return send();
        },
      });
      expect(await endOf(wan.generateImage(image))).toBeInstanceOf(TypeError);
      expect(api.requests).toEqual([]);
    },
  );

  test('prices the JSON of what writes its own', async () => {
    const { api, wan } = clientWith({ maxUsd: 0.05 });
    const image_size = { width: 512, height: 512, toJSON: () => ({ width: 1440, height: 1440 }) };
    const call = wan.generateImageUnchecked({ model: 'alibaba/wan2.2-t2i-flash', prompt: 'x', image_size });
    expect(await endOf(call)).toBeInstanceOf(BudgetExceededError);
    expect(api.generations).toBe(0);
  });

  test('reserves nothing for a create that another function answers, refuses or holds back', async () => {
    const cache: AroundCreate = async () => ({ images: [{ url: 'https://x.example/a.png' }] }) as never;
    const { wan, asked } = clientWith({ maxUsd: imageUsd, aroundCreate: cache });
    for (let count = 0; count < 3; count += 1) await wan.generateImage(image);
    expect(wan.spending().creates).toBe(0);
    expect(asked('/v1/models')).toBe(0);
  });
});

test('a failed row of the log releases no lost create: another attempt with its id may have been paid for', async () => {
  const { api, wan } = clientWith({ maxUsd: 1 });
  api.fault({ kind: 'error', on: 'image', status: 503 });
  api.fault({ kind: 'reset', on: 'image', accepted: true });
  await endOf(wan.generateImage(image, { clientRequestId: 'two-attempts' }));
  const rows = { since: new Date(Date.now() - 60_000), status: 'failed' } as const;
  for await (const row of wan.listRequests(rows)) expect(row.clientRequestId).toBe('two-attempts');
  expect(wan.spending()).toMatchObject({ reservedUsd: imageUsd, creates: 1 });
});

test.each([1, 2, 3, 4, 5, 6])(
  'the limit holds for 200 creates at once through faults, seed %i',
  async (seed) => {
    const random = randomFrom(seed);
    const maxUsd = 3;
    const { api, wan } = clientWith({ maxUsd });
    for (let count = 0; count < 40; count += 1) {
      const on = random.oneOf<'image' | 'video'>(['image', 'video']);
      const accepted = random.chance(0.5);
      api.fault(
        random.oneOf<Fault>([
          { kind: 'reset', on, accepted },
          { kind: 'html', on, status: 502, accepted },
          { kind: 'error', on, status: random.oneOf([500, 503, 400, 403]) },
          { kind: 'cut', on, afterBytes: random.below(40), withoutInferenceId: random.chance(0.5) },
          { kind: 'job-fails' },
        ]),
      );
    }
    const make = async () => {
      if (random.chance(0.5)) return wan.generateImage(image);
      const job = await wan.generateVideo(video);
      return random.chance(0.7) ? wan.getVideo(job) : job;
    };
    const ends = await Promise.all(Array.from({ length: 200 }, () => endOf(make())));
    const { usd, reservedUsd } = wan.spending();
    expect(ends.filter((end) => end instanceof BudgetExceededError).length).toBeGreaterThan(50);
    expect(api.charged).toBeLessThanOrEqual(maxUsd);
    expect(api.charged).toBeLessThanOrEqual(usd + reservedUsd);
    expect(usd + reservedUsd).toBeLessThanOrEqual(maxUsd);
    expect(api.charged).toBeGreaterThan(maxUsd / 4);
  },
);

describe('a create without a price', () => {
  test('is refused, with the reason', async () => {
    const { api, wan } = clientWith({ maxUsd: 5 });
    const error = await endOf(wan.generateVideo(unpriced));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).not.toHaveProperty('neededUsd');
    expect(String(error)).toContain(
      'it has no price (the price of the model is known only afterwards), maxUsd is $5',
    );
    expect(String(error)).toContain('allowUnpriced: true');
    expect(api.generations).toBe(0);
  });

  test('goes through with allowUnpriced, then reserves the most that one has cost, until the limit is spent', async () => {
    const { api, wan } = clientWith({ maxUsd: 0.25, allowUnpriced: true });
    await wan.generateVideo(unpriced);
    expect(wan.spending().usd).toBe(0.1);
    await wan.generateVideo(unpriced);
    const error = await endOf(wan.generateVideo(unpriced));
    expect(error).toMatchObject({ neededUsd: 0.1, spentUsd: 0.2 });
    expect(String(error)).toContain('and the most that one has cost is $0.1');
    expect(api.generations).toBe(2);
  });

  test('is not let through for nothing because one has cost nothing', async () => {
    const { api } = clientWith({});
    const free: Fetch = async (url, init) => {
      const answer = await api.fetch(url, init);
      if (!String(url).includes('/images/')) return answer;
      return Response.json({ ...Object(await answer.json()), meta: { usage: { usd_spent: 0 } } });
    };
    const wan = createWan({ apiKey: 'key-of-a-test', fetch: free, maxUsd: 1 });
    const sized = {
      model: 'wan2.2-t2i-flash',
      prompt: 'x',
      image_size: { width: 992, height: 992 },
    } as const;
    await wan.generateImage(sized);
    // by the pixels of a preset there is no price
    const error = await endOf(wan.generateImage({ ...sized, image_size: 'square_hd' }));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(api.generations).toBe(1);
  });

  test('is refused with allowUnpriced too, once nothing is left', async () => {
    const { wan } = clientWith({ maxUsd: 0.1, allowUnpriced: true });
    await wan.generateVideo(video);
    const error = await endOf(wan.generateVideo(unpriced));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(String(error)).not.toContain('allowUnpriced');
  });

  test.each([
    ['is down', { kind: 'error', on: 'catalogue', status: 500 }],
    ['answers nonsense', { kind: 'answer', on: 'catalogue', status: 200, body: { data: 7 } }],
  ] as const)('is every create where the catalogue %s', async (_, fault) => {
    const strict = clientWith({ maxUsd: 1, maxRetries: 0 });
    strict.api.fault(fault);
    const error = await endOf(strict.wan.generateImage(image));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(String(error)).toContain('the catalogue cannot be read');
    const lenient = clientWith({ maxUsd: 1, maxRetries: 0, allowUnpriced: true });
    lenient.api.fault(fault);
    expect(await endOf(lenient.wan.generateImage(image))).toBe('made');
    expect(lenient.wan.spending().usd).toBe(imageUsd);
  });
});

describe('spending()', () => {
  test('counts without a limit too, and then asks for no price', async () => {
    const { api, wan, asked } = clientWith({});
    expect(wan.spending()).toEqual({ usd: 0, reservedUsd: 0, creates: 0, byModel: {} });
    await wan.generateImage(image);
    await wan.generateVideo(video);
    expect(wan.spending()).toEqual({
      usd: 0.1315,
      reservedUsd: 0,
      creates: 2,
      byModel: {
        'alibaba/wan2.5-t2i-preview': { usd: 0.0315, reservedUsd: 0, creates: 1 },
        'alibaba/wan2.2-t2v-plus': { usd: 0.1, reservedUsd: 0, creates: 1 },
      },
    });
    expect(api.charged).toBe(0.1315);
    expect(asked('/v1/models')).toBe(0);
  });

  test('is a copy, and takes the name of any model', async () => {
    const { wan } = clientWith({});
    wan.spending().byModel.other = { usd: 1, reservedUsd: 1, creates: 1 };
    expect(wan.spending().byModel).toEqual({});
    const odd = createWan({
      apiKey: 'key-of-a-test',
      fetch: async () =>
        Response.json({ data: [{ url: 'https://x.example/a.png' }], meta: { usage: { usd_spent: 1 } } }),
    });
    await odd.generateImageUnchecked({ model: '__proto__' });
    expect(Object.keys(odd.spending().byModel)).toEqual(['__proto__']);
  });

  test.each([-1, 1e308, 'NaN', null, {}])(
    'stays a sum where an answer tells a cost of %j',
    async (usd_spent) => {
      const { wan } = {
        wan: createWan({
          apiKey: 'key-of-a-test',
          fetch: async () =>
            Response.json({ data: [{ url: 'https://x.example/a.png' }], meta: { usage: { usd_spent } } }),
        }),
      };
      await wan.generateImage(image);
      await wan.generateImage(image);
      expect(wan.spending().usd).toBeGreaterThanOrEqual(0);
      expect(wan.spending().usd).toBeLessThan(Infinity);
    },
  );

  test('is there for the default client', () => {
    expect(spending()).toEqual({ usd: 0, reservedUsd: 0, creates: 0, byModel: {} });
  });
});

describe('options that make no sense', () => {
  test.each([0, -1, Number.NaN, '5', null])('maxUsd: %j is a RangeError', (maxUsd) => {
    expect(() => createWan({ maxUsd: maxUsd as never })).toThrow(RangeError);
    expect(() => createWan({ maxUsd: maxUsd as never })).toThrow('it takes US dollars above 0');
  });

  test.each([1, 'yes', null])('allowUnpriced: %j is a TypeError', (allowUnpriced) => {
    expect(() => createWan({ maxUsd: 1, allowUnpriced: allowUnpriced as never })).toThrow(TypeError);
  });

  test('Vtrix has no catalogue, and takes no limit', () => {
    expect(() => createVtrix({ maxUsd: 1 } as never)).toThrow('there is no option "maxUsd"');
  });

  test('of a call: the message names the client', async () => {
    const { wan } = clientWith({});
    expect(String(await endOf(wan.generateImage(image, { maxUsd: 1 } as never)))).toContain(
      'there is no option "maxUsd" (the client takes it)',
    );
  });
});
