import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { createWan, type VideoJob } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { note } from '../listeners.js';

const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const quick = { intervalMs: 1 };

function client(videoSeconds = 0) {
  const api = createFakeApi({ videoSeconds });
  return { api, wan: createWan({ apiKey: 'key-of-a-test', fetch: api.fetch, maxRetries: 0 }) };
}

let stop = () => {};
afterEach(() => stop());

function noteWaits() {
  const noted = note('wait');
  stop = noted.stop;
  return noted.seen;
}

const ended = ['start', 'end', 'asyncStart', 'asyncEnd'];
const failed = ['start', 'end', 'error', 'asyncStart', 'asyncEnd'];
const of = (seen: ReturnType<typeof noteWaits>) => seen.map(({ event }) => event);

describe('aimlapi-wan:wait', () => {
  test('tells of a wait, of its checks and of what the video cost', async () => {
    const seen = noteWaits();
    const { wan } = client();
    const job = await wan.generateVideo(video);
    const { usage } = await wan.pollUntilDone(job, quick);
    expect(of(seen)).toEqual(ended);
    const atStart = {
      'gen_ai.provider.name': 'aimlapi',
      'gen_ai.request.model': 'alibaba/wan2.2-t2v-plus',
      'gen_ai.output.type': 'video',
      'gen_ai.response.id': job.id,
    };
    expect(seen[0]).toMatchObject({ name: 'wait_for_video alibaba/wan2.2-t2v-plus', attributes: atStart });
    expect(seen[3]?.attributes).toEqual({
      ...atStart,
      'aimlapi_wan.status': 'completed',
      'aimlapi_wan.polls': 1,
      'aimlapi_wan.usd_spent': usage?.usdSpent,
      'aimlapi_wan.credits_used': usage?.creditsUsed,
    });
  });

  test('tells of one that watchVideo gives, of an id alone as well', async () => {
    const seen = noteWaits();
    const { wan } = client();
    const { id } = await wan.generateVideo(video);
    const statuses = [];
    for await (const { status } of wan.watchVideo(id, quick)) statuses.push(status);
    expect(statuses).toEqual(['unknown', 'completed']);
    expect(seen[0]?.name).toBe('wait_for_video');
    expect(of(seen)).toEqual(ended);
  });

  test('ends where the loop over its updates is left, and no check goes out after that', async () => {
    const seen = noteWaits();
    const { api, wan } = client(60);
    const job = await wan.generateVideo(video);
    for await (const { polls } of wan.watchVideo(job, quick)) if (polls === 2) break;
    expect(of(seen)).toEqual(ended);
    expect(seen[3]?.attributes).toMatchObject({ 'aimlapi_wan.polls': 2 });
    expect(api.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
  });

  test('tells of an error, of an abort and of an onUpdate that throws', async () => {
    const seen = noteWaits();
    const { api, wan } = client();
    api.fault({ kind: 'job-fails', message: 'too dark' });
    const job = await wan.generateVideo(video);
    const error = await wan.pollUntilDone(job, quick).catch((thrown: unknown) => thrown);
    expect(of(seen)).toEqual(failed);
    expect(seen[4]?.trace.error).toBe(error);
    expect(seen[4]?.attributes).toMatchObject({ 'error.type': 'VideoFailedError' });

    seen.length = 0;
    const reason = new DOMException('enough', 'AbortError');
    const abort = new AbortController();
    const waiting = wan.pollUntilDone(await wan.generateVideo(video), {
      signal: abort.signal,
      intervalMs: 60_000,
    });
    const reported = expect(waiting).rejects.toBe(reason);
    await new Promise((done) => setTimeout(done, 5));
    abort.abort(reason);
    await reported;
    expect(of(seen)).toEqual(failed);
    expect(seen[4]?.attributes).toMatchObject({ 'error.type': 'AbortError' });

    seen.length = 0;
    const onUpdate = () => {
      throw new Error('mine');
    };
    await expect(wan.pollUntilDone(job, { ...quick, onUpdate })).rejects.toThrow('mine');
    expect(of(seen)).toEqual(failed);
    expect(seen[4]?.trace.error).toMatchObject({ message: 'mine' });
  });

  test('tells nothing of misuse, whose error is the same as without a listener', async () => {
    const { wan } = client();
    const wrong = null as unknown as VideoJob;
    const without = await wan.pollUntilDone(wrong).catch((thrown: unknown) => thrown);
    const seen = noteWaits();
    const heard = await wan.pollUntilDone(wrong).catch((thrown: unknown) => thrown);
    expect(String(heard)).toBe(String(without));
    expect(seen).toEqual([]);
  });

  test('shows no link', async () => {
    const seen = noteWaits();
    const { wan } = client();
    const { url } = await wan.pollUntilDone(await wan.generateVideo(video), quick);
    expect(inspect(seen, { depth: 9 })).not.toContain(url);
  });
});
