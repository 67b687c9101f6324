// Stops a wait by a timeout and by the app, then waits again for the same video. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateVideo, pollUntilDone } from 'aimlapi-wan';

const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a paper boat in the rain' });

try {
  await pollUntilDone(job, { signal: AbortSignal.timeout(500) });
} catch (error) {
  console.log('stopped by a timeout:', error.name);
}

const controller = new AbortController();
const reason = new Error('the user closed the page');
setTimeout(() => controller.abort(reason), 500);
await pollUntilDone(job, { signal: controller.signal }).catch((error) => {
  console.log('stopped by the app, with its own reason:', error === reason);
});

// only the waiting stopped: the video is still being made, and paid for
const video = await pollUntilDone(job);
console.log('waited again:', video.id === job.id);
