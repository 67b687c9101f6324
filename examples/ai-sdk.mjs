import './embedded.mjs'; // without a key: the embedded API, in this process

import { mkdir, writeFile } from 'node:fs/promises';
import { generateImage } from 'ai';
import { aimlapi } from 'aimlapi-wan/ai-sdk';

const { images, providerMetadata } = await generateImage({
  model: aimlapi.image('wan2.5-t2i-preview'),
  prompt: 'a lighthouse at dusk',
  n: 6, // at most 4 a call: `ai` makes two calls
  providerOptions: { aimlapi: { negative_prompt: 'people' } },
});
await mkdir('out', { recursive: true });
for (const [index, { uint8Array }] of images.entries()) await writeFile(`out/dusk-${index}.png`, uint8Array);
const paid = providerMetadata.aimlapi.images.filter(({ usage }) => usage);
console.log(
  images.length,
  'images,',
  paid.length,
  'creates:',
  paid.map(({ usage }) => `$${usage.usdSpent}`).join(' + '),
);
