import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createWan, type Fetch, type FetchInit, InvalidInputError, toDataUri } from '../src/index.js';

/** A client, and what it sent. */
function record() {
  const sent: FetchInit[] = [];
  const fetch: Fetch = async (_, init) => {
    sent.push(init);
    return new Response('{"id":"job","status":"queued","data":[{"url":"https://a.b"}]}');
  };
  return { wan: createWan({ apiKey: 'test', fetch }), sent };
}

async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return expect.unreachable('it was sent');
}

/** Longer than any piece in which the text could be looked through. */
const base64 = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251)).toString(
  'base64',
);
const edit = { model: 'wan-2-7-image', prompt: 'x' } as const;

describe('a data URI', () => {
  test.each([
    base64,
    base64.slice(0, -1),
    base64.slice(0, -2),
    `${base64.slice(0, -1)}=`,
    'AA',
    'AAA',
    'AA==',
    'AAA=',
  ])('is taken as it is (case %#)', async (text) => {
    const { wan, sent } = record();
    const image_urls = [`data:image/png;base64,${text}`];
    await wan.generateImage({ ...edit, image_urls });
    expect(JSON.parse(sent[0]?.body ?? '').image_urls).toEqual(image_urls);
  });

  test.each(['-', '_', '=', ' ', '\n', '.', '%', '\0', 'é', 'Ł', '\u2028', '😀'])(
    'is refused with %j in its base64, wherever that is',
    async (wrong) => {
      const { wan, sent } = record();
      const places = [0, 1, 2, 3, 65_535, 65_536, 65_537, 200_000, base64.length - 6];
      for (const place of places) {
        for (const cut of [0, 1, 2]) {
          const text =
            base64.slice(0, place) + wrong + base64.slice(place + wrong.length, base64.length - cut);
          if (text.length % 4 === 1) continue;
          const image_urls = [`data:image/png;base64,${text}`];
          const error = await thrownBy(() => wan.generateImage({ ...edit, image_urls }));
          expect(error, `${place}`).toBeInstanceOf(InvalidInputError);
        }
      }
      expect(sent).toEqual([]);
    },
  );

  test.each(['', '=', '==', 'A', 'AAAAA', 'AA===', 'AAAA A', 'AAAA ', ' AAAA', `${base64}A`, `${base64} `])(
    'is refused where its length is none of base64 (case %#)',
    async (text) => {
      const { wan, sent } = record();
      const image_urls = [`data:image/png;base64,${text}`];
      expect(await thrownBy(() => wan.generateImage({ ...edit, image_urls }))).toBeInstanceOf(
        InvalidInputError,
      );
      expect(sent).toEqual([]);
    },
  );
});

test('a picture as bare base64 is refused in a few words, however large it is', async () => {
  const { wan, sent } = record();
  const image_urls = [`iVBOR${base64.repeat(40)}`, base64.repeat(40)];
  const error = await thrownBy(() => wan.generateImage({ ...edit, image_urls }));
  expect(error).toBeInstanceOf(InvalidInputError);
  expect(String(error)).toContain('(16000000 characters of base64)');
  expect(String(error).length).toBeLessThan(1_000);
  expect(sent).toEqual([]);
});

test('a file in place of an input is refused in a few words', async () => {
  const { wan, sent } = record();
  const file = new Uint8Array(5_000_000);
  const calls: (() => unknown)[] = [wan.generateImage, wan.generateVideo]
    .flatMap((call) =>
      [file, file.buffer, { ...edit, ...Array.from(base64.slice(0, 50_000)) }].map((input) => ({
        call,
        input,
      })),
    )
    .map(
      ({ call, input }) =>
        () =>
          Reflect.apply(call, undefined, [input]),
    );
  for (const call of calls) {
    const error = await thrownBy(call);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error).length).toBeLessThan(1_000);
  }
  expect(sent).toEqual([]);
});

