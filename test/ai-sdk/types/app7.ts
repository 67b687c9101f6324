// What only an app with `ai` 7 writes. Only compiled.
import {
  createProviderRegistry,
  experimental_generateVideo,
  experimental_getVideoStatus,
  experimental_startVideo,
} from 'ai';
import { aimlapi } from 'aimlapi-wan/ai-sdk';
import './app.js';

const model = createProviderRegistry({ aimlapi }).videoModel('aimlapi:wan2.5-t2v-preview');

export async function make(): Promise<string> {
  await experimental_generateVideo({
    model: aimlapi.videoModel('wan2.5-t2v-preview'),
    prompt: 'waves',
    poll: { intervalMs: 5_000 },
  });
  const { operation } = await experimental_startVideo({ model, prompt: 'waves' });
  const status = await experimental_getVideoStatus(model, { operation });
  return status.status;
}
