import { createServer, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan, type Fetch } from '../../src/index.js';
import { createUndiciFetch } from '../../src/undici.js';
import { createVtrix } from '../../src/vtrix.js';

/** Answers that nobody expects: none may end in an error of ours, and none may cost an id. */

const image = { model: 'wan2.5-t2i-preview', prompt: 'x' } as const;
const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const nested = (open: string, close: string, levels = 20_000) => open.repeat(levels) + close.repeat(levels);
const deepError = `{"id":"paid-1","status":"queued","error":${nested('{"error":', '}').replace(':}', ':1}')}}`;

type Answer = { text: string; status?: number; headers?: Record<string, string> };

function clientOf(answer: Answer, make: typeof createWan = createWan) {
  const fetch = async () =>
    new Response(answer.text, {
      status: answer.status ?? 200,
      ...(answer.headers && { headers: answer.headers }),
    });
  return make({ apiKey: 'k-12345678', fetch, maxRetries: 0 });
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => error,
  );

afterEach(() => void vi.useRealTimers());

/** Bodies that broke a reader once, or are built like those that did. */
const strange: [string, string][] = [
  ['an error 20,000 levels deep', deepError],
  ['a list 20,000 levels deep', nested('[', ']')],
  [
    'a list of its own in each field',
    '{"status":[[]],"error":[[]],"video":[[]],"meta":[[]],"data":[[]],"output":[[]]}',
  ],
  [
    'fields that no text can be made of',
    '{"statusCode":{"toString":1,"valueOf":1},"status":{"toString":1},"path":{"valueOf":1}}',
  ],
  [
    'a path that no text can be made of',
    '{"error":{"message":"m","path":[{"toString":1}],"loc":[{"valueOf":1}]}}',
  ],
  [
    'a deep path in a deep list',
    `{"error":{"data":[{"message":${nested('[', ']', 5000)},"path":[${nested('[', ']', 5000)}]}]}}`,
  ],
  [
    'a prototype',
    '{"__proto__":{"id":1},"constructor":{"prototype":{}},"hasOwnProperty":1,"toString":1,"then":1}',
  ],
  [
    'numbers out of range',
    '{"created":1e308,"created_at":-1e308,"status":1e999,"meta":{"usage":{"credits_used":1e308}},"video":{"duration":-1}}',
  ],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"paid"'],
  ['nothing', ''],
];

describe('a text', () => {
  const said = '{"id":"é€😀","status":"queued"}';

  it.each([
    ['one character', said],
    ['a byte order mark and one character', `\uFEFF${said}`],
  ])('that comes byte by byte, with %s cut between two chunks, is read whole', async (_, text) => {
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3]) {
      const chunks = Array.from(bytes.subarray(0, Math.ceil(bytes.length / size)), (_byte, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const fetch = async () => new Response(ReadableStream.from(chunks));
      const wan = createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 });
      expect((await wan.generateVideo(video)).id).toBe('é€😀');
    }
  });

  it('with letters that are no UTF-8 costs no id', async () => {
    const text = Buffer.from('{"id":"paid-1","status":"\xff\xc3queued"}', 'latin1');
    const wan = createWan({ apiKey: 'k', fetch: async () => new Response(text), maxRetries: 0 });
    expect(await wan.generateVideo(video)).toMatchObject({ id: 'paid-1', status: '\ufffd\ufffdqueued' });
  });
});

