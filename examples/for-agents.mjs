// Makes a video so that nothing that is paid for is lost: the lines of for-agents.md. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { mkdir, writeFile } from 'node:fs/promises';
import { createWan, OutcomeUnknownError } from 'aimlapi-wan';

const wan = createWan({ maxUsd: 1 }); // one client for the whole process; the key is in AIMLAPI_API_KEY
const input = { model: 'wan2.2-t2v-plus', prompt: 'waves below a lighthouse', resolution: '480P' };
const job = await wan.generateVideo(input).catch((error) => {
  if (error instanceof OutcomeUnknownError) return wan.recoverVideo(error); // looks into the log, and never pays
  throw error;
});
if (!job) throw new Error('its answer was lost, and the log shows no row of it: a person decides');
await mkdir('out', { recursive: true });
await writeFile('out/job.json', JSON.stringify(job)); // store it before the wait
const video = await wan.pollUntilDone(job); // takes minutes; throws a JobError, which holds the job
console.log((await wan.save(video, 'out/lighthouse.mp4')).path); // at once: links expire
