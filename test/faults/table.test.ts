import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ClientOptions,
  createWan,
  mayHaveBeenPaid,
  type RequestOptions,
  type Wan,
} from '../../src/index.js';
import { createFakeApi, type FakeApi, type FakeServer, type Fault } from '../../src/testing.js';
import { createUndiciFetch } from '../../src/undici.js';
import { listenBadly } from '../listeners.js';
import { listenHttp2, speaksHttp2 } from './http2-server.js';

/** The sending table on real sockets: for each row, what each call ends in and how often it was paid for. */
interface Row {
  name: string;
  fault?: Fault;
  /** How each call ends: `ok`, or an error's name. */
  image: string;
  video: string;
  status: string;
  /** Creates that the API accepted, per call, whatever the client made of it. */
  paid: { image: number; video: number };
  options?: RequestOptions;
}

const impatient = { timeoutMs: 250 };
const paidOnce = { image: 1, video: 1 };
const never = { image: 0, video: 0 };
const path = {
  image: '/v1/images/generations',
  video: '/v2/video/generations',
  status: '/v2/video/generations',
};

const rows: Row[] = [
  {
    name: 'no fault',
    image: 'ok',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'reset before it counts',
    fault: { kind: 'reset' },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: never,
  },
  {
    name: 'reset after it was accepted',
    fault: { kind: 'reset', accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'no answer, accepted',
    fault: { kind: 'stall', accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
    options: impatient,
  },
  {
    name: 'body cut',
    fault: { kind: 'cut' },
    image: 'OutcomeUnknownError',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'body cut at once',
    fault: { kind: 'cut', afterBytes: 0 },
    image: 'OutcomeUnknownError',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'body cut, no x-inference-id',
    fault: { kind: 'cut', withoutInferenceId: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'body stalls',
    fault: { kind: 'stall-body' },
    image: 'OutcomeUnknownError',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
    // the headers, which have the id, must come within that on a loaded machine too
    options: { timeoutMs: 1_500 },
  },
  {
    name: 'broken JSON',
    fault: { kind: 'broken-json' },
    image: 'OutcomeUnknownError',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'broken JSON, no x-inference-id',
    fault: { kind: 'broken-json', withoutInferenceId: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: 'empty 200',
    fault: { kind: 'answer', status: 200, body: '', accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '204',
    fault: { kind: 'answer', status: 204, accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '200 with HTML',
    fault: { kind: 'html', status: 200, accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '200 with unusable JSON',
    fault: { kind: 'answer', status: 200, body: {}, accepted: true },
    image: 'UnexpectedResponseError',
    video: 'UnexpectedResponseError',
    status: 'UnexpectedResponseError',
    paid: paidOnce,
  },
  {
    name: '429',
    fault: { kind: 'rate-limit', times: 2 },
    image: 'ok',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '429 with a Retry-After over 60 s',
    fault: { kind: 'rate-limit', retryAfterSeconds: 61 },
    image: 'RateLimitError',
    video: 'RateLimitError',
    status: 'RateLimitError',
    paid: never,
  },
  {
    name: '500 of the API',
    fault: { kind: 'error', status: 500 },
    image: 'ok',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '503 of the API, older form',
    fault: { kind: 'error', status: 503, form: 'legacy' },
    image: 'ok',
    video: 'ok',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '502 of the API',
    fault: { kind: 'error', status: 502 },
    image: 'ApiError',
    video: 'ApiError',
    status: 'ok',
    paid: never,
  },
  {
    name: '504 of the API',
    fault: { kind: 'error', status: 504, message: 'Generation timeout' },
    image: 'ApiError',
    video: 'ApiError',
    status: 'ok',
    paid: never,
  },
  {
    name: '500 of a proxy, in JSON',
    fault: {
      kind: 'answer',
      status: 500,
      body: { title: 'Error', status: 500, error: { name: 'Proxy' }, instance: '/elsewhere' },
      accepted: true,
    },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '502 with HTML, accepted',
    fault: { kind: 'html', accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '524 with HTML',
    fault: { kind: 'html', status: 524 },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: never,
  },
  {
    name: '408',
    fault: { kind: 'html', status: 408, accepted: true },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: paidOnce,
  },
  {
    name: '425',
    fault: { kind: 'html', status: 425 },
    image: 'OutcomeUnknownError',
    video: 'OutcomeUnknownError',
    status: 'ok',
    paid: never,
  },
  {
    name: '307',
    fault: { kind: 'answer', status: 307, headers: { location: '/v1/elsewhere' } },
    image: 'ApiError',
    video: 'ApiError',
    status: 'ApiError',
    paid: never,
  },
  {
    name: '401 of the API',
    fault: { kind: 'error', status: 401 },
    image: 'AuthenticationError',
    video: 'AuthenticationError',
    status: 'AuthenticationError',
    paid: never,
  },
  {
    name: '403 of the API',
    fault: { kind: 'error', status: 403, data: { kind: 'err_unverified_card' } },
    image: 'PermissionError',
    video: 'PermissionError',
    status: 'PermissionError',
    paid: never,
  },
  {
    name: '403, out of credits',
    fault: { kind: 'error', status: 403, data: { kind: 'err_insufficent_credits' } },
    image: 'InsufficientCreditsError',
    video: 'InsufficientCreditsError',
    status: 'InsufficientCreditsError',
    paid: never,
  },
  {
    name: '422',
    fault: { kind: 'error', status: 422 },
    image: 'ApiError',
    video: 'ApiError',
    status: 'ApiError',
    paid: never,
  },
];

function runTable(listen: (api: FakeApi) => Promise<FakeServer>, options: ClientOptions = {}): void {
  const api = createFakeApi({ videoSeconds: 0 });
  let server: FakeServer;
  let wan: Wan;
  let videoId: string;
  beforeAll(async () => {
    server = await listen(api);
    wan = createWan({ apiKey: 'test-key-of-the-table', baseUrl: server.url, ...options });
    videoId = (await calls.video()).id;
  });
  afterAll(() => server.close());

  const calls = {
    image: (options?: RequestOptions) =>
      wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x', image_size: 'square' }, options),
    video: (options?: RequestOptions) =>
      wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }, options),
    order: async (options?: RequestOptions) =>
      wan.startVideo(await wan.orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }), options),
    status: (options?: RequestOptions) => wan.getVideo(videoId, options),
  };

  for (const row of rows) {
    for (const call of ['image', 'video', 'order', 'status'] as const) {
      // an order is paid for as any video is
      const route = call === 'order' ? 'video' : call;
      it(`${row.name}: ${call} ends in ${row[route]}`, async () => {
        const before = api.generations;
        const seen = api.requests.length;
        if (row.fault) api.fault({ path: path[route], ...row.fault, on: route });
        const error = await calls[call](row.options).then(
          () => undefined,
          (thrown) => thrown,
        );
        const ending = error?.name ?? 'ok';
        const sent = api.requests.length - seen;
        api.clearFaults();
        expect(ending).toBe(row[route]);
        const paid = api.generations - before;
        expect(paid).toBe(route === 'status' ? 0 : row.paid[route]);
        if (error && paid > 0) expect(mayHaveBeenPaid(error)).toBe(true);
        if (ending === 'OutcomeUnknownError') expect(sent).toBe(1);
      });
    }
  }
}

describe('the sending table, over HTTP/1.1', () => runTable((api) => api.listen()));

describe('the sending table, with tracing listeners that throw', () => {
  let stop = () => {};
  beforeAll(() => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    stop = listenBadly();
  });
  afterAll(() => {
    stop();
    vi.restoreAllMocks();
  });
  runTable((api) => api.listen());
});

describe('the sending table, through aimlapi-wan/undici', () =>
  runTable((api) => api.listen(), { fetch: createUndiciFetch() }));

const title = 'the sending table, over HTTP/2';
describe.runIf(speaksHttp2)(
  speaksHttp2 ? title : `${title}: only from Node 26 on, whose fetch speaks it`,
  () => {
    const versions: Set<string>[] = [];
    runTable(async (api) => {
      const server = await listenHttp2(api);
      versions.push(server.versions);
      return server;
    });

    it('was indeed spoken', () => {
      expect(versions.flatMap((seen) => [...seen])).toEqual(['2.0']);
    });
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

const transports = [
  { by: 'Node’s fetch', options: {} },
  { by: 'aimlapi-wan/undici', options: { fetch: createUndiciFetch() } },
];

describe.each(transports)('a connection that never comes to be, with $by', ({ options }) => {
  it('is tried again, and then sent once', async () => {
    const port = await freePort();
    const tries: (string | undefined)[] = [];
    const late = createFakeApi();
    let listening: FakeServer | undefined;
    const patient = createWan({
      apiKey: 'k-12345678',
      baseUrl: `http://127.0.0.1:${port}`,
      ...options,
      onAttempt: ({ error }) => {
        tries.push(error);
        // the API comes up after the second refusal
        if (tries.length === 2) void late.listen({ port }).then((up) => (listening = up));
      },
    });
    const job = await patient.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
    expect(job.state).toBe('running');
    expect(tries.slice(0, 2).every((error) => error?.includes('ECONNREFUSED'))).toBe(true);
    expect(late.generations).toBe(1);
    await listening?.close();
  });

  it('ends in a ConnectionError with the number of attempts when it stays so', async () => {
    const lost = createWan({
      apiKey: 'k-12345678',
      baseUrl: 'http://localhost.invalid',
      maxRetries: 1,
      ...options,
    });
    await expect(lost.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' })).rejects.toMatchObject({
      name: 'ConnectionError',
      attempts: 2,
      method: 'POST',
    });
  });
});

describe.each(transports)(
  '421, at which Node’s fetch sends a request again by itself, with $by',
  ({ options }) => {
    it('is an ApiError for a create, which is sent once', async () => {
      const api = createFakeApi();
      const server = await api.listen();
      const wan = createWan({ apiKey: 'k-12345678', baseUrl: server.url, ...options });
      const fault: Fault = { kind: 'answer', status: 421, accepted: true, body: {}, times: 2 };
      const creates = [
        () => wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'ä'.repeat(9) }),
        () => wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' }),
      ];
      for (const create of creates) {
        const before = api.generations;
        api.fault(fault);
        await expect(create()).rejects.toMatchObject({ name: 'ApiError', status: 421 });
        expect(api.generations).toBe(before + 1);
        api.clearFaults();
        await create();
      }
      expect(api.requests.map(({ headers }) => headers['transfer-encoding'])).toEqual(
        Array(4).fill(undefined),
      );
      expect(api.requests[0]?.body).toMatchObject({ prompt: 'ä'.repeat(9) });
      await server.close();
    });
  },
);

describe.each(transports)('an answer in the API’s own words that breaks off, with $by', ({ options }) => {
  it('proves nothing: a create is not sent again', async () => {
    let arrived = 0;
    const body = JSON.stringify({ instance: path.video, error: { name: 'X', message: 'busy' } });
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        arrived += 1;
        socket.end(`HTTP/1.1 503 Busy\r\nContent-Length: ${body.length + 9}\r\n\r\n${body}`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const wan = createWan({ apiKey: 'k-12345678', baseUrl, maxRetries: 2, ...options });
    const create = wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    await expect(create).rejects.toMatchObject({ name: 'OutcomeUnknownError', status: 503 });
    expect(arrived).toBe(1);
    server.close();
  });
});

describe.each(transports)('TLS, with $by', ({ by, options }) => {
  const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
  const endingOf = (baseUrl: string) =>
    createWan({ apiKey: 'k-12345678', baseUrl, maxRetries: 1, ...options })
      .generateVideo(video)
      .catch((error) => error);

  it('that cannot start, at a server without it, means that nothing left', async () => {
    const api = createFakeApi();
    const server = await api.listen();
    const error = await endingOf(server.url.replace('http:', 'https:'));
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 2 });
    expect(api.requests).toEqual([]);
    await server.close();
  });

  it('with a certificate that is not the host’s means that nothing left', async () => {
    const api = createFakeApi();
    // the certificate names localhost and 127.0.0.1
    const server = await listenHttp2(api, '127.0.0.2');
    const error = await endingOf(server.url);
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 2 });
    expect(api.requests).toEqual([]);
    await server.close();
  });

  it.runIf(speaksHttp2 && by === 'Node’s fetch')(
    'that breaks after the create arrived leaves the outcome unknown',
    async () => {
      const api = createFakeApi();
      const server = await listenHttp2(api);
      const target = Number(new URL(server.url).port);
      // speaks plainly in the place of the answer, as a gateway does that has lost its way
      const proxy = createServer((client) => {
        const upstream = connect(target, '127.0.0.1');
        client.on('error', () => {}).on('close', () => upstream.destroy());
        client.on('data', (data) => upstream.write(data));
        upstream.on('error', () => {});
        upstream.on('data', (data) => {
          client.write(
            api.generations === 0 ? data : 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n',
          );
        });
      }).listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const address = proxy.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      expect(await endingOf(`https://localhost:${port}`)).toMatchObject({ name: 'OutcomeUnknownError' });
      expect(api.generations).toBe(1);
      proxy.close();
      await server.close();
    },
  );
});

