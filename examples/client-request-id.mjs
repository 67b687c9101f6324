// Stores an id of your own before the create, so that the job is found after a crash. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { generateVideo } from 'aimlapi-wan';

const model = 'wan2.2-t2v-plus';
const order = { clientRequestId: `order-42-${randomUUID()}`, startedAt: new Date().toISOString(), model };
await mkdir('out', { recursive: true });
// first: after a crash from here on, recoverVideo(order) looks for the job in the API's log
await writeFile('out/order-42.json', JSON.stringify(order));

const { clientRequestId } = order;
const job = await generateVideo({ model, prompt: 'a kite over dunes' }, { clientRequestId });
await writeFile('out/order-42.json', JSON.stringify({ ...order, job }));
console.log(job.id, 'was started by', job.clientRequestId);
