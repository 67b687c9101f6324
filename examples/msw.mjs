// Puts MSW in front of the embedded API, for an app that makes its own client. Costs nothing.
// needs MSW: npm install --save-dev msw
import { createWan } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';

const api = createFakeApi({ videoSeconds: 0 });
const server = setupServer(
  http.all('https://*.aimlapi.com/*', ({ request }) =>
    // a connection that a fault resets is a network error; MSW would make a 500 of it
    api.fetch(request).catch(() => HttpResponse.error()),
  ),
);
server.listen({ onUnhandledRequest: 'error' });

// here the app under test would run: it makes its client as ever
const wan = createWan({ apiKey: 'test', baseUrl: 'https://api.aimlapi.com' });
const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
const video = await wan.pollUntilDone(job, { intervalMs: 10 });
console.log('saved:', (await wan.save(video, 'out/msw.mp4')).path);

console.log('paid creates:', api.generations);
for (const { method, path } of api.requests) console.log(method, path);
server.close();