/** Words in which Node 20 to 26 refuse what their fetch was given; each is made when needed, by the address. */
const argumentErrors: [string, (url: string) => Error][] = [
  [
    'a signal of another realm',
    () => new TypeError('RequestInit: Expected signal ("AbortSignal {}") to be an instance of AbortSignal.'),
  ],
  [
    'a signal that is none',
    () => new TypeError("Failed to construct 'Request': member signal is not of type AbortSignal."),
  ],
  [
    'a field of its options',
    () => new TypeError('Request constructor: x is not an accepted type. Expected one of follow, manual.'),
  ],
  ['a blocked port', () => new TypeError('fetch failed', { cause: new Error('bad port') })],
  [
    'an address',
    (url) => {
      const cause = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
      return new TypeError(`Failed to parse URL from ${url}`, { cause });
    },
  ],
];

/** Errors that are no proof: a wrapper of fetch may meet them after the request was sent. */
const otherErrors: [string, () => Error][] = [
  ['headers', () => new TypeError('Headers.append: "x a" is an invalid header name.')],
  [
    'an address of its own',
    () =>
      new TypeError('Failed to parse URL from /telemetry', {
        cause: Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }),
      }),
  ],
  [
    'its own dispatcher',
    () =>
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('invalid upgrade header'), { code: 'UND_ERR_INVALID_ARG' }),
      }),
  ],
  ['a request that was used', () => new TypeError('Cannot construct a Request with one that was used.')],
  ['an Error with such words', () => new Error('RequestInit: Expected signal.')],
  ['a cause of that name with a code', () => toFailed({ code: 'ECONNRESET', message: 'bad port' })],
  ['a cause that throws when it is read', () => toFailed(unreadable('code'))],
  ['a list of causes that throw when they are read', () => toFailed({ errors: [unreadable('syscall')] })],
];

