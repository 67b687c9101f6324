// Prints a line for each request, by a fetch of your own. Costs 1 image.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { createWan } from 'aimlapi-wan';

const wan = createWan({
  async fetch(url, init) {
    const startedAt = performance.now();
    // init as it is: it holds the signal, and keeps redirects from being followed with the key
    const response = await fetch(url, init);
    const ms = Math.round(performance.now() - startedAt);
    // without the query, which signs the link to a file
    console.log(init.method, new URL(url).pathname, response.status, `${ms} ms`);
    return response;
  },
});

const { images } = await wan.generateImage({ model: 'wan2.2-t2i-plus', prompt: 'a fox in the snow' });
await wan.save(images[0], 'out/fox.png');
