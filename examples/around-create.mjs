// Notes each create on disk before it is sent, and then what came of it. Costs 1 image and 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createWan, mayHaveBeenPaid } from 'aimlapi-wan';

const folder = 'out/creates';
await mkdir(folder, { recursive: true });

/** After a crash, recoverVideo() and findRequest() take a note that has no `made`. */
async function note({ kind, model, clientRequestId, startedAt }, send) {
  const file = `${folder}/${encodeURIComponent(clientRequestId)}.json`;
  const noted = { kind, model, clientRequestId, startedAt };
  await writeFile(file, JSON.stringify(noted));
  try {
    const made = await send();
    await writeFile(file, JSON.stringify({ ...noted, made }));
    console.log(`${kind} of ${model}: noted as made`);
    return made;
  } catch (error) {
    if (!mayHaveBeenPaid(error)) await rm(file);
    throw error;
  }
}

const wan = createWan({ aroundCreate: note });
await wan.generateImage({ model: 'wan2.2-t2i-flash', prompt: 'a lamp' });
await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a lamp that is lit', resolution: '480P' });
