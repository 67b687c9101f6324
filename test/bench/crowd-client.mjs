// 100,000 waits in one process. Started with --expose-gc.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { createWan } from 'aimlapi-wan';
import { createUndiciFetch } from 'aimlapi-wan/undici';
import { answerParent } from './contest.mjs';

const [url] = process.argv.slice(2);
const startedAtOnce = 500;
const fetch = createUndiciFetch({ connections: 128 });
const wan = createWan({ apiKey: 'no-key-is-needed-here', baseUrl: url, fetch });

function collectedHeap() {
  for (let pass = 0; pass < 3; pass += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

answerParent({
  async run({ jobs }) {
    // the code is loaded
    await wan.getVideo('first');
    const heapBefore = collectedHeap();
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    let updates = 0;
    const options = {
      intervalMs: 600_000,
      maxWaitMs: 3_000_000,
      onUpdate: ({ polls }) => {
        updates += polls;
      },
    };
    for (let index = 0; index < jobs; index += 1) {
      // none ends: the process does
      void wan.pollUntilDone(`job-${index}`, options);
      if (index % startedAtOnce === startedAtOnce - 1) await setImmediate();
    }
    const blockMs = delay.max / 1e6;
    delay.disable();
    while (updates < jobs) await sleep(200);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    return { bytesPerJob: (collectedHeap() - heapBefore) / jobs, peakMb, blockMs };
  },
});
