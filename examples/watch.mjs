import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateVideo, save, watchVideo } from 'aimlapi-wan';

const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a tram in an old town' });

// 2 s in place of 5 s, to see the words that the embedded API passes through in 3 s
for await (const { status, elapsedMs, trouble, video } of watchVideo(job, { intervalMs: 2_000 })) {
  console.log(`${elapsedMs} ms: ${trouble?.message ?? status}`);
  if (video) console.log('saved:', (await save(video, 'out/tram.mp4')).path);
}
