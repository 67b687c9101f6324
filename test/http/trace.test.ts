import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Trace } from '../../src/base/trace.js';
import { CreateTrace } from '../../src/http/trace.js';
import { createWan, mayHaveBeenPaid, OutcomeUnknownError } from '../../src/index.js';
import { createFakeApi, type Fault } from '../../src/testing.js';
import { createVtrix } from '../../src/vtrix.js';
import { listen, listenBadly, note } from '../listeners.js';

const video = { model: 'wan2.2-t2v-plus', prompt: 'a private wish', seed: 7 } as const;
const picture = { model: 'wan2.2-t2i-plus', prompt: 'a private wish', num_images: 2 } as const;
const key = 'key-of-a-test-that-nobody-may-see';

function client(fault?: Fault) {
  const api = createFakeApi({ apiKey: key, videoSeconds: 0 });
  if (fault) api.fault(fault);
  return { api, wan: createWan({ apiKey: key, fetch: api.fetch, maxRetries: 1 }) };
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function noteUntilTheEnd(channel: Parameters<typeof note>[0]) {
  const { seen, stop } = note(channel);
  ends.push(stop);
  return seen;
}

describe('aimlapi-wan:create', () => {
  test('tells of a video by the names of OpenTelemetry', async () => {
    const seen = noteUntilTheEnd('create');
    const job = await client().wan.generateVideo(video);
    expect(seen.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(new Set(seen.map(({ trace }) => trace)).size).toBe(1);
    const atStart = {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'aimlapi',
      'gen_ai.request.model': 'alibaba/wan2.2-t2v-plus',
      'gen_ai.output.type': 'video',
      'gen_ai.request.seed': 7,
      'server.address': 'api.aimlapi.com',
      'server.port': 443,
      'aimlapi_wan.client_request_id': job.clientRequestId,
    };
    expect(seen[0]).toMatchObject({ name: 'generate_content alibaba/wan2.2-t2v-plus' });
    expect(seen[0]?.attributes).toEqual(atStart);
    expect(seen[3]?.attributes).toEqual({
      ...atStart,
      'gen_ai.response.id': job.id,
      'aimlapi_wan.usd_spent': 0.1,
      'aimlapi_wan.credits_used': 200_000,
    });
  });

  test('tells of images how many, and what they cost', async () => {
    const seen = noteUntilTheEnd('create');
    const { usage, inferenceId } = await client().wan.generateImage(picture);
    expect(seen.at(0)?.attributes).toMatchObject({
      'gen_ai.output.type': 'image',
      'gen_ai.request.choice.count': 2,
    });
    expect(seen.at(-1)?.attributes).toMatchObject({
      'gen_ai.response.id': inferenceId,
      'aimlapi_wan.images': 2,
      'aimlapi_wan.usd_spent': usage?.usdSpent,
      'aimlapi_wan.credits_used': usage?.creditsUsed,
    });
  });

  test('tells of a second provider', async () => {
    const seen = noteUntilTheEnd('create');
    const api = createFakeApi({ apiKey: key, videoSeconds: 0 });
    const vtrix = createVtrix({ apiKey: key, baseUrl: 'http://localhost:8123', fetch: api.fetch });
    await vtrix.generateVideo({
      model: 'wan22_t2v_plus',
      input: { prompt: 'a wish' },
      parameters: { seed: 3 },
    });
    expect(seen[0]?.attributes).toMatchObject({
      'gen_ai.provider.name': 'vtrix',
      'gen_ai.request.model': 'wan22_t2v_plus',
      'gen_ai.request.seed': 3,
      'server.address': 'localhost',
      'server.port': 8123,
    });
    const { trace } = seen[0] ?? {};
    expect(trace instanceof CreateTrace && JSON.parse(trace.inputMessages() ?? '')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'a wish' }] },
    ]);
  });

  test('runs around the functions of aroundCreate, and tells of what they throw', async () => {
    const seen = noteUntilTheEnd('create');
    const { api } = client();
    const refusal = new RangeError('not today');
    const aroundCreate = () => Promise.reject(refusal);
    const wan = createWan({ apiKey: key, fetch: api.fetch, aroundCreate });
    await expect(wan.generateVideo(video)).rejects.toBe(refusal);
    expect(seen.map(({ event }) => event)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(seen.at(-1)?.trace.error).toBe(refusal);
    expect(seen.at(-1)?.attributes).toMatchObject({
      'error.type': 'RangeError',
      'aimlapi_wan.may_have_been_paid': false,
    });
  });

  test('tells whether a lost create may have been paid for', async () => {
    const seen = noteUntilTheEnd('create');
    const { wan } = client({ kind: 'reset', on: 'video' });
    const error: unknown = await wan.generateVideo(video).catch((thrown: unknown) => thrown);
    expect(mayHaveBeenPaid(error)).toBe(true);
    expect(seen.at(-1)?.attributes).toMatchObject({
      'error.type': 'OutcomeUnknownError',
      'aimlapi_wan.may_have_been_paid': true,
    });
  });

  test('leaves out a count of one, and gives no prompt where there is none', async () => {
    const seen = noteUntilTheEnd('create');
    const { wan } = client();
    await wan.generateImage({ ...picture, num_images: 1 });
    expect(seen[0]?.attributes).not.toHaveProperty('gen_ai.request.choice.count');
    expect(Object.keys(seen.at(-1)?.trace ?? {})).toEqual(['name', 'attributes']);
    seen.length = 0;
    await wan.generateVideo({
      model: 'wan2.2-14b-animate-move',
      video_url: 'https://example.com/a.mp4',
      image_url: 'https://example.com/a.png',
    });
    const { trace } = seen[0] ?? {};
    expect(trace instanceof CreateTrace && trace.inputMessages()).toBeUndefined();
  });

  test('reads no list of listeners, and makes no trace, while nobody listens', async () => {
    const { wan } = client();
    const read = vi.spyOn(Reflect, 'get');
    await wan.pollUntilDone(await wan.generateVideo(video), { intervalMs: 1 });
    expect(read.mock.calls.map(([, name]) => name)).not.toContain('_subscribers');
  });

  test('tells nothing of an input that was not sent', async () => {
    const seen = noteUntilTheEnd('create');
    const { wan } = client();
    // @ts-expect-error: no such model
    await expect(wan.generateVideo({ model: 'no-such-model', prompt: 'x' })).rejects.toThrow();
    expect(seen).toEqual([]);
  });
});

