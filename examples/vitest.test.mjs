// Tests an app with Vitest and fake timers: the wait outlasts an outage. Costs nothing.
import { createWan } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';
import { afterEach, expect, test, vi } from 'vitest';

/** The app under test. */
async function makeClip(prompt, wan) {
  const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt });
  return wan.pollUntilDone(job);
}

afterEach(() => vi.useRealTimers());

test('makeClip() waits through 20 error pages, and pays once', async () => {
  const api = createFakeApi({ videoSeconds: 90 });
  const wan = createWan({ apiKey: 'test', fetch: api.fetch });
  // the first call loads code, which takes real time: make one before the clock is set
  await wan.getBalance();
  vi.useFakeTimers();
  api.fault({ on: 'status', kind: 'html', times: 20 });

  const clip = makeClip('a dragon', wan);
  await vi.advanceTimersByTimeAsync(1_200_000);

  expect((await clip).url).toMatch(/\.mp4/);
  expect(api.clearFaults()).toBe(0);
  expect(api.generations).toBe(1);
});