describe.each(strange)('%s', (_, text) => {
  it.each(['image', 'video'] as const)(
    'as the answer to a create of kind %s gives what it holds, or an error with all of it',
    async (kind) => {
      const wan = clientOf({ text });
      const create = kind === 'image' ? wan.generateImage(image) : wan.generateVideo(video);
      const outcome = await create.catch((error) => error);
      if (outcome instanceof Error)
        expect(['UnexpectedResponseError', 'OutcomeUnknownError']).toContain(outcome.name);
      else expect(outcome.id).toBe('paid-1');
      // whatever it is, an app can store and print it
      expect(() => JSON.stringify(outcome)).not.toThrow();
      const lost = await failure(
        kind === 'image'
          ? clientOf({ text, status: 502 }).generateImage(image)
          : clientOf({ text, status: 502 }).generateVideo(video),
      );
      expect(lost).toMatchObject({ name: 'OutcomeUnknownError', status: 502 });
      expect(lost.body).toBe(text.slice(0, 65_536));
    },
  );

  it('gives the job of a create whose header holds the id', async () => {
    const job = await clientOf({ text, headers: { 'x-inference-id': 'paid-1' } }).generateVideo(video);
    expect(job.id).toBe('paid-1');
    expect(() => structuredClone(job)).not.toThrow();
  });

  it.each([200, 400, 404, 429, 500, 502])(
    'with status %i is trouble as the first check of a wait, and a clean error of getVideo',
    async (status) => {
      vi.useFakeTimers();
      const done = { id: 'paid-1', status: 'completed', video: { url: 'https://cdn.aimlapi.com/x.mp4' } };
      const answers = [new Response(text, { status }), new Response(JSON.stringify(done))];
      const wan = createWan({
        apiKey: 'k-12345678',
        fetch: async () => answers.shift() ?? new Response(JSON.stringify(done)),
      });
      const wait = wan.pollUntilDone('paid-1', { intervalMs: 1000 });
      await vi.advanceTimersByTimeAsync(30_000);
      expect((await wait).url).toBe(done.video.url);
      const error = await clientOf({ text, status })
        .getVideo('paid-1')
        .catch((thrown) => thrown);
      if (error instanceof Error)
        expect(error.name).toMatch(/^(ApiError|RateLimitError|UnexpectedResponseError|ConnectionError)$/);
    },
  );

  it('is no raw error at Vtrix', async () => {
    const vtrix = (status: number) =>
      createVtrix({ apiKey: 'k-12345678', maxRetries: 0, fetch: async () => new Response(text, { status }) });
    const input = { model: 'wan22_t2v_plus', input: { prompt: 'x' } } as const;
    for (const status of [200, 502]) {
      const made = await vtrix(status)
        .generateVideo(input)
        .catch((error) => error);
      if (made instanceof Error)
        expect(['UnexpectedResponseError', 'OutcomeUnknownError']).toContain(made.name);
      const checked = await failure(vtrix(status).getVideo('j'));
      if (checked) expect(checked.name).toMatch(/^(ApiError|UnexpectedResponseError|ConnectionError)$/);
    }
  });
});

describe('a reader that throws', () => {
  // where a link says when it expires, its time is written out
  const breakReaders = () =>
    vi.spyOn(Date.prototype, 'toISOString').mockImplementation(function (this: Date) {
      if (this.getTime() === 4e12) throw new RangeError('broken');
      return String(this);
    });
  const url = 'https://cdn.aimlapi.com/x?Expires=4000000000';
  const text = JSON.stringify({ id: 'paid-1', status: 'completed', video: { url } });

  it.each([
    ['in the body', {}],
    ['in the header', { 'x-inference-id': 'paid-1' }],
  ])('costs no create its id %s', async (_, headers) => {
    const wan = clientOf({ text, headers });
    breakReaders();
    expect(await wan.generateVideo(video)).toMatchObject({ id: 'paid-1', raw: { id: 'paid-1' } });
  });

  it('gives an image’s whole answer in the error', async () => {
    const body = { data: [{ url }] };
    const wan = clientOf({ text: JSON.stringify(body), headers: { 'x-inference-id': 'paid-1' } });
    breakReaders();
    const error = await failure(wan.generateImage(image));
    expect(error).toMatchObject({ name: 'UnexpectedResponseError', body, inferenceId: 'paid-1' });
    expect(error.message).toContain('may have been paid for');
  });

  it('is trouble in a wait', async () => {
    vi.useFakeTimers();
    const wait = clientOf({ text }).pollUntilDone('paid-1', { intervalMs: 1000 });
    const broken = breakReaders();
    await vi.advanceTimersByTimeAsync(5000);
    broken.mockRestore();
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await wait).id).toBe('paid-1');
  });
});

describe('a body that never ends', () => {
  const chunks: [string, Uint8Array][] = [
    ['empty', new Uint8Array(0)],
    ['one byte', new Uint8Array([32])],
  ];
  it.each(chunks)(
    'in chunks of %s lets timers run, and ends at timeoutMs or at the limit',
    async (_, chunk) => {
      const body = () => ({
        getReader: () => ({
          read: async () => ({ done: false, value: chunk }),
          cancel: async () => {},
          releaseLock: () => {},
        }),
        cancel: async () => {},
      });
      const fetch: Fetch = async () => ({ status: 200, headers: new Headers(), body: body() });
      const wan = createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0, timeoutMs: 300 });
      expect((await failure(wan.getVideo('j'))).name).toBe('RequestTimeoutError');
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('enough')), 50);
      await expect(wan.generateVideo(video, { signal: controller.signal })).rejects.toThrow('enough');
    },
  );

  it('is refused where its chunks are no bytes', async () => {
    const read = async () => ({ done: false, value: { subarray: () => new Uint8Array(0) } });
    const fetch = (async () => ({
      status: 200,
      headers: new Headers(),
      body: { getReader: () => ({ read }) },
    })) as unknown as Fetch;
    expect(
      (await failure(createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 }).getVideo('j'))).message,
    ).toContain('no bytes');
  });
});