describe('aimlapi-wan:request', () => {
  test('tells of each attempt, with its status', async () => {
    const seen = noteUntilTheEnd('request');
    const { wan } = client({ kind: 'error', on: 'video', status: 503 });
    const retried = wan.generateVideo(video);
    await retried;
    const ended = seen.filter(({ event }) => event === 'asyncEnd');
    expect(ended.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'POST',
        {
          'http.request.method': 'POST',
          'url.full': 'https://api.aimlapi.com/v2/video/generations',
          'server.address': 'api.aimlapi.com',
          'server.port': 443,
          'http.response.status_code': 503,
          'error.type': '503',
        },
      ],
      [
        'POST',
        {
          'http.request.method': 'POST',
          'url.full': 'https://api.aimlapi.com/v2/video/generations',
          'server.address': 'api.aimlapi.com',
          'server.port': 443,
          'http.request.resend_count': 1,
          'http.response.status_code': 200,
        },
      ],
    ]);
  });

  test('tells of a refusal, and of the usual port', async () => {
    const seen = noteUntilTheEnd('request');
    const fetch = async () => new Response('{}', { status: 400 });
    const wan = createWan({ apiKey: key, baseUrl: 'http://localhost', fetch });
    await expect(wan.getVideo('an-id')).rejects.toThrow();
    expect(seen.at(-1)?.attributes).toMatchObject({ 'error.type': '400', 'server.port': 80 });
  });

  test('tells of an attempt without an answer, and of a timeout', async () => {
    const seen = noteUntilTheEnd('request');
    const lost = new TypeError('fetch failed', {
      cause: Object.assign(new Error(`no ${key}`), { code: 'ECONNRESET' }),
    });
    const broken = createWan({ apiKey: key, fetch: () => Promise.reject(lost), maxRetries: 0 });
    await expect(broken.getVideo('an-id')).rejects.toThrow();
    const silent = createWan({
      apiKey: key,
      fetch: () => new Promise(() => {}),
      timeoutMs: 5,
      maxRetries: 0,
    });
    await expect(silent.getVideo('an-id')).rejects.toThrow();
    const failed = seen.filter(({ event }) => event === 'error');
    expect(failed.map(({ attributes }) => attributes['error.type'])).toEqual(
      expect.arrayContaining(['TypeError', 'timeout']),
    );
    expect(inspect(failed, { depth: 9 })).not.toContain(key);
  });

  test('shows no key in the type of an error', async () => {
    const seen = noteUntilTheEnd('request');
    const lost = Object.assign(new Error('lost'), { name: `Lost ${key}` });
    const wan = createWan({ apiKey: key, fetch: () => Promise.reject(lost), maxRetries: 0 });
    await expect(wan.getVideo('an-id')).rejects.toThrow();
    expect(seen.at(-1)?.attributes).toMatchObject({ 'error.type': 'Lost ***' });
  });

  test('shows no key in an address that holds the id of a job', async () => {
    const seen = noteUntilTheEnd('request');
    const fetch = () => Promise.reject(new Error('lost'));
    const wan = createVtrix({ apiKey: key, fetch, maxRetries: 0 });
    await expect(wan.getVideo(`job-${key}`)).rejects.toThrow();
    expect(String(seen[0]?.attributes['url.full'])).toMatch(/\/job-\*\*\*$/);
  });

  test('tells of an abort, which ends the call with its reason', async () => {
    const seen = noteUntilTheEnd('request');
    const abort = new AbortController();
    const wan = createWan({ apiKey: key, fetch: () => new Promise(() => {}) });
    const asking = wan.getVideo('an-id', { signal: abort.signal });
    const reason = new DOMException('enough', 'AbortError');
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
    abort.abort(reason);
    await expect(asking).rejects.toBe(reason);
    expect(seen.at(-1)).toMatchObject({ event: 'asyncEnd', attributes: { 'error.type': 'AbortError' } });
  });
});

