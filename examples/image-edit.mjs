// Edits local pictures: two of them become one. Costs 3 images: the two are made first.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateImage, save, toDataUri } from 'aimlapi-wan';

const originals = await generateImage({
  model: 'wan2.5-t2i-preview',
  prompt: 'a lighthouse in summer',
  num_images: 2,
});
const local = await Promise.all(
  originals.images.map((image, index) => save(image, `out/summer-${index + 1}.png`)),
);

const edited = await generateImage({
  model: 'wan-2-6-image',
  prompt: 'both lighthouses side by side, in a snowstorm',
  image_urls: await Promise.all(local.map(({ path }) => toDataUri(path))),
});
const file = await save(edited.images[0], 'out/winter.png');
console.log(file.path, file.bytes, 'bytes');
