// Makes videos from a local picture and from a local video. Costs 1 image and 2 videos.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateImage, generateVideo, pollUntilDone, save, toDataUri } from 'aimlapi-wan';

const { images } = await generateImage({ model: 'wan2.2-t2i-flash', prompt: 'a robot, facing the camera' });
const robot = await save(images[0], 'out/robot.png');

const dance = await generateVideo({
  model: 'wan-2-6-i2v',
  image_url: await toDataUri(robot.path),
  prompt: 'it dances slowly',
  resolution: '720p',
  duration: 5,
});
const dancing = await save(await pollUntilDone(dance, { intervalMs: 1_000 }), 'out/robot.mp4');

// the same motion, by another character: this model takes no prompt
const swapped = await generateVideo({
  model: 'wan2.2-14b-animate-replace',
  video_url: await toDataUri(dancing.path),
  image_url: await toDataUri(robot.path),
});
const file = await save(await pollUntilDone(swapped, { intervalMs: 1_000 }), 'out/replaced.mp4');
console.log(file.path, file.bytes, 'bytes');
