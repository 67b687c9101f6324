import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../src/index.js';
import { type Attempt, createWan, type Fetch, WanError } from '../src/index.js';
import { createFakeApi, type Fault } from '../src/testing.js';

const key = 'sk-live-5ecret-0123456789abcdef';
const header = 'header-5ecret-0123456789abcdef';
const image = { model: 'wan2.5-t2i-preview', prompt: 'x', image_size: 'square' } as const;
const video = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Everything that a log could hold of a value. */
function shown(value: unknown): string {
  const parts = [
    inspect(value, { depth: 20, showHidden: true }),
    inspect(value),
    String(value),
    JSON.stringify(value),
  ];
  if (value instanceof Error) parts.push(value.message, value.stack ?? '', shown(value.cause ?? ''));
  return parts.join('\n');
}

function expectNoSecret(text: string): void {
  expect(text).not.toContain(key);
  expect(text).not.toContain(header);
  expect(text).not.toMatch(/Bearer (?!\*\*\*)/);
  expect(text).not.toMatch(/Signature=(?!\*\*\*)/i);
  expect(text).not.toMatch(/OSSAccessKeyId=(?!\*\*\*)/);
}

/** A fetch that fails as carelessly as it can: its errors quote all they were given. */
const careless: Fetch = async (url, init) => {
  throw Object.assign(new TypeError(`fetch failed for ${url}`), {
    config: { url, headers: init.headers },
    cause: Object.assign(new Error(`could not send ${init.headers.authorization ?? url}`), {
      request: { ...init },
    }),
  });
};

async function collect() {
  const errors: unknown[] = [];
  const events: Attempt[] = [];
  const api = createFakeApi({ videoSeconds: 0, apiKey: key });
  const options = {
    apiKey: key,
    headers: { 'x-gateway-token': header },
    onAttempt: (event: Attempt) => void events.push(event),
  };
  const wan = createWan({ ...options, fetch: api.fetch, maxRetries: 0 });
  const fails = async (promise: Promise<unknown>, ...faults: Fault[]) => {
    await promise.then(
      (value) => expect.unreachable(`${faults[0]?.kind ?? 'a call'} came through: ${inspect(value)}`),
      (error) => errors.push(error),
    );
    api.clearFaults();
  };
  const withFault = (fault: Fault, call: () => Promise<unknown>) => {
    api.fault(fault);
    return fails(call(), fault);
  };
  const echo = {
    message: `bad key ${key}`,
    error: { name: key, message: `Bearer ${key}` },
    instance: '/v1/images/generations',
  };

  for (const status of [400, 401, 403, 429, 500, 502, 307]) {
    await withFault({ kind: 'answer', status, body: echo, on: 'image' }, () => wan.generateImage(image));
  }
  await withFault(
    { kind: 'error', on: 'image', status: 403, data: { kind: 'err_insufficent_credits' } },
    () => wan.generateImage(image),
  );
  await withFault({ kind: 'answer', on: 'image', status: 200, body: { data: null, key } }, () =>
    wan.generateImage(image),
  );
  await withFault({ kind: 'cut', on: 'image' }, () => wan.generateImage(image));
  await withFault({ kind: 'stall', on: 'image' }, () => wan.generateImage(image, { timeoutMs: 20 }));
  await withFault({ kind: 'stall', on: 'status' }, () => wan.getVideo('x', { timeoutMs: 20 }));
  const badInput: Promise<unknown>[] = [
    // @ts-expect-error a field that is none
    wan.generateImage({ ...image, apiKey: 'https://x.example/?Signature=abc' }),
    wan.generateImage({
      model: 'wan-2-6-image',
      prompt: 'x',
      image_urls: ['ftp://user:pw@x.example/a?Signature=abcdefgh'],
    }),
    wan.generateImage(image, { clientRequestId: 'a b' }),
    wan.generateImage(image, { headers: { 'x-bad': `${header}\nx` } }),
  ];
  for (const promise of badInput) await fails(promise);

  const job = await wan.generateVideo(video);
  const done = await wan.pollUntilDone(job.id, { intervalMs: 1 });
  await withFault({ kind: 'error', on: 'status', status: 401 }, () => wan.pollUntilDone(job.id));
  api.fault({ kind: 'job-fails', message: `see https://x.example/?Signature=abcdefgh` });
  const failing = await wan.generateVideo(video);
  await fails(wan.pollUntilDone(failing.id));
  await withFault({ kind: 'status', status: 'dreaming', times: 9 }, () =>
    wan.pollUntilDone(job.id, { intervalMs: 5, maxWaitMs: 12 }),
  );
  const path = join(folder, 'x');
  await withFault({ kind: 'answer', on: 'file', status: 403, times: 2 }, () => wan.save(done, path));
  await withFault({ kind: 'reset', on: 'file' }, () => wan.save(done, path));
  await withFault({ kind: 'cut', on: 'file', afterBytes: 0 }, () => wan.save(done, path));
  await fails(wan.save(done, folder));

  const clumsy = createWan({ ...options, fetch: careless, maxRetries: 1 });
  await fails(createWan({ ...options, fetch: careless, maxRetries: 0, maxUsd: 1 }).generateImage(image));
  await fails(createWan({ ...options, maxUsd: 0.01 }).generateImage(image));
  await fails(clumsy.generateImage(image));
  await fails(clumsy.getVideo('x'));
  await fails(clumsy.pollUntilDone('x', { intervalMs: 1, maxWaitMs: 5 }));
  await fails(clumsy.save(done, path));
  await fails(createWan({ apiKey: `${key}\n${key}` }).generateImage(image));
  expect(() => createWan({ baseUrl: `https://user:${key}@api.aimlapi.com` })).toThrow(TypeError);
  try {
    createWan({ baseUrl: `https://user:${key}@api.aimlapi.com` });
  } catch (error) {
    errors.push(error);
  }
  return { errors, events, api, wan };
}

describe('secrets', () => {
  it('are in no error, of any class: neither message, inspect output, JSON, stack nor cause', async () => {
    const { errors } = await collect();
    const classes = new Set(errors.map((error) => (error instanceof Error ? error.name : '')));
    const all = Object.entries(library).filter(
      ([, type]) => typeof type === 'function' && type.prototype instanceof Error,
    );
    // JobError and WanError are only ever thrown as one of their kinds
    const expected = all.map(([name]) => name).filter((name) => !['WanError', 'JobError'].includes(name));
    expect([...classes].filter((name) => name !== 'TypeError').sort()).toEqual(expected.sort());
    for (const error of errors) expectNoSecret(shown(error));
    expect(errors.filter((error) => error instanceof WanError).length).toBeGreaterThan(20);
  });

  it('are in no event, no client and no record of the embedded API', async () => {
    const { events, api, wan } = await collect();
    expect(events.length).toBeGreaterThan(20);
    expect(events.filter(({ url }) => url.includes('?'))).toEqual([]);
    expectNoSecret(shown(events));
    expectNoSecret(shown(wan));
    expectNoSecret(shown(api).replaceAll(header, ''));
    expect(JSON.stringify(api.requests)).toContain('Bearer ***');
  });
});
