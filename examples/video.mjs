// Makes a video, waits for it and saves it. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateVideo, pollUntilDone, save } from 'aimlapi-wan';

const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'waves below a lighthouse' });
const video = await pollUntilDone(job, {
  onUpdate: ({ status, elapsedMs }) => console.log(status, elapsedMs, 'ms'),
});
const file = await save(video, 'out/waves.mp4');
console.log(file.path, file.bytes, 'bytes');
