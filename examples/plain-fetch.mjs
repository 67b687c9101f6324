// Makes a video with plain fetch, for comparison. Costs 1 video; run again after a lost answer, it pays again.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const api = `${process.env.AIMLAPI_BASE_URL ?? 'https://api.aimlapi.com'}/v2/video/generations`;
const headers = {
  authorization: `Bearer ${process.env.AIMLAPI_API_KEY}`,
  'content-type': 'application/json',
};
const body = JSON.stringify({ model: 'alibaba/wan2.2-t2v-plus', prompt: 'waves below a lighthouse' });

const created = await fetch(api, { method: 'POST', headers, body });
if (!created.ok) throw new Error(`${created.status}: ${await created.text()}`);
let job = await created.json();
while (job.status !== 'completed') {
  if (job.status === 'error') throw new Error(JSON.stringify(job.error));
  await setTimeout(5_000);
  const checked = await fetch(`${api}?generation_id=${encodeURIComponent(job.id)}`, { headers });
  if (!checked.ok) throw new Error(`${checked.status}: ${await checked.text()}`);
  job = await checked.json();
}
const file = await fetch(job.video.url);
if (!file.ok) throw new Error(`${file.status}: ${await file.text()}`);
await mkdir('out', { recursive: true });
await writeFile('out/waves-plain-fetch.mp4', file.body);
