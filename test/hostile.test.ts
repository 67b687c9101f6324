import { once } from 'node:events';
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  ApiError,
  createWan,
  type Fetch,
  type FetchResponse,
  toDataUri,
  type Video,
  type VideoJob,
  type Wan,
} from '../src/index.js';
import { createUndiciFetch } from '../src/undici.js';
import { createVtrix } from '../src/vtrix.js';

/** Pieces of what the library looks for, and of what its messages quote. */
const pieces = [
  ...['<title', '<title>', '<', '>', '<title a', '<html>', '<?xml ', '<Error>', '</', '{', '[', '"', "'"],
  ...['?', '?a ', '?key', '?sig=', 'key', 'token', 'http://', 'https://', 'https:/', '://', '//', '/'],
  ...['///x', '@', '//@', '#', '\\', 'data:', 'data:,', ';base64,', 'data:image/png;base64,', ':', '::'],
  ...['Bearer ', 'Bearer', 'Basic ', 'a-', 'a.', '.', '..', '../', '1:', ';', ',', '&', 'a=b&', '%', '%2'],
  ...['=', '==', '+', '*', '_', ' ', '\t', '\n', '\r\n', '\n ', '\u2028', '\x7f', '\u00e9', '\u0301'],
  ...['\ud800', '\u{1f600}', '\ufeff', '0', '12', '1.', '-1', '1e', '0x1', 'Jan ', '2024-01-01T', 'GMT'],
  ...['bytes 0-', 'bytes */', 'gzip,', 'x', 'Z0', 'aB1', 'aB1+', 'iVBOR', '/9j/', 'localhost.', '127.'],
  ...['xn--', 'alibaba/', 'wan-', 'failed ', 'done', 'insuffi', 'insufficent_', 'out of ', '/v1'],
  ...['/v2/', '$&', '*** ', '\n    at a (b:1:1)'],
];
/** What a repeated piece may stand behind, and what may end it. */
const frames = [
  ['', ''],
  ['', 'x'],
  ['xn--', '\n'],
  ['?', ' '],
] as const;

