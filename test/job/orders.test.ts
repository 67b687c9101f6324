import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createWan,
  InvalidInputError,
  mayHaveBeenPaid,
  OutcomeUnknownError,
  type StartOptions,
  type VideoOrder,
  WanError,
} from '../../src/index.js';
import { toVideoOrder } from '../../src/job/order.js';
import { createFakeApi, type Fault } from '../../src/testing.js';
import { createVtrix, type VtrixVideoInput } from '../../src/vtrix.js';

afterEach(() => void vi.useRealTimers());

const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;
const vtrixInput: VtrixVideoInput = {
  model: 'wan22_t2v_plus',
  input: { prompt: 'a dragon' },
  parameters: { size: '832*480' },
};
const picture = `data:image/png;base64,iVBORw0KGgo${'A'.repeat(100_000)}`;

function start(fault?: Fault, options: Parameters<typeof createWan>[0] = {}) {
  const api = createFakeApi({ videoSeconds: 0 });
  if (fault) api.fault(fault);
  const key = { apiKey: 'key-of-a-test', fetch: api.fetch };
  return { api, wan: createWan({ ...key, maxRetries: 1, ...options }), vtrix: createVtrix(key) };
}

const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => expect.unreachable(`it gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

describe('orderVideo()', () => {
  it('gives what is to be sent as plain JSON, and sends nothing', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-21T12:00:00Z'), toFake: ['Date'] });
    const { api, wan, vtrix } = start();
    const order = await wan.orderVideo({ ...input, resolution: '480P' }, { clientRequestId: 'order-1' });
    expect(order).toEqual({
      provider: 'aimlapi',
      model: 'alibaba/wan2.2-t2v-plus',
      body: { model: 'alibaba/wan2.2-t2v-plus', prompt: 'a dragon', resolution: '480P' },
      clientRequestId: 'order-1',
      orderedAt: '2026-11-21T12:00:00.000Z',
    });
    expect(stored(order)).toEqual(order);
    expect(await vtrix.orderVideo(vtrixInput)).toEqual({
      provider: 'vtrix',
      model: 'wan22_t2v_plus',
      body: vtrixInput,
      clientRequestId: expect.stringMatching(/^[\w-]{36}$/),
      orderedAt: '2026-11-21T12:00:00.000Z',
    });
    expect(api.requests).toEqual([]);
  });

  it('gives each order an id of its own, and does not follow later changes of the input', async () => {
    const { wan } = start();
    const own = { model: 'wan-2-7-r2v', prompt: 'x', image_urls: ['https://an.example/a.png'] } as const;
    const image_urls: string[] = [...own.image_urls];
    const given = { ...own, image_urls };
    const [first, second] = [await wan.orderVideo(given), await wan.orderVideo(given)];
    expect(first.clientRequestId).not.toBe(second.clientRequestId);
    image_urls.push('https://an.example/b.png');
    expect(first.body).toEqual({ ...own, model: 'alibaba/wan-2-7-r2v' });
  });

  it.each([
    ['a field out of range', { ...input, prompt: '' }, 'prompt'],
    ['an unknown model', { ...input, model: 'wan9' }, 'model'],
    ['a model of images', { ...input, model: 'wan2.2-t2i-plus' }, 'model'],
    [
      'a picture in the own network',
      { model: 'wan2.2-i2v-plus', prompt: 'x', image_url: 'http://10.0.0.1/a.png' },
      'image_url',
    ],
    ['no object', undefined, ''],
  ])('refuses %s as generateVideo does', async (_, wrong, path) => {
    const { api, wan } = start();
    const ordered = await errorOf(wan.orderVideo(wrong as never));
    expect(ordered).toBeInstanceOf(InvalidInputError);
    expect(ordered).toMatchObject({ issues: [{ path }] });
    const generated = await errorOf(wan.generateVideo(wrong as never));
    expect(generated).toEqual(ordered);
    expect(mayHaveBeenPaid(ordered)).toBe(false);
    expect(api.requests).toEqual([]);
  });

  it('names the largest text where the order is longer than maxBytes, to the byte', async () => {
    const { wan } = start();
    const given = { model: 'wan2.5-i2v-preview', prompt: 'ü'.repeat(200), image_url: picture } as const;
    const order = await wan.orderVideo(given, { clientRequestId: 'x' });
    const bytes = Buffer.byteLength(JSON.stringify(order));
    expect(bytes).toBeGreaterThan(JSON.stringify(order).length);
    expect(await wan.orderVideo(given, { clientRequestId: 'x', maxBytes: bytes })).toMatchObject({
      body: order.body,
    });
    const error = await errorOf(wan.orderVideo(given, { clientRequestId: 'x', maxBytes: bytes - 1 }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ issues: [{ path: 'image_url' }] });
    expect(String(error)).toContain(
      `image_url makes the order ${bytes} bytes long, and at most ${bytes - 1} are taken: pass a URL in its place, or a larger maxBytes`,
    );
    expect(String(error).length).toBeLessThan(400);
  });

  it('takes 262,144 bytes by itself, and names the entry of a list', () => {
    const body = (...image_urls: string[]) => ({ model: 'm', prompt: 'x', image_urls });
    const ordered = (given: object, maxBytes?: number) => () =>
      toVideoOrder(
        'aimlapi',
        { model: 'm', json: JSON.stringify(given) },
        { clientRequestId: 'x', maxBytes },
      );
    const bytes = Buffer.byteLength(JSON.stringify(ordered(body('', picture))()));
    const rest = 'A'.repeat(262_144 - bytes);
    expect(JSON.stringify(ordered(body(rest, picture))())).toHaveLength(262_144);
    expect(ordered(body(`${rest}A`, picture))).toThrow(
      'image_urls[0] makes the order 262145 bytes long, and at most 262144 are taken: pass a larger maxBytes',
    );
    expect(ordered(body('A', `${picture}${rest}`))).toThrow(
      'image_urls[1] makes the order 262145 bytes long',
    );
    expect(ordered(body('A', `${picture}${rest}`), Infinity)).not.toThrow();
    // the name of the model cannot be shortened
    expect(ordered({ model: 'a-long-name-of-a-model', prompt: 'x' }, 9)).toThrow('prompt makes the order');
  });

  it('says nothing of a URL where a text is too long', async () => {
    const { vtrix } = start();
    const error = await errorOf(vtrix.orderVideo(vtrixInput, { maxBytes: 50 }));
    expect(error).toMatchObject({ issues: [{ path: 'input.prompt' }] });
    expect(String(error)).toMatch(/at most 50 are taken: pass a larger maxBytes/);
  });

  it.each([
    [{ maxBytes: 0 }, RangeError, 'Cannot use maxBytes: it takes a number of bytes above 0'],
    [{ maxBytes: Number.NaN }, RangeError, 'Cannot use maxBytes'],
    [{ maxBytes: '9' }, RangeError, 'Cannot use maxBytes'],
    [{ clientRequestId: 'ä' }, InvalidInputError, 'clientRequestId takes 1 to 128 characters'],
    [{ clientRequestId: null }, InvalidInputError, 'clientRequestId takes 1 to 128 characters'],
    [{ maxByte: 5 }, TypeError, 'there is no option "maxByte" (did you mean "maxBytes"?)'],
    [{ signal: undefined, timeoutMs: 5 }, TypeError, 'there is no option "timeoutMs"'],
    [5, TypeError, 'options take a plain object'],
  ])('refuses the options %j', async (options, type, message) => {
    const { wan, vtrix } = start();
    for (const call of [
      wan.orderVideo(input, options as never),
      vtrix.orderVideo(vtrixInput, options as never),
    ]) {
      const error = await errorOf(call);
      expect(error).toBeInstanceOf(type);
      expect(String(error)).toContain(message);
    }
  });
});

describe('startVideo()', () => {
  it('pays for a stored order under its own id; the job has no raw and survives JSON', async () => {
    const { api, wan, vtrix } = start();
    const order = stored(await wan.orderVideo(input, { clientRequestId: 'order-1' }));
    const job = await wan.startVideo({ ...order, ...{ sent: true } });
    expect(job).toMatchObject({ provider: 'aimlapi', state: 'running', clientRequestId: 'order-1' });
    expect(api.requests[0]?.body).toEqual(order.body);
    expect(api.requests[0]?.headers['x-client-request-id']).toBe('order-1');
    expect(Object.keys(job ?? {})).not.toContain('raw');
    expect(stored(job)).toStrictEqual(job);
    expect(job?.usage).toEqual({ creditsUsed: 200_000, usdSpent: 0.1 });

    const started = await vtrix.startVideo(stored(await vtrix.orderVideo(vtrixInput)));
    expect(started).toMatchObject({ provider: 'vtrix', state: 'running' });
    expect(stored(started)).toStrictEqual(started);
    expect(Object.keys(started ?? {})).not.toContain('raw');
    expect(api.generations).toBe(2);
  });

  it.each(['params', 'flat'] as const)(
    'writes the body in the style "%s" of the client',
    async (bodyStyle) => {
      const api = createFakeApi({ vtrixBody: bodyStyle });
      const order = await start().vtrix.orderVideo(vtrixInput);
      const vtrix = createVtrix({ apiKey: 'key-of-a-test', fetch: api.fetch, bodyStyle });
      await vtrix.startVideo(order);
      expect(api.generations).toBe(1);
    },
  );

  it('runs within aroundCreate, with the order’s id', async () => {
    const seen: unknown[] = [];
    const { wan } = start(undefined, {
      aroundCreate: (create, send) => {
        seen.push(create);
        return send();
      },
    });
    const order = await wan.orderVideo(input);
    await wan.startVideo(order, { again: false, headers: { 'x-own': '1' }, timeoutMs: 5_000, maxRetries: 0 });
    expect(seen).toMatchObject([{ clientRequestId: order.clientRequestId, body: order.body, kind: 'video' }]);
  });

  it('tells the job of an answer that was cut, by the header alone', async () => {
    const { api, wan } = start({ kind: 'cut', on: 'video' });
    const job = await wan.startVideo(await wan.orderVideo(input));
    expect(job).toMatchObject({ state: 'running' });
    expect(stored(job)).toStrictEqual(job);
    expect(api.generations).toBe(1);
  });

  const order: VideoOrder = {
    provider: 'aimlapi',
    model: 'alibaba/wan2.2-t2v-plus',
    body: { model: 'alibaba/wan2.2-t2v-plus', prompt: 'x' },
    clientRequestId: 'order-1',
    orderedAt: new Date().toISOString(),
  };
  const of = (changes: object): object => ({ ...order, ...changes });
  const getter = Object.defineProperty({ ...order }, 'body', {
    get: () => {
      throw new Error('a getter');
    },
  });

  describe.each<[string, unknown, new (...given: never[]) => Error, string, (StartOptions | undefined)?]>([
    ['nothing', undefined, TypeError, 'it takes an order from orderVideo, not undefined'],
    ['a text', JSON.stringify(order), TypeError, 'it takes an order from orderVideo, not a text'],
    ['a list', [order], TypeError, 'it takes an order from orderVideo, not Array'],
    ['a Promise', Promise.resolve(order), TypeError, 'the order is a Promise: await it'],
    ['an input', input, TypeError, 'not an object without provider'],
    [
      'a job',
      { provider: 'aimlapi', id: 'j', state: 'running', status: 'queued' },
      TypeError,
      'pass it to checkVideo or pollUntilDone',
    ],
    [
      'another provider',
      of({ provider: 'vtrix' }),
      TypeError,
      'an order of "vtrix", and this client is one of "aimlapi"',
    ],
    ['no id', of({ clientRequestId: undefined }), TypeError, 'the order has no clientRequestId'],
    ['a wrong id', of({ clientRequestId: 'a b' }), InvalidInputError, 'clientRequestId takes 1 to 128'],
    ['null as id', of({ clientRequestId: null }), InvalidInputError, 'clientRequestId takes 1 to 128'],
    [
      'no time',
      of({ orderedAt: undefined }),
      TypeError,
      'orderedAt of the order is no ISO time, but undefined',
    ],
    [
      'a wrong time',
      of({ orderedAt: 'soon' }),
      TypeError,
      'orderedAt of the order is no ISO time, but a text',
    ],
    ['no model', of({ model: undefined }), TypeError, 'model of the order is no text, but undefined'],
    ['a getter that throws', getter, Error, 'a getter'],
  ])('an order that is %s', (_, wrong, type, message) => {
    it.each([undefined, false, true])('is refused with again: %s, and nothing is sent', async (again) => {
      const { api, wan } = start();
      const error = await errorOf(wan.startVideo(wrong as never, { again }));
      expect(error).toBeInstanceOf(type);
      expect(String(error)).toContain(message);
      expect(api.requests).toEqual([]);
      // an earlier call may have paid where again is true
      expect(mayHaveBeenPaid(error)).toBe(again === true);
    });
  });

  it('refuses at Vtrix an order of the AIML API', async () => {
    const { api, vtrix } = start();
    const error = await errorOf(vtrix.startVideo(order));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('an order of "aimlapi", and this client is one of "vtrix"');
    expect(mayHaveBeenPaid(error)).toBe(false);
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['another model', of({ model: 'alibaba/wan2.1-t2v-plus' }), 'model'],
    ['a body of another model', of({ body: { model: 'alibaba/wan2.1-t2v-plus', prompt: 'x' } }), 'model'],
    ['a field that does not exist', of({ body: { ...order.body, size: 'x' } }), 'size'],
    ['a value out of range', of({ body: { ...order.body, resolution: '4K' } }), 'resolution'],
    ['no body', of({ body: undefined }), 'model'],
    ['a model that is gone', of({ body: { model: 'wan0', prompt: 'x' }, model: 'wan0' }), 'model'],
  ])('judges the body by the rules of today, but not with again: %s', async (_, wrong, path) => {
    const { api, wan } = start();
    const error = await errorOf(wan.startVideo(wrong as never));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ issues: [{ path }] });
    expect(mayHaveBeenPaid(error)).toBe(false);
    expect(api.requests).toEqual([]);
    expect(await wan.startVideo(wrong as never, { again: true })).toBeUndefined();
  });

  it.each([
    [{ again: 1 }, TypeError, 'the option again takes true or false, not 1: pass the mark', true],
    [{ again: 0 }, TypeError, 'A count of attempts does not tell', true],
    [{ again: 'true' }, TypeError, 'the option again takes true or false, not a text', true],
    [{ again: null }, TypeError, 'the option again takes true or false, not null', true],
    [{ agian: true }, TypeError, 'there is no option "agian" (it takes again, signal', true],
    [null, TypeError, 'options take a plain object', true],
    [{ signal: {} }, TypeError, 'the option signal takes an AbortSignal', true],
    [{ clientRequestId: 'x' }, TypeError, 'the order has its own clientRequestId', true],
    [{ timeoutMs: -1 }, RangeError, 'Cannot use timeoutMs', false],
    [{ maxRetries: 1.5 }, RangeError, 'Cannot use maxRetries', false],
    [{ headers: 5 }, TypeError, 'headers', false],
  ])('refuses the options %j before anything is sent', async (options, type, message, mayBePaid) => {
    const { api, wan } = start();
    const error = await errorOf(wan.startVideo(order, options as never));
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toContain(message);
    expect(mayHaveBeenPaid(error)).toBe(mayBePaid);
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['a key is missing', { apiKey: ' ' }, TypeError],
    ['the first of aroundCreate refuses', { aroundCreate: () => Promise.reject(new Error('no')) }, Error],
  ])('says that nothing was paid where %s', async (_, options, type) => {
    const { api, wan } = start(undefined, options);
    const error = await errorOf(wan.startVideo(order));
    expect(error).toBeInstanceOf(type);
    expect(mayHaveBeenPaid(error)).toBe(false);
    expect(api.requests).toEqual([]);
  });
});

describe('startVideo() twice at once', () => {
  it('is refused the second time, whichever client makes it, and sends nothing', async () => {
    const { api, wan } = start({ kind: 'stall', on: 'video', accepted: true });
    const other = createWan({ apiKey: 'another-key-of-it', fetch: api.fetch });
    const order = await wan.orderVideo(input);
    const stop = new AbortController();
    const first = errorOf(wan.startVideo(order, { signal: stop.signal }));
    await vi.waitFor(() => expect(api.generations).toBe(1));
    for (const again of [false, true]) {
      const error = await errorOf(other.startVideo(stored(order), { again }));
      expect(error).toBeInstanceOf(WanError);
      expect(String(error)).toContain('is being started in this process already. This call sent nothing');
      // the mark of the order must stay: the first call may be paying
      expect(mayHaveBeenPaid(error)).toBe(true);
    }
    expect(api.requests).toHaveLength(1);
    stop.abort(new Error('enough'));
    expect(mayHaveBeenPaid(await first)).toBe(true);
    expect(await other.startVideo(order, { again: true })).toMatchObject({ state: 'running' });
    expect(api.generations).toBe(1);
  });

  it('is free again after any ending', async () => {
    const { api, wan } = start({ kind: 'error', status: 400, on: 'video' });
    const order = await wan.orderVideo(input);
    expect(mayHaveBeenPaid(await errorOf(wan.startVideo(order)))).toBe(false);
    const signal = AbortSignal.abort(new Error('early'));
    expect(mayHaveBeenPaid(await errorOf(wan.startVideo(order, { signal })))).toBe(false);
    await errorOf(wan.startVideo({ ...order, body: {} }));
    await wan.startVideo(order);
    expect(api.generations).toBe(1);
  });

  it('does not stop another order, nor the same id at another provider', async () => {
    const { api, wan, vtrix } = start();
    const order = await wan.orderVideo(input, { clientRequestId: 'same' });
    await Promise.all([
      wan.startVideo(order),
      wan.startVideo(await wan.orderVideo(input)),
      vtrix.startVideo(await vtrix.orderVideo(vtrixInput, { clientRequestId: 'same' })),
    ]);
    expect(api.generations).toBe(3);
  });
});

describe('startVideo() with again at Vtrix', () => {
  it('sends nothing, and says that there is no log', async () => {
    const { api, vtrix } = start();
    const order = await vtrix.orderVideo(vtrixInput);
    const error = await errorOf(vtrix.startVideo(order, { again: true }));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({
      clientRequestId: order.clientRequestId,
      model: 'wan22_t2v_plus',
      startedAt: order.orderedAt,
    });
    expect(String(error)).toContain('Vtrix has no request log. See its console before you pay for another');
    expect(mayHaveBeenPaid(error)).toBe(true);
    expect(api.requests).toEqual([]);
  });
});
