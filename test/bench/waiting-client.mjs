// One contender of the waiting measurement: thousands of waits at once. Started with --expose-gc.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWan } from 'aimlapi-wan';
import { createUndiciFetch } from 'aimlapi-wan/undici';
import { Agent, request } from 'undici';
import { answerParent } from './contest.mjs';

const [who, url, connections, intervalMs] = process.argv.slice(2).map((text) => Number(text) || text);
const key = 'no-key-is-needed-here';
const headers = { accept: 'application/json', authorization: `Bearer ${key}`, 'user-agent': 'by-hand/1.0.0' };

/** What waits for a job, by who waits. */
const makers = {
  'aimlapi-wan/undici'() {
    const wan = createWan({ apiKey: key, baseUrl: url, fetch: createUndiciFetch({ connections }) });
    return (id) => wan.pollUntilDone(id, { intervalMs });
  },
  'a loop by hand on undici.request'() {
    const dispatcher = new Agent({ connections, pipelining: 1 });
    return async (id) => {
      const query = new URLSearchParams({ generation_id: id });
      for (const deadlineMs = Date.now() + 20 * 60_000; Date.now() < deadlineMs; ) {
        const { statusCode, body } = await request(`${url}/v2/video/generations?${query}`, {
          headers,
          dispatcher,
        });
        if (statusCode !== 200) throw new Error(`status ${statusCode}`);
        const { status, video } = await body.json();
        if (status === 'completed') return video;
        await sleep(intervalMs);
      }
      throw new Error('not done in 20 minutes');
    };
  },
};

const waitFor = makers[who]();
const delay = monitorEventLoopDelay({ resolution: 10 });
let heapBefore = 0;
let heapAsleep = 0;
let waits = Promise.resolve([]);
let count = 0;

function collectedHeap() {
  for (let pass = 0; pass < 3; pass += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

answerParent({
  start({ ids }) {
    count = ids.length;
    heapBefore = collectedHeap();
    delay.enable();
    waits = Promise.all(ids.map((id) => waitFor(id)));
    // what goes wrong shows at the end
    waits.catch(() => {});
  },
  measureHeap() {
    // the collection stands still by itself
    delay.disable();
    heapAsleep = collectedHeap();
    delay.enable();
  },
  async finish() {
    const videos = await waits;
    delay.disable();
    if (!videos.every(({ url }) => url)) throw new Error(`${who} has no video`);
    return {
      bytesPerJob: (heapAsleep - heapBefore) / count,
      peakMb: process.resourceUsage().maxRSS / 1024,
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMaxMs: delay.max / 1e6,
    };
  },
});
