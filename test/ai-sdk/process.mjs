// One process of two. Usage: process.mjs FOLDER_WITH_AI URL start MODEL | status MODEL OPERATION
import { createAimlapi } from 'aimlapi-wan/ai-sdk';
import { loadAi } from './load-ai.mjs';

const [folder, baseURL, doing, model, operation] = process.argv.slice(2);
const ai = await loadAi(folder);
const video = createAimlapi({ apiKey: 'key-of-the-ai-sdk', baseURL }).video(model);
// `ai` 6 has no functions for this: there the model itself is asked
const startVideo =
  ai.experimental_startVideo ?? (({ prompt }) => video.doStart({ prompt, n: 1, providerOptions: {} }));
const getStatus = ai.experimental_getVideoStatus ?? ((_, given) => video.doStatus(given));
const result =
  doing === 'start'
    ? await startVideo({ model: video, prompt: 'a fox' })
    : await getStatus(video, { operation: JSON.parse(operation) });
process.stdout.write(JSON.stringify({ ...result, pid: process.pid }));
