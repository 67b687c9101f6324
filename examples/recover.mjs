// Finds the job of a video when the answer to its create was lost. Costs nothing: it always uses the embedded API.
import { createWan, OutcomeUnknownError } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';

// a fault is scripted here, so this one always runs against the embedded API
const api = createFakeApi({ videoSeconds: 2, logDelaySeconds: 2 });
const wan = createWan({ apiKey: 'test', fetch: api.fetch });
api.fault({ on: 'video', kind: 'reset', accepted: true });

const job = await wan
  .generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a lighthouse in a storm' })
  .catch((error) => {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    console.log('the answer was lost; client request id', error.clientRequestId);
    // the log of the embedded API is quick; the real one wants the default of 15 s
    return wan.recoverVideo(error, { intervalMs: 1_000 });
  });
if (!job) throw new Error('no row of it has come up in the log: look again later, and do not pay twice');
console.log('found in the log:', job.id);

const video = await wan.pollUntilDone(job, { intervalMs: 1_000 });
console.log('saved:', (await wan.save(video, 'out/recovered.mp4')).path);
console.log('paid creates:', api.generations);