function repeat(piece: string, length: number, [before, after]: readonly [string, string]): string {
  const text = before + piece.repeat(Math.ceil(length / piece.length)).slice(0, length) + after;
  // in one piece: what the library does with it is measured, and not the joining
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

const key = 'sk-0123456789';
const image = { model: 'wan-2-7-image', prompt: 'x' } as const;
const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const vtrixVideo = { model: 'wan22_t2v_plus', input: { prompt: 'x' } } as const;
const job: VideoJob = { provider: 'aimlapi', id: 'job', state: 'running', status: 'queued', raw: undefined };
const paths = {
  image: '/v1/images/generations',
  video: '/v2/video/generations',
};
const open = { allowPrivateHosts: true, stallTimeoutMs: 60_000 };

/** A fetch whose answers hold what no socket would carry: headers of any length, for one. */
function answering(
  status: number,
  body: string,
  header: (name: string) => string | null = () => null,
): Fetch {
  const bytes = new TextEncoder().encode(body);
  const headers = { get: header };
  return async (): Promise<FetchResponse> => {
    const read = async () => ({ done: false, value: chunks.shift() });
    const chunks = [bytes];
    const reader = { read, cancel: async () => {}, releaseLock: () => {} };
    return { status, headers, body: { getReader: () => reader, cancel: async () => {} } };
  };
}

const throwing =
  (thrown: unknown): Fetch =>
  () =>
    Promise.reject(thrown);
const client = (fetch: Fetch): Wan => createWan({ apiKey: key, fetch, maxRetries: 0 });
const vtrix = (fetch: Fetch) => createVtrix({ apiKey: key, fetch, maxRetries: 0 });

type Call = () => unknown;

/** An answer in JSON whose fields share the text, so that all of it is no longer than what is read of an answer. */
function answeringJson(status: number, text: string, toBody: (part: string) => object): Fetch {
  return answering(status, JSON.stringify(toBody(text.slice(0, text.length / 8))));
}

/** Answers and errors, as a function of the hostile text: gives the call that meets it. */
const received: Record<string, (text: string) => Call> = {
  'a page of a gateway': (text) => {
    const wan = client(answering(502, text));
    return () => wan.generateVideo(video);
  },
  'a page for a success': (text) => {
    const wan = client(answering(200, text));
    return () => wan.getVideo('job');
  },
  'a refusal of the API': (text) => {
    const error = (part: string) => ({
      name: part,
      message: part,
      code: part,
      data: [{ path: [part], message: `${part}.` }],
    });
    const wan = client(
      answeringJson(403, text, (part) => ({ error: error(part), instance: paths.image, title: part })),
    );
    return () => wan.generateImage(image);
  },
  'a refusal in the older form': (text) => {
    const toBody = (part: string) => ({ path: `${paths.image}?${part}`, message: [part, part], code: part });
    const wan = client(answeringJson(400, text, (part) => ({ ...toBody(part), statusCode: 400 })));
    return () => wan.generateImage(image);
  },
  'words, addresses and numbers of a job': (text) => {
    const toBody = (part: string) => ({
      id: 'job',
      status: part,
      error: { message: part, code: part, data: { kind: part } },
      video: { url: `https://a.b/?${part}` },
      duration: part,
    });
    const wan = client(answeringJson(200, text, toBody));
    return () => wan.getVideo(job);
  },
  'a job that failed': (text) => {
    const toBody = (part: string) => ({ id: 'job', status: 'failed', error: { message: part, code: part } });
    const wan = client(answeringJson(200, text, toBody));
    return () => wan.pollUntilDone(job, { intervalMs: 1, sleep: async () => {} });
  },
  'an id': (text) => {
    const wan = client(answering(200, JSON.stringify({ id: text, status: 'failed', error: 'x' })));
    return async () => wan.pollUntilDone(await wan.generateVideo(video));
  },
  'a stored job': (text) => {
    const wan = client(answering(401, JSON.stringify({ statusCode: 401, path: paths.video })));
    const stored = { ...job, id: text, status: text, statusPath: text, createdAt: text, model: text };
    return () => wan.pollUntilDone(stored, { intervalMs: 1, maxWaitMs: 1, sleep: async () => {} });
  },
  pictures: (text) => {
    const toBody = (part: string) => ({
      data: [{ url: `https://a.b/${part}` }, { url: `https://a.b/?Expires=${part}`, b64_json: part }],
      created: part,
      meta: { usage: { credits_used: part } },
    });
    const wan = client(answeringJson(200, text, toBody));
    return () => wan.generateImage(image);
  },
  'rows of the log': (text) => {
    const toRow = (part: string) => ({
      created: part,
      model: part,
      inference_id: part,
      client_request_id: part,
      status: part,
      cost: { usd: part },
    });
    const wan = client(answeringJson(200, text, (part) => ({ data: [toRow(part)] })));
    return () => wan.findRequest({ clientRequestId: 'x', since: new Date(), model: 'x' });
  },
  'the headers of a refusal': (text) => {
    const wan = client(answering(429, '', () => text));
    return () => wan.generateVideo(video);
  },
  'the headers of a success': (text) => {
    const wan = client(answering(200, '{"data":[{"url":"https://a.b"}]}', () => text));
    return () => wan.generateImage(image);
  },
  'the error of a fetch': (text) => {
    const cause = Object.assign(new Error(text), { code: text, syscall: text });
    const wan = client(throwing(new TypeError('fetch failed', { cause })));
    return () => wan.generateVideo(video);
  },
  'the errors of a fetch': (text) => {
    const wan = client(throwing(new AggregateError([new Error(text), { text }], text)));
    return () => wan.getVideo('job');
  },
  'a text that a fetch throws': (text) => {
    const wan = client(throwing(text));
    return () => wan.generateVideo(video);
  },
  'an error of a fetch with an answer in it': (text) => {
    const wan = client(throwing(Object.assign(new Error('failed'), { body: text, list: [text, [text]] })));
    return () => wan.generateVideo(video);
  },
  'a refusal of Vtrix': (text) => {
    const toBody = (part: string) => ({ error: { code: part, message: part }, request_id: part });
    const refused = vtrix(answeringJson(403, text, toBody));
    return () => refused.generateVideo(vtrixVideo);
  },
  'a job of Vtrix': (text) => {
    const toFields = (part: string) => ({
      id: 'job',
      status: part,
      error_message: part,
      output: [{ content: [{ type: part }, { type: 'video', url: `https://a.b/${part}`, jobId: part }] }],
      created_at: part,
    });
    const running = vtrix(answeringJson(200, text, (part) => ({ data: toFields(part) })));
    return () => running.getVideo({ ...job, provider: 'vtrix' });
  },
  'an answer of Vtrix without an id': (text) => {
    const empty = vtrix(answering(200, JSON.stringify({ error: { message: text } })));
    return () => empty.generateVideo(vtrixVideo);
  },
  'the headers of a file': (text) => {
    const wan = client(answering(206, '', () => text));
    return () => wan.download('https://a.b/c', open);
  },
  'the type and the length of a file': (text) => {
    const wan = client(answering(200, '', (name) => (/type|length/.test(name) ? text : null)));
    return () => wan.download('https://a.b/c', open);
  },
  'the address that a file moved to': (text) => {
    const moved = (to: string) => client(answering(302, '', (name) => (name === 'location' ? to : null)));
    const clients = [moved(text), moved(`https://${text}`), moved(`https://a.b/?${text}`)];
    return () => Promise.allSettled(clients.map((each) => each.download('https://a.b/c', open)));
  },
  'a page in place of a file': (text) => {
    const wan = client(answering(200, text));
    const media = { id: 'job', provider: 'aimlapi', url: 'https://a.b/c', raw: {} } satisfies Video;
    return () => wan.download(media, open);
  },
  'an address of many parts whose file fails': (text) => {
    const wan = client(throwing(new Error(text)));
    const query = text.slice(0, 60_000).replaceAll('#', '&');
    return () => wan.download(`https://a.b/?${query}&abcdefghij=${query}`, open);
  },
};

const nothing = client(throwing(new Error('it was sent')));

/** A call with what its types would not let through. */
const passed =
  (call: (...values: never[]) => unknown, ...values: unknown[]): Call =>
  () =>
    Reflect.apply(call, undefined, values);

/** What a caller may pass, often without having made it. */
const given: Record<string, (text: string) => Call> = {
  'fields of an input': (text) =>
    passed(nothing.generateImage, { ...image, prompt: text, image_size: text, seed: text, [text]: 1 }),
  'pictures of an input': (text) =>
    passed(nothing.generateImage, {
      ...image,
      image_urls: [text, `https://${text}`, `data:image/png;base64,${text}`],
    }),
  'a model': (text) => passed(nothing.generateImage, { model: text }),
  'a model that is not checked': (text) => passed(nothing.generateImageUnchecked, { model: text }),
  'the id of a request': (text) => passed(nothing.generateImage, image, { clientRequestId: text }),
  'the address of a file': (text) => passed(nothing.download, text, open),
  'the host of a file': (text) => passed(nothing.download, `https://${text}`, open),
  'a place on the disk': (text) => passed(toDataUri, text),
  'a base URL': (text) => passed(createWan, { baseUrl: `https://a.b/${text}x` }),
  'a key': (text) =>
    passed(createWan({ apiKey: text, fetch: answering(500, ''), maxRetries: 0 }).getVideo, 'job'),
  'the name of a header': (text) => passed(createWan, { headers: { [text]: 'x' } }),
  'the value of a header': (text) => passed(createWan, { headers: { authorization: text } }),
  'a number': (text) => passed(createWan, { timeoutMs: text }),
  'a time': (text) => passed(nothing.findRequest, { clientRequestId: 'x', since: text }),
  'a provider': (text) => passed(nothing.getVideo, { ...job, provider: text }),
  'a style': (text) => passed(createVtrix, { bodyStyle: text }),
  'a proxy': (text) => passed(createUndiciFetch, { proxy: `http://${text}` }),
  // no connection is tried: each is too long
  'an address for undici': (text) =>
    passed(createUndiciFetch(), `http://${text}`, {
      method: 'GET',
      headers: {},
      signal: new AbortController().signal,
    }),
};

/** Runs a call until it is settled; gives what it threw, and its milliseconds of CPU: others may use the machine. */
async function run(call: Call): Promise<{ ms: number; error: unknown }> {
  const before = process.cpuUsage();
  const error = await Promise.resolve()
    .then(call)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, error };
}

