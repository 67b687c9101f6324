// Shows each update of a wait in a loop, with the time that is left. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateVideo, save, watchVideo } from 'aimlapi-wan';

const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a tram in an old town' });

// every second, to see the words that the embedded API passes through in 3 s; left out, the checks are paced
for await (const update of watchVideo(job, { intervalMs: 1_000 })) {
  const { status, elapsedMs, progress = 0, etaMs, trouble, video } = update;
  const left = etaMs === undefined ? '' : `, about ${Math.round(etaMs / 1000)} s left`;
  console.log(`${elapsedMs} ms: ${trouble?.message ?? status}, ${Math.round(progress * 100)} %${left}`);
  if (video) console.log('saved:', (await save(video, 'out/tram.mp4')).path);
}
