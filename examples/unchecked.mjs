// Sends a model or a field that this version does not know. Costs 1 image and 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateImageUnchecked, generateVideoUnchecked, pollUntilDone, save } from 'aimlapi-wan';

const job = await generateVideoUnchecked({
  model: 'alibaba/wan-2-7-t2v',
  prompt: 'a lighthouse at dawn',
  camera_path: 'orbit', // a field that this version does not know
});
const video = await pollUntilDone(job, { intervalMs: 1_000 });
console.log((await save(video, 'out/dawn.mp4')).path);

const { images } = await generateImageUnchecked({
  model: 'alibaba/wan-2-7-image-pro',
  prompt: 'the same at dusk',
});
console.log((await save(images[0], 'out/dusk.png')).path);