/** What a log prints of an error, with all its causes. */
function logged(error: unknown): string {
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  return [inspect(error), message, stack, cause === undefined ? '' : logged(cause)].join('\n');
}

const aMillion = 1_000_000;
/** A garbage collection takes as long. */
const noiseMs = 3;

/** How much longer twice the text takes; 2 where the time grows with the length, 4 where it grows with its square. */
async function growthOf(make: (text: string) => Call, piece: string, frame: (typeof frames)[number]) {
  let lowest = Infinity;
  let length = aMillion / 16;
  const timeOf = async (chars: number) => (await run(make(repeat(piece, chars, frame)))).ms;
  // what takes the square of a long text would take minutes
  while (length < aMillion / 2 && (await timeOf(length)) < 50) length *= 2;
  let [once, twice] = [Infinity, Infinity];
  // now and then one is slow, so the least of each is compared
  for (let round = 0; round < 20 && lowest >= 3; round += 1) {
    once = Math.min(once, await timeOf(length));
    twice = Math.min(twice, await timeOf(length * 2));
    lowest = (twice + noiseMs) / (once + noiseMs);
  }
  return lowest;
}

describe.each(Object.entries({ ...received, ...given }))('hostile text as %s', (_, make) => {
  test('takes time that grows with its length, and no faster', { timeout: 600_000 }, async () => {
    const length = aMillion / 16;
    const texts = pieces.map((piece, index) => [piece, frames[index % frames.length] ?? frames[0]] as const);
    await run(make(repeat('x', length, frames[0])));
    const times: { ms: number; piece: string; frame: (typeof frames)[number] }[] = [];
    for (const [piece, frame] of texts) {
      const call = make(repeat(piece, length, frame));
      times.push({ ms: Math.min((await run(call)).ms, (await run(call)).ms), piece, frame });
    }
    const slowest = times.sort((a, b) => b.ms - a.ms).slice(0, 3);
    for (const { piece, frame } of slowest) {
      const growth = await growthOf(make, piece, frame);
      expect(growth, `${JSON.stringify(piece)} in a row, between ${JSON.stringify(frame)}`).toBeLessThan(3);
    }
  });

  test('fills no error and no log', { timeout: 60_000 }, async () => {
    for (const piece of ['x', 'aB1 ', '?a ', 'https://a.b/c/', 'Bearer x ', key]) {
      const { error } = await run(make(repeat(piece, aMillion, frames[0])));
      expect(logged(error).length).toBeLessThan(300_000);
    }
  });
});

