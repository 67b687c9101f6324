// Makes six images with the AI SDK (ai 6 or 7), by two creates. Costs 6 images.
// needs the AI SDK: npm install ai
import './embedded.mjs'; // without a key: the embedded API, in this process

import { mkdir, writeFile } from 'node:fs/promises';
import { generateImage } from 'ai';
import { save } from 'aimlapi-wan';
import { aimlapi, createAimlapi, ImageDownloadError } from 'aimlapi-wan/ai-sdk';

const limited = createAimlapi({ maxUsd: 0.5 }); // takes what createWan takes; `aimlapi` has no limit
const { maxImagesPerCall } = aimlapi.image('wan2.5-t2i-preview');
console.log('images a call:', maxImagesPerCall);

const { images, providerMetadata } = await generateImage({
  model: limited.image('wan2.5-t2i-preview'),
  prompt: 'a lighthouse at dusk',
  n: 6,
  providerOptions: { aimlapi: { negative_prompt: 'people' } },
}).catch(async (error) => {
  // made and paid for, but not fetched: their links work for a day
  if (error instanceof ImageDownloadError) {
    for (const [index, image] of error.result.images.entries()) await save(image, `out/late-${index}.png`);
  }
  throw error;
});

await mkdir('out', { recursive: true });
for (const [index, { uint8Array }] of images.entries()) await writeFile(`out/dusk-${index}.png`, uint8Array);
const creates = providerMetadata.aimlapi.images.filter(({ usage }) => usage);
console.log(images.length, 'images:', creates.map(({ usage }) => `$${usage.usdSpent}`).join(' + '));