describe('an id', () => {
  const create = (text: string, headers: [string, string][] = []) => {
    const fetch: Fetch = async () => new Response(text, { headers: new Headers(headers) });
    return createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 }).generateVideo(video);
  };

  it.each([
    ['{"id":12345678901234567890,"status":"queued"}', '12345678901234567890'],
    ['{"error":{"id":1},"status":"queued","id" : 9007199254740993 }', '9007199254740993'],
    ['{"note":"\\"id\\":99999999999999999999","generation_id":12345678901234567891}', '12345678901234567891'],
    ['{"id":9007199254740991}', '9007199254740991'],
    ['{"id":-7}', '-7'],
    [`{"id":${'1'.repeat(400)}}`, '1'.repeat(400)],
    ['{"id":1e400}', '1e400'],
  ])('is not rounded: %s', async (text, id) => {
    expect((await create(text)).id).toBe(id);
  });

  it('is not rounded at Vtrix, nor in a status check', async () => {
    const text = '{"data":{"id":12345678901234567890,"status":"in_queue"}}';
    const vtrix = createVtrix({ apiKey: 'k-12345678', fetch: async () => new Response(text) });
    const job = await vtrix.generateVideo({ model: 'wan22_t2v_plus', input: { prompt: 'x' } });
    expect(job.id).toBe('12345678901234567890');
    expect((await vtrix.getVideo(job)).id).toBe('12345678901234567890');
    await expect(vtrix.getVideo('12345678901234567891')).rejects.toThrow('another job');
  });

  it.each([
    ['{"id":"b","status":"queued"}', ['a', 'b'], 'b', 'b'],
    ['{"id":"b","status":"queued"}', ['b', 'b'], 'b', 'b'],
    ['{"id":"c","status":"queued"}', ['a', 'b'], 'c', 'a'],
    ['{"id":"  ","status":"queued"}', ['a'], 'a', 'a'],
    ['{"id', ['a', 'a'], 'a', 'a'],
    ['{"id', ['a', 'b'], 'a', 'a'],
  ])('is one of two x-inference-id headers, and not both: %s with %s', async (text, ids, id, inferenceId) => {
    const job = await create(
      text,
      ids.map((value): [string, string] => ['x-inference-id', value]),
    );
    expect(job).toMatchObject({ id, inferenceId });
  });

  it('is not rounded behind a text of 20 MB', async () => {
    const note = 'x\\\\'.repeat(5_000_000);
    expect((await create(`{"note":"${note}","id":12345678901234567890}`)).id).toBe('12345678901234567890');
  });

  it('is found behind 5 MB of something else', async () => {
    expect((await create(`{"echo":"${'x'.repeat(5 * 2 ** 20)}","id":"late","status":"queued"}`)).id).toBe(
      'late',
    );
  });

  it('with half a character gives the job', async () => {
    expect((await create('{"id":"a\\ud800","status":"queued"}')).id).toBe('a\ud800');
  });
});

describe('a fetch', () => {
  const calls: [string, (fetch: Fetch) => Promise<unknown>][] = [
    [
      'an image',
      (fetch) =>
        createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 }).generateImage(image, { timeoutMs: 30 }),
    ],
    [
      'a video',
      (fetch) =>
        createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 }).generateVideo(video, { timeoutMs: 30 }),
    ],
    [
      'a status',
      (fetch) => createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 }).getVideo('j', { timeoutMs: 30 }),
    ],
  ];
  const gifts: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a text', 'answer'],
    ['no headers', { status: 200, body: null }],
    ['a body without a reader', { status: 200, headers: new Headers(), body: {} }],
    [
      'a body whose reader throws and cannot be cancelled',
      {
        status: 200,
        headers: new Headers(),
        body: {
          getReader: () => ({
            read: () => {
              throw new Error('no');
            },
          }),
        },
      },
    ],
    [
      'headers that throw',
      {
        status: 200,
        headers: {
          get: () => {
            throw new Error('no');
          },
        },
        body: null,
      },
    ],
    ['headers of numbers', { status: 502, headers: { get: () => 5 }, body: null }],
    ['a status that is none', { status: '200', headers: new Headers(), body: null }],
  ];

  describe.each(calls)('for %s', (_, call) => {
    it.each(gifts)('that gives %s is an error of the call', async (__, gift) => {
      for (const lateMs of [0, 60]) {
        const unhandled = vi.fn();
        process.on('unhandledRejection', unhandled);
        onTestFinished(() => void process.off('unhandledRejection', unhandled));
        const give = async () => {
          if (lateMs > 0) await new Promise((resolve) => setTimeout(resolve, lateMs));
          return gift;
        };
        const error = await failure(call(give as Fetch));
        expect(error.name).toMatch(
          /^(OutcomeUnknownError|ConnectionError|RequestTimeoutError|ApiError|UnexpectedResponseError)$/,
        );
        // the late answer comes after the call has ended
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(unhandled).not.toHaveBeenCalled();
      }
    });

    it('that gives its answer too late has it closed, so that the connection is free again', async () => {
      const cancel = vi.fn(async () => {});
      const late = { status: 200, headers: new Headers(), body: { cancel } };
      const give = () => new Promise((resolve) => setTimeout(() => resolve(late), 60));
      const error = await failure(call(give as Fetch));
      expect(error.name).toMatch(/^(OutcomeUnknownError|RequestTimeoutError)$/);
      await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
    });
  });
});