test('the message of an error that was cut says how long it was, and the body holds all of it', async () => {
  const message = 'x'.repeat(aMillion / 2);
  const body = { error: { name: 'BadRequest', message }, instance: paths.image };
  const { error } = await run(() => client(answering(400, JSON.stringify(body))).generateImage(image));
  expect(error instanceof ApiError && error.body).toEqual(body);
  expect(String(error)).toMatch(/x… \(\d+ characters\)$/);
  expect(String(error)).toContain(String(message.length).slice(0, 3));
});

test.each([100, 1_950, 1_999, 2_000, 7_990, 7_999, 8_000, 20_000])(
  'a key behind %i characters of a message does not show, whole or in part',
  async (length) => {
    for (const filler of ['x', `${key} `, '?key=1 ']) {
      const whole = filler.repeat(Math.floor(length / filler.length));
      const message = `${whole.padEnd(length, '.')}${key}${'y'.repeat(20_000)}`;
      const body = JSON.stringify({ error: { name: 'BadRequest', message }, instance: paths.image });
      for (const fetch of [answering(400, body), throwing(new Error(message)), throwing(message)]) {
        const { error } = await run(() => client(fetch).generateImage(image));
        expect(logged(error)).not.toContain(key.slice(0, 5));
      }
    }
  },
);

test('an answer that is packed a thousand times is refused, and not unpacked', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip,'.repeat(1_000) }).end('x');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  await using fetch = createUndiciFetch();
  const { error } = await run(() =>
    createWan({ apiKey: key, baseUrl, fetch, maxRetries: 0 }).getVideo('job'),
  );
  expect(String(error)).toContain('the answer is packed as "gzip,gzip,');
});
