import { getEventListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWan, type Wan } from '../src/index.js';
import { createFakeApi, type FakeApi, type FakeServer, type Fault } from '../src/testing.js';

/** After any ending: no timer, no listener on the caller's signal, no open request. */

let api: FakeApi;
let server: FakeServer;
let wan: Wan;
let folder: string;
let open = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
  api = createFakeApi({ videoSeconds: 0 });
  server = await api.listen();
  // counts the requests under way, by what the client sees of them
  wan = createWan({
    apiKey: 'k-12345678',
    baseUrl: server.url,
    maxRetries: 0,
    fetch: async (url, init) => {
      open += 1;
      const response = await fetch(url, init).catch((error) => {
        open -= 1;
        throw error;
      });
      const [body, watched] = response.body ? response.body.tee() : [null, null];
      const read = async () => {
        for await (const _ of watched ?? []);
      };
      const done = () => {
        open -= 1;
      };
      read().then(done, done);
      return new Response(body, { status: response.status, headers: response.headers });
    },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const image = { model: 'wan2.5-t2i-preview', prompt: 'x', image_size: 'square' } as const;
const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

const calls: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
  generateImage: (signal) => wan.generateImage(image, { signal }),
  generateVideo: (signal) => wan.generateVideo(video, { signal }),
  getVideo: async (signal) => wan.getVideo(await videoId, { signal }),
  pollUntilDone: async (signal) =>
    wan.pollUntilDone(await videoId, { signal, intervalMs: 20, maxWaitMs: 200 }),
  watchVideo: async (signal) => {
    for await (const _ of wan.watchVideo(await videoId, { signal, intervalMs: 20, maxWaitMs: 200 }));
  },
  findRequest: (signal) => wan.findRequest({ clientRequestId: 'x', since: new Date() }, { signal }),
  recoverVideo: (signal) =>
    wan.recoverVideo(
      { clientRequestId: 'x', startedAt: new Date().toISOString(), model: 'wan2.2-t2v-plus' },
      { signal, maxWaitMs: 100, intervalMs: 20 },
    ),
  startVideo: async (signal) => wan.startVideo(await wan.orderVideo(video), { signal }),
  lookAgain: async (signal) => wan.startVideo(await wan.orderVideo(video), { signal, again: true }),
  checkVideo: async (signal) => wan.checkVideo(await videoId, { signal }),
  save: async (signal) => wan.save(await link, join(folder, 'v.mp4'), { signal, stallTimeoutMs: 100 }),
  download: async (signal) => wan.download(await link, { signal, stallTimeoutMs: 100 }),
};
let videoId: Promise<string>;
let link: Promise<string>;

const endings: [string, Fault | undefined, abortMs: number | undefined][] = [
  ['success', undefined, undefined],
  ['an error page', { kind: 'html', times: 99 }, undefined],
  ['a refusal', { kind: 'error', status: 403, times: 99 }, undefined],
  ['a reset', { kind: 'reset', times: 99 }, undefined],
  ['a body that is cut', { kind: 'cut', times: 99, afterBytes: 0 }, undefined],
  ['an abort while no answer comes', { kind: 'stall', times: 99 }, 60],
  ['an abort while the body stalls', { kind: 'stall-body', times: 99, afterBytes: 5 }, 60],
  ['an abort between two tries', { kind: 'html', times: 99 }, 60],
  ['an abort before the start', undefined, 0],
];

describe('nothing is left behind', () => {
  beforeAll(async () => {
    videoId = wan.generateVideo(video).then(({ id }) => id);
    link = wan.pollUntilDone(await videoId).then(({ url }) => url);
    await link;
  });

  for (const [name, call] of Object.entries(calls)) {
    it.each(endings)(`by ${name}() after %s`, async (_, fault, abortMs) => {
      const controller = new AbortController();
      const reason = new Error('the caller’s');
      await pause(20);
      const before = timers();
      if (fault) api.fault(fault);
      if (abortMs === 0) controller.abort(reason);
      const ended = call(controller.signal).then(
        () => undefined,
        (error) => error,
      );
      if (abortMs) {
        await pause(abortMs);
        controller.abort(reason);
      }
      const error = await ended;
      api.clearFaults();
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      await pause(20);
      expect(timers()).toBeLessThanOrEqual(before);
      expect(open).toBe(0);
      if (abortMs === 0) expect(error).toBe(reason);
    });
  }
});

describe('10,000 calls and waits on one signal', () => {
  it('leave no listener and let the heap be', { timeout: 120_000 }, async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const heap = () => {
      collect();
      collect();
      return process.memoryUsage().heapUsed;
    };
    const body = JSON.stringify({
      id: 'j',
      status: 'completed',
      video: { url: 'https://cdn.example/x.mp4' },
    });
    const quick = createWan({ apiKey: 'k-12345678', fetch: async () => new Response(body) });
    const { signal } = new AbortController();
    const round = async (count: number) => {
      for (let turn = 0; turn < count; turn += 100) {
        const batch = Array.from({ length: 50 }, () => [
          quick.getVideo('j', { signal }),
          quick.pollUntilDone('j', { signal }),
        ]);
        await Promise.all(batch.flat());
      }
    };
    const warnings: Error[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    await round(4_000);
    const before = heap();
    await round(10_000);
    expect(heap() - before).toBeLessThan(1_000_000);
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('the same over real sockets', { timeout: 60_000 }, async () => {
    const body = JSON.stringify({
      id: 'j',
      status: 'completed',
      video: { url: 'https://cdn.example/x.mp4' },
    });
    const plain = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
    await new Promise((resolve) => plain.once('listening', resolve));
    const address = plain.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const client = createWan({ apiKey: 'k-12345678', baseUrl: `http://127.0.0.1:${port}` });
    const { signal } = new AbortController();
    for (let turn = 0; turn < 2_000; turn += 50) {
      await Promise.all(Array.from({ length: 50 }, () => client.pollUntilDone('j', { signal })));
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    plain.close().closeAllConnections();
  });
});