describe('what listeners get', () => {
  test('shows no key, no link and no prompt, but gives the prompt to a listener that asks', async () => {
    const all = (['create', 'request', 'wait'] as const).map(noteUntilTheEnd);
    const { wan } = client();
    await wan.generateImage(picture);
    const { url } = await wan.pollUntilDone(await wan.generateVideo(video), { intervalMs: 1 });
    const traces = all.flat().map(({ trace }) => trace);
    expect(traces.length).toBeGreaterThan(15);
    const shown = inspect(traces, { depth: 9, showHidden: true }) + JSON.stringify(traces);
    for (const secret of [key, 'Bearer', url, 'private wish']) expect(shown).not.toContain(secret);
    const [created] = traces;
    expect(created instanceof CreateTrace && created.inputMessages()).toContain('a private wish');
  });
});

describe('aimlapi-wan:wait', () => {
  test('shows no signature of a link that was passed as an id', async () => {
    const seen = noteUntilTheEnd('wait');
    const link = 'https://cdn.example/video.mp4?Signature=nobody-may-see';
    const updates = client().wan.watchVideo(link);
    await updates.next();
    await updates.return();
    expect(seen.at(-1)?.attributes).toMatchObject({
      'gen_ai.response.id': 'https://cdn.example/video.mp4?***',
    });
  });

  test('lets whoever takes the updates change them', async () => {
    noteUntilTheEnd('wait');
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    ends.push(() => warn.mockRestore());
    for await (const update of client().wan.watchVideo('an-id')) {
      Object.defineProperty(update, 'video', {
        get() {
          throw new Error('a getter that throws');
        },
      });
      break;
    }
  });

  test('leaves other values of AsyncLocalStorage as they are at each step', async () => {
    noteUntilTheEnd('wait');
    const span = new AsyncLocalStorage<string>();
    const { start } = tracingChannel('aimlapi-wan:wait');
    start.bindStore(span, () => 'a span');
    ends.push(() => void start.unbindStore(span));
    const user = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const sleep = async () => void seen.push([user.getStore(), span.getStore()]);
    const updates = client({ kind: 'status', status: 'queued', on: 'status' }).wan.watchVideo('an-id', {
      sleep,
    });
    for (const name of ['Ann', 'Bob', 'Cid']) await user.run(name, () => updates.next());
    await updates.return();
    // the first check needs no pause
    expect(seen).toEqual([['Cid', 'a span']]);
  });
});

describe('bindStore', () => {
  test('reaches each request of a create, and each request of a wait', async () => {
    const span = new AsyncLocalStorage<string>();
    const parents: (string | undefined)[] = [];
    ends.push(
      listen('request', (_, event) => {
        if (event === 'start') parents.push(span.getStore());
      }),
    );
    for (const channel of ['create', 'wait']) {
      const { start } = tracingChannel(`aimlapi-wan:${channel}`);
      start.bindStore(span, (trace) => (trace as Trace).name);
      ends.push(() => void start.unbindStore(span));
    }
    const { wan } = client();
    const job = await wan.generateVideo(video);
    await wan.pollUntilDone(job, { intervalMs: 1 });
    await span.run('of the consumer', async () => {
      for await (const _ of wan.watchVideo(job, { intervalMs: 1 }))
        expect(span.getStore()).toBe('of the consumer');
    });
    expect(parents).toEqual([
      'generate_content alibaba/wan2.2-t2v-plus',
      'wait_for_video alibaba/wan2.2-t2v-plus',
      'wait_for_video alibaba/wan2.2-t2v-plus',
    ]);
    expect(span.getStore()).toBeUndefined();
  });
});