describe.each(['generateImageUnchecked', 'generateVideoUnchecked'] as const)('%s()', (call) => {
  test('reads each field once, and writes the body once for all attempts', async () => {
    const reads: string[] = [];
    const toJSON = vi.fn(() => 'data:image/png;base64,AAAA');
    const fields = { prompt: 'x', pictures: [{ toJSON }] };
    const given = new Proxy(fields, {
      get(target, name) {
        reads.push(String(name));
        return name === 'model' ? `model-${reads.length}` : Reflect.get(target, name);
      },
      ownKeys: () => ['model', ...Reflect.ownKeys(fields)],
      getOwnPropertyDescriptor: (target, name) => ({
        ...(Reflect.getOwnPropertyDescriptor(target, name) ?? { value: undefined }),
        enumerable: true,
        configurable: true,
      }),
    });
    const bodies: unknown[] = [];
    const fetch: Fetch = async (url, { body }) => {
      bodies.push(body);
      if (bodies.length === 3) return new Response('{"id":"job","data":[{"url":"https://a.b"}]}');
      const instance = new URL(url).pathname;
      return new Response(JSON.stringify({ error: { name: 'Unavailable' }, instance }), { status: 503 });
    };
    const wan = createWan({ apiKey: 'test', fetch });
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const making = Reflect.apply(wan[call], undefined, [given]);
    await vi.runAllTimersAsync();
    const made = await making;
    expect(reads.sort()).toEqual(['model', 'pictures', 'prompt', 'toJSON']);
    expect(toJSON).toHaveBeenCalledTimes(1);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(String(bodies[2]))).toEqual({
      model: made.model,
      prompt: 'x',
      pictures: ['data:image/png;base64,AAAA'],
    });
  });

  test('writes a large body once, and reads it never', async () => {
    const { wan, sent } = record();
    const given = { model: 'any', prompt: 'x', image_urls: [`data:image/png;base64,${base64}`] };
    const [stringify, parse] = [vi.spyOn(JSON, 'stringify'), vi.spyOn(JSON, 'parse')];
    await wan[call](given);
    const isLarge = (text: unknown) => typeof text === 'string' && text.length > base64.length;
    expect(stringify.mock.results.map(({ value }) => value).filter(isLarge)).toEqual([sent[0]?.body]);
    expect(parse.mock.calls.flat().filter(isLarge)).toEqual([]);
  });

  test.each([
    [
      'a class with toJSON',
      new (class {
        toJSON() {
          return { model: 'any', prompt: 'x' };
        }
      })(),
    ],
    ['a toJSON that gives another', { toJSON: () => ({ model: 'any', toJSON: () => ({ model: 'other' }) }) }],
    ['a field called toJSON', { model: 'any', toJSON: 'x' }],
    [
      'what JSON leaves out',
      { model: 'any', a: undefined, b: () => 1, [Symbol('c')]: 1, d: [undefined], e: Number.NaN },
    ],
    ['a date', { model: 'any', at: new Date(0) }],
    ['a field of another prototype', JSON.parse('{"model":"any","__proto__":{"model":"other"}}')],
    ['no prototype', Object.assign(Object.create(null), { model: 'any' })],
    ['fields of a prototype', Object.assign(Object.create({ prompt: 'x' }), { model: 'any' })],
  ])('sends %s as JSON.stringify writes it', async (_, given) => {
    const { wan, sent } = record();
    await Reflect.apply(wan[call], undefined, [given]);
    expect(sent[0]?.body).toBe(JSON.stringify(given));
  });

  test.each([
    [
      'a getter',
      Object.defineProperty({ model: 'any' }, 'prompt', {
        enumerable: true,
        get: () => {
          throw new Error('no prompt');
        },
      }),
    ],
    [
      'toJSON',
      {
        model: 'any',
        toJSON: () => {
          throw new Error('no prompt');
        },
      },
    ],
    [
      'a toJSON within',
      {
        model: 'any',
        prompt: {
          toJSON: () => {
            throw new Error('no prompt');
          },
        },
      },
    ],
  ])('sends nothing where %s throws', async (_, given) => {
    const { wan, sent } = record();
    const error = await thrownBy(() => Reflect.apply(wan[call], undefined, [given]));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error)).toContain('cannot be written as JSON (no prompt)');
    expect(sent).toEqual([]);
  });
});

test('a checked body is written once for all attempts', async () => {
  const { wan, sent } = record();
  const image_urls = [`data:image/png;base64,${base64}`];
  await wan.generateImage({ ...edit, image_urls });
  const { model, ...fields } = edit;
  expect(sent.map(({ body }) => body)).toEqual([
    JSON.stringify({ model: `alibaba/${model}`, ...fields, image_urls }),
  ]);
});

test('toDataUri() takes bytes as they are when it is called', async () => {
  const bytes = Buffer.from(`iVBORw0KGgo${'A'.repeat(9)}`, 'base64');
  const expected = `data:image/png;base64,${bytes.toString('base64')}`;
  const { buffer } = Uint8Array.from([0, ...bytes]);
  const views = [new Uint8Array(bytes), new Uint8Array(buffer, 1), Uint8Array.from(bytes).buffer];
  const making = views.map((view) => toDataUri(view));
  for (const view of views) new Uint8Array('buffer' in view ? view.buffer : view).fill(0);
  expect(await Promise.all(making)).toEqual([expected, expected, expected]);
});
