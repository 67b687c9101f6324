// Edits a local picture. Costs 2 images: the picture is made first.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateImage, save, toDataUri } from 'aimlapi-wan';

const original = await generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a lighthouse in summer' });
const { path } = await save(original.images[0], 'out/summer.png');

const edited = await generateImage({
  model: 'wan-2-6-image',
  prompt: 'the same lighthouse in a snowstorm',
  image_urls: [await toDataUri(path)],
});
const file = await save(edited.images[0], 'out/winter.png');
console.log(file.path, file.bytes, 'bytes');
