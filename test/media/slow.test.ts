import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createWan } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

async function open() {
  const folder = await mkdtemp(join(tmpdir(), 'slow-'));
  const api = createFakeApi({ videoSeconds: 0 });
  const server = await api.listen();
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const wan = createWan({ apiKey: 'test', baseUrl: server.url });
  const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
  return { api, wan, folder, video: await wan.pollUntilDone(job.id, { intervalMs: 5 }) };
}

test('save() does not take a slow caller for a server that has stalled', async () => {
  const { api, wan, folder, video } = await open();
  const before = api.requests.length;
  const { bytes } = await wan.save(video, join(folder, 'a.mp4'), {
    stallTimeoutMs: 40,
    onProgress: () => wait(100),
  });
  expect(bytes).toBeGreaterThan(0);
  expect(api.requests.length - before).toBe(1);
});

test('save() ends at once when it is aborted while the caller is told', async () => {
  const { wan, folder, video } = await open();
  const controller = new AbortController();
  const reason = new Error('enough');
  const saved = wan.save(video, join(folder, 'a.mp4'), {
    signal: controller.signal,
    // never settles
    onProgress: () => new Promise(() => controller.abort(reason)),
  });
  await expect(saved).rejects.toBe(reason);
  expect(await readdir(folder)).toEqual([]);
});

test('download() of base64 is not a success when it was aborted on the way', async () => {
  const { wan } = await open();
  const controller = new AbortController();
  const base64 = Buffer.from('picture').toString('base64');
  const bytes = wan.download(
    { base64 },
    { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
  );
  await expect(bytes).rejects.toThrow('enough');
});
