// What an app with `ai` 6 or 7 writes. Only compiled.
import { createProviderRegistry, customProvider, experimental_generateVideo, generateImage } from 'ai';
import { type AimlapiProvider, aimlapi, createAimlapi, ImageDownloadError } from 'aimlapi-wan/ai-sdk';

const provider: AimlapiProvider = createAimlapi({
  apiKey: 'key',
  baseURL: 'https://api.aimlapi.com',
  maxUsd: 5,
});
const registry = createProviderRegistry({ aimlapi, provider });

export async function make(): Promise<Uint8Array[]> {
  const { images } = await generateImage({
    model: aimlapi.image('wan2.5-t2i-preview'),
    prompt: 'a lighthouse',
    n: 6,
    providerOptions: { aimlapi: { negative_prompt: 'blur' } },
  }).catch((error: unknown) => {
    if (error instanceof ImageDownloadError) console.log(error.result.images.length, error.bytesReceived);
    throw error;
  });
  await generateImage({
    model: registry.imageModel('aimlapi:alibaba/wan2.5-t2i-preview'),
    prompt: 'a lighthouse',
  });
  const { videos } = await experimental_generateVideo({
    model: provider.video('wan2.5-t2v-preview'),
    prompt: 'waves',
  });
  const custom = customProvider({
    imageModels: { draft: aimlapi.imageModel('any-other') },
    fallbackProvider: aimlapi,
  });
  custom.imageModel('draft');
  return [...images, ...videos].map(({ uint8Array }) => uint8Array);
}

// @ts-expect-error: there is no such setting
createAimlapi({ apikey: 'key' });
// @ts-expect-error: an image model makes no videos
void experimental_generateVideo({ model: aimlapi.image('wan2.5-t2i-preview'), prompt: 'waves' });