describe('listeners that throw, reject, or spoil what they get', () => {
  test('cannot put an error of their own in the place of the error of a create', async () => {
    const fail = () => {
      throw new Error('a getter that throws');
    };
    ends.push(
      listen('request', ({ error }, event) => {
        if (event === 'error') Object.defineProperty(error, 'name', { get: fail });
      }),
    );
    const { wan } = client({ kind: 'reset', on: 'video' });
    await expect(wan.generateVideo(video)).rejects.toBeInstanceOf(OutcomeUnknownError);
  });

  test('leave the others the event of an error', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    ends.push(
      listen('create', ({ attributes }) => void Object.freeze(attributes)),
      () => warn.mockRestore(),
    );
    const seen = noteUntilTheEnd('create');
    await expect(client({ kind: 'reset', on: 'video' }).wan.generateVideo(video)).rejects.toThrow();
    expect(seen.map(({ event }) => event)).toContain('error');
  });

  test('change nothing, and are told of once', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {
      throw new Error('a program that takes no warnings');
    });
    const store = new AsyncLocalStorage();
    const { start } = tracingChannel('aimlapi-wan:create');
    start.bindStore(store, () => {
      throw new Error('a transform that throws');
    });
    ends.push(
      listenBadly(),
      () => void start.unbindStore(store),
      () => warn.mockRestore(),
    );
    const { api } = client({ kind: 'error', on: 'video', status: 503 });
    // another file may have had its warnings in this process
    vi.resetModules();
    const fresh = await import('../../src/index.js');
    const wan = fresh.createWan({ apiKey: key, fetch: api.fetch, maxRetries: 1 });
    for (const _ of [1, 2]) {
      const job = await wan.generateVideo(video);
      await expect(wan.pollUntilDone(job, { intervalMs: 1 })).resolves.toHaveProperty('url');
    }
    await expect(wan.generateImage(picture)).resolves.toHaveProperty('images');
    expect(api.generations).toBe(3);
    const words = warn.mock.calls.map(([message]) => String(message));
    expect(words).toContain(
      'A listener of "tracing:aimlapi-wan:create:start" threw, which changed nothing here: a transform that throws',
    );
    expect(words).toContain(
      'A listener of "tracing:aimlapi-wan:wait:start" threw, which changed nothing here: a listener that throws',
    );
    expect(words.length).toBe(new Set(words.map((each) => each.split(' threw')[0])).size);
  });

  test('are told of where they reject', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    ends.push(listen('create', async () => Promise.reject(new Error('a listener that rejects'))));
    vi.resetModules();
    const fresh = await import('../../src/index.js');
    const wan = fresh.createWan({ apiKey: key, fetch: client().api.fetch });
    await wan.generateVideo(video);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(4));
    expect(warn.mock.calls[0]?.[0]).toMatch(/changed nothing here: a listener that rejects$/);
  });

  test('pay once with a store that runs its function twice, later, or never, or throws', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const uncaught = vi.fn();
    process.on('uncaughtException', uncaught);
    ends.push(
      () => warn.mockRestore(),
      () => void process.off('uncaughtException', uncaught),
    );
    type Work = () => unknown;
    const fail = () => {
      throw new Error('a store that throws');
    };
    const runs = [
      (_: unknown, work: Work) => [work(), work()],
      (_: unknown, work: Work) => setTimeout(work, 1),
      () => undefined,
      fail,
      (_: unknown, work: Work) => [work(), fail()],
    ];
    for (const run of runs) {
      const store = Object.assign(new AsyncLocalStorage(), { run, withScope: fail, getStore: fail });
      const unbind = (['create', 'request', 'wait'] as const).map((name) => {
        const { start } = tracingChannel(`aimlapi-wan:${name}`);
        start.bindStore(store, fail);
        return () => start.unbindStore(store);
      });
      const { api, wan } = client();
      const job = await wan.generateVideo(video);
      await expect(wan.pollUntilDone(job, { intervalMs: 1 })).resolves.toHaveProperty('url');
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const each of unbind) each();
      expect(api.generations).toBe(1);
      expect(api.requests).toHaveLength(2);
    }
    expect(uncaught).not.toHaveBeenCalled();
  });
});