it('an abort right after the last byte loses no paid answer', async () => {
  const controller = new AbortController();
  const bytes = new TextEncoder().encode('{"id":"paid-1","status":"queued"}');
  const chunks = [{ done: false, value: bytes }, { done: true }];
  const read = () => ({
    // biome-ignore lint/suspicious/noThenProperty: it aborts once its value was taken
    then(take: (chunk: unknown) => void) {
      const chunk = chunks.shift();
      take(chunk);
      if (chunk?.done) controller.abort(new Error('enough'));
    },
  });
  const give = async () => ({ status: 200, headers: new Headers(), body: { getReader: () => ({ read }) } });
  const wan = createWan({ apiKey: 'k-12345678', fetch: give as unknown as Fetch });
  expect((await wan.generateVideo(video, { signal: controller.signal })).id).toBe('paid-1');
});

describe('the most that is read of an answer', () => {
  /** Serves a JSON text of spaces, packed: 1,000 times as many come out. */
  async function listenBomb(megabytes: number, headers: Record<string, string> = {}) {
    const packed = gzipSync(Buffer.alloc(megabytes * 2 ** 20, ' '));
    const answer = (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers });
      response.end(packed);
    };
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  it.each(['fetch', 'undici'])(
    'is a few MiB, but for an image: over %s',
    async (kind) => {
      const undici = createUndiciFetch();
      onTestFinished(() => undici.close());
      const baseUrl = await listenBomb(64, { 'x-inference-id': 'paid-1' });
      const wan = createWan({
        apiKey: 'k-12345678',
        baseUrl,
        maxRetries: 0,
        ...(kind === 'undici' && { fetch: undici }),
      });
      const since = new Date().toISOString();
      expect((await failure(wan.getVideo('j'))).message).toMatch(/longer than 4194304 bytes/);
      expect((await failure(wan.findRequest({ clientRequestId: 'c', since }))).message).toMatch(
        /longer than 4194304 bytes/,
      );
      expect((await wan.generateVideo(video)).id).toBe('paid-1');
      // 64 MiB of an image are read, and are no image
      expect((await failure(wan.generateImage(image))).name).toBe('OutcomeUnknownError');
    },
    60_000,
  );

  it.each([
    [4 * 2 ** 20, false],
    [4 * 2 ** 20 + 1, true],
  ])('takes a status of %i bytes, or closes it: %s', async (length, isClosed) => {
    const job = '{"id":"j","status":"queued","note":"';
    const chunks = [new TextEncoder().encode(`${job.padEnd(length - 2, 'x')}"}`)];
    const cancel = vi.fn(async () => {});
    const read = async () => ({ done: chunks.length === 0, value: chunks.shift() });
    const body = { getReader: () => ({ read, cancel, releaseLock: () => {} }), cancel };
    const fetch: Fetch = async () => ({ status: 200, headers: new Headers(), body });
    const call = createWan({ apiKey: 'k-12345678', fetch, maxRetries: 0 }).getVideo('j');
    expect(await call.catch((error) => error.name)).toEqual(
      isClosed ? 'ConnectionError' : expect.objectContaining({ id: 'j' }),
    );
    expect(cancel).toHaveBeenCalledTimes(isClosed ? 1 : 0);
  });

  it('is enough for four pictures as base64', async () => {
    const data = Array.from({ length: 4 }, () => ({ b64_json: 'A'.repeat(12 * 2 ** 20) }));
    const { images } = await clientOf({ text: JSON.stringify({ data }) }).generateImage({
      ...image,
      num_images: 4,
    });
    expect(images).toHaveLength(4);
  });
});
