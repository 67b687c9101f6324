// Makes a video at Vtrix, with a key of its own. Costs 1 video.
import './embedded-vtrix.mjs'; // without a key: the embedded API, in this process

import { createVtrix } from 'aimlapi-wan/vtrix';

const vtrix = createVtrix();
const input = { prompt: 'a dragon above a mountain' };
const job = await vtrix.generateVideo({ model: 'wan22_t2v_plus', input, parameters: { size: '832*480' } });
const video = await vtrix.pollUntilDone(job, {
  onUpdate: ({ status, progress }) => console.log(status, progress ?? ''),
});
console.log('saved:', (await vtrix.save(video, 'out/dragon.mp4')).path);
