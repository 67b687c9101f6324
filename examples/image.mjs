// Makes an image and saves it. Costs 1 image.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateImage, save } from 'aimlapi-wan';

const { images } = await generateImage({
  model: 'wan2.5-t2i-preview',
  prompt: 'a lighthouse at dusk',
});
const file = await save(images[0], 'out/lighthouse.png');
console.log(file.path, file.bytes, 'bytes');
