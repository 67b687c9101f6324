import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeApi } from '../../src/testing.js';

/** The client's code is loaded at the first call of a process: each test here makes one. */

let main: typeof import('../../src/index.js');

beforeEach(async () => {
  vi.resetModules();
  main = await import('../../src/index.js');
});

describe('the first call', () => {
  test('sends what the caller passed, not what it has changed since', async () => {
    const api = createFakeApi();
    const wan = main.createWan({ apiKey: 'key-of-a-test', fetch: api.fetch });
    const input = {
      model: 'wan-2-6-image' as const,
      prompt: 'first',
      image_urls: ['https://an.example/1.png'],
    };
    const options = { clientRequestId: 'first' };
    const first = wan.generateImage(input, options);
    input.prompt = 'second';
    input.image_urls[0] = 'https://an.example/2.png';
    options.clientRequestId = 'second';
    const second = wan.generateImage(input, options);
    input.prompt = 'third';
    await Promise.all([first, second]);
    const sent = api.requests.map(({ body }) => body);
    expect(sent).toMatchObject([
      { prompt: 'first', image_urls: ['https://an.example/1.png'] },
      { prompt: 'second', image_urls: ['https://an.example/2.png'] },
    ]);
    expect((await first).clientRequestId).toBe('first');
    expect((await second).clientRequestId).toBe('second');
  });

  test('sends what an instance, a getter and an unchecked body held at the call', async () => {
    const api = createFakeApi();
    const wan = main.createWan({ apiKey: 'key-of-a-test', fetch: api.fetch });
    class Input {
      model = 'wan2.2-t2i-plus' as const;
      prompt = 'first';
    }
    const instance = new Input();
    let state = 'first';
    const withGetter = {
      model: 'wan2.2-t2i-plus' as const,
      get prompt() {
        return state;
      },
    };
    const unchecked = { model: 'alibaba/wan2.2-t2i-plus', prompt: 'first' };
    const calls = [
      wan.generateImage(instance),
      wan.generateImage(withGetter),
      wan.generateImageUnchecked(unchecked),
    ];
    instance.prompt = state = unchecked.prompt = 'second';
    await Promise.all(calls);
    expect(api.requests.map(({ body }) => body)).toMatchObject(Array(3).fill({ prompt: 'first' }));
  });

  test('of toDataUri() encodes the bytes that the caller passed', async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const uri = main.toDataUri(png);
    png.fill(0);
    expect(await uri).toBe('data:image/png;base64,iVBORw0KGgo=');
  });

  test('is not needed for the misuse of an option: createWan() throws at once', () => {
    expect(() => main.createWan({ baseUrl: 'nonsense' })).toThrow('Cannot use baseUrl');
    expect(() => main.createWan({ maxRetries: -1 })).toThrow(RangeError);
    expect(() => main.createWan({ headers: { te: 'x' } })).toThrow('belongs to the connection');
  });

  test('ends with the reason of a signal that aborted while the code was loaded, and sends nothing', async () => {
    const api = createFakeApi();
    const wan = main.createWan({ apiKey: 'key-of-a-test', fetch: api.fetch });
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const video = wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' }, { signal: controller.signal });
    controller.abort(reason);
    await expect(video).rejects.toBe(reason);
    expect(api.requests).toEqual([]);
  });

  test('of a second client knows a job that the first one has just started', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const options = { apiKey: 'key-of-a-test', fetch: api.fetch };
    const input = { model: 'wan2.2-t2v-plus' as const, prompt: 'x' };
    const job = await main.createWan(options).generateVideo(input);
    const sleeps: number[] = [];
    const sleep = async (ms: number) => void sleeps.push(ms);
    await main.createWan(options).pollUntilDone(job, { sleep, intervalMs: 700 });
    // a job that was not started just now is asked for at once
    expect(sleeps).toEqual([700]);
  });
});
