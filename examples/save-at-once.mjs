// Saves all images of a result at once, because their links expire after a day. Costs 2 images.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { DownloadError, generateImage, save } from 'aimlapi-wan';

const { images } = await generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a snail', num_images: 2 });
console.log('the links work until', images[0].expiresAt ?? 'a time that they do not tell');

// each ends on its own: one that fails keeps no other from being saved
const ends = await Promise.allSettled(
  images.map((image, index) => save(image, `out/snail-${index + 1}.png`)),
);
for (const [index, { value, reason }] of ends.entries()) {
  if (value) console.log(value.path, value.bytes, 'bytes');
  else if (!(reason instanceof DownloadError)) throw reason;
  // the image is paid for: try again before its link expires
  else
    console.log(`image ${index + 1} is not saved yet: ${reason.message}; until ${images[index].expiresAt}`);
}
