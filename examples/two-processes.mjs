// Starts a video in one process and waits for it in another. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { fork } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { generateVideo, pollUntilDone, save } from 'aimlapi-wan';

const store = 'out/job.json';

if (process.argv[2] === 'wait') {
  const job = JSON.parse(await readFile(store, 'utf8'));
  const video = await pollUntilDone(job);
  const { path } = await save(video, 'out/two-processes.mp4');
  console.log(`process ${process.pid} waited: ${path}`);
} else {
  const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon over a harbour' });
  await mkdir('out', { recursive: true });
  await writeFile(store, JSON.stringify(job));
  console.log(`process ${process.pid} started: ${job.id}`);
  fork(import.meta.filename, ['wait']).on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