function toFailed(cause: object): Error {
  return new TypeError('fetch failed', { cause });
}

function unreadable(name: string): object {
  return Object.defineProperty({}, name, {
    get() {
      throw new Error('not to be read');
    },
  });
}

describe('fetch refuses what it was given', () => {
  const job = { provider: 'aimlapi', id: 'v1', state: 'running', status: 'queued', raw: {} } as const;
  const facts = { clientRequestId: 'c1', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' };
  const image = { model: 'wan2.5-t2i-preview', prompt: 'x' } as const;
  const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
  /** Ports that fetch blocks: nothing is ever sent there. */
  const blocked = 'http://127.0.0.1:6000';

  function callsOf(wan: Wan) {
    return {
      image: () => wan.generateImage(image),
      video: () => wan.generateVideo(video),
      status: () => wan.getVideo(job),
      log: () => wan.recoverVideo(facts),
    };
  }

  describe.each(argumentErrors)('over %s', (_, toError) => {
    it.each(['image', 'video', 'status', 'log'] as const)(
      'the global one: %s is a ConnectionError at once, and nothing is repeated',
      async (name) => {
        const fetch = vi.fn(async (url: string) => {
          throw toError(url);
        });
        vi.stubGlobal('fetch', fetch);
        const error = await callsOf(createWan({ apiKey: 'k-12345678' }))
          [name]()
          .catch((thrown) => thrown);
        expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1 });
        expect(error.message).toContain('Nothing was sent');
        expect(fetch).toHaveBeenCalledTimes(1);
      },
    );

    it('the global one: a wait ends at once, with the job', async () => {
      const fetch = vi.fn(async (url: string) => {
        throw toError(url);
      });
      vi.stubGlobal('fetch', fetch);
      const wan = createWan({ apiKey: 'k-12345678' });
      const error = await wan.pollUntilDone(job).catch((thrown) => thrown);
      expect(error).toMatchObject({ name: 'PollStoppedError', job: { id: 'v1' } });
      expect(error.cause.name).toBe('ConnectionError');
      expect(fetch).toHaveBeenCalledTimes(1);
    });

    it('an options.fetch: a create may have been paid for, a status check is repeated', async () => {
      const fetch = vi.fn(async (url: string) => {
        throw toError(url);
      });
      const { image, video, status } = callsOf(createWan({ apiKey: 'k-12345678', fetch, maxRetries: 1 }));
      await expect(image()).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
      await expect(video()).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
      expect(fetch).toHaveBeenCalledTimes(2);
      await expect(status()).rejects.toMatchObject({ name: 'ConnectionError', attempts: 2 });
    });
  });

  it.each(otherErrors)('an error over %s proves nothing, of the global one either', async (_, toError) => {
    const fetch = vi.fn(() => Promise.reject(toError()));
    vi.stubGlobal('fetch', fetch);
    const { image, video, status } = callsOf(createWan({ apiKey: 'k-12345678', maxRetries: 1 }));
    await expect(image()).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
    await expect(video()).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
    expect(fetch).toHaveBeenCalledTimes(2);
    await expect(status()).rejects.toMatchObject({ name: 'ConnectionError', attempts: 2 });
  });

  it('a blocked port, really: every call ends at once, a file too', async () => {
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: blocked });
    for (const call of Object.values(callsOf(wan))) {
      const error = await call().catch((thrown) => thrown);
      expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1 });
      expect(error.message).toContain('bad port');
    }
    await expect(wan.pollUntilDone(job)).rejects.toMatchObject({ name: 'PollStoppedError' });
    const fetch = vi.spyOn(globalThis, 'fetch');
    await expect(wan.download(`${blocked}/a.mp4`)).rejects.toMatchObject({ name: 'DownloadError' });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe('without a global fetch', () => {
  const job = { provider: 'aimlapi', id: 'v1', state: 'running', status: 'queued', raw: {} } as const;
  const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;

  it('every call that would send something is a TypeError', async () => {
    const wan = createWan({ apiKey: 'k-12345678' });
    vi.stubGlobal('fetch', undefined);
    const order = await wan.orderVideo(video);
    const calls = [
      wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' }),
      wan.generateVideo(video),
      wan.getVideo(job),
      wan.pollUntilDone(job),
      wan.recoverVideo({ clientRequestId: 'c1', startedAt: new Date().toISOString(), model: video.model }),
      wan.findRequest({ clientRequestId: 'c1', since: new Date() }),
      wan.startVideo(order),
      wan.startVideo({ ...order, clientRequestId: 'c2' }, { again: true }),
      wan.checkVideo(job),
      wan.download('https://an.example/a.png'),
    ];
    for (const call of calls) {
      const error = await call.catch((thrown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^Cannot send anything: there is no global fetch\./);
    }
  });

  it('what sends nothing works', async () => {
    const wan = createWan({ apiKey: 'k-12345678' });
    vi.stubGlobal('fetch', undefined);
    await expect(wan.download({ base64: 'iVBORw0KGgo=' })).resolves.toHaveLength(8);
    const api = createFakeApi();
    const own = createWan({ apiKey: 'k-12345678', fetch: api.fetch });
    await expect(own.generateVideo(video)).resolves.toMatchObject({ state: 'running' });
  });

  it('that is gone while a wait goes on, the wait ends with the job', async () => {
    const api = createFakeApi();
    vi.stubGlobal('fetch', api.fetch);
    const wan = createWan({ apiKey: 'k-12345678' });
    const started = await wan.generateVideo(video);
    const sleep = async () => {
      if (api.requests.length > 1) vi.stubGlobal('fetch', undefined);
    };
    const error = await wan.pollUntilDone(started, { sleep }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'PollStoppedError', job: { id: started.id } });
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});
