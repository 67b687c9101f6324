// Waits for three videos over two connections. Costs 3 videos.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { createWan } from 'aimlapi-wan';
import { createUndiciFetch } from 'aimlapi-wan/undici';

// proxy: 'env' would take HTTPS_PROXY and NO_PROXY of the environment
const fetch = createUndiciFetch({ connections: 2 });
const wan = createWan({ fetch });

const prompts = ['a harbour at dawn', 'a harbour at noon', 'a harbour at night'];
const jobs = await Promise.all(
  prompts.map((prompt) => wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt, resolution: '480P' })),
);
// however many jobs are waited for, their status checks and downloads share two connections
const files = await Promise.all(
  jobs.map(async (job, index) => wan.save(await wan.pollUntilDone(job), `out/harbour-${index + 1}.mp4`)),
);
for (const { path, bytes } of files) console.log(path, bytes, 'bytes');

// not needed for the process to end: it closes the idle connections now
await fetch.close();
