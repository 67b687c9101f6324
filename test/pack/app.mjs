import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { createWan, InvalidInputError, WanError } from 'aimlapi-wan';
import { aimlapi } from 'aimlapi-wan/ai-sdk';
import { checkInput, jsonSchemaOf } from 'aimlapi-wan/models';
import { createFakeApi } from 'aimlapi-wan/testing';
import { createUndiciFetch } from 'aimlapi-wan/undici';

const api = createFakeApi({ videoSeconds: 0 });
const server = await api.listen();
const wan = createWan({ apiKey: 'key-of-an-app', baseUrl: server.url });

const { images } = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a lighthouse' });
assert.ok((await wan.save(images[0], 'out/image.png')).bytes > 1000);

const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
const video = await wan.pollUntilDone(job, { intervalMs: 10 });
assert.equal((await wan.save(video, 'out/video.mp4')).contentType, 'video/mp4');
assert.equal(api.generations, 2);

// a tracing listener that throws ends nothing, on this version of Node either
const told = [];
const store = new AsyncLocalStorage();
const { start, asyncEnd } = tracingChannel('aimlapi-wan:create');
start.bindStore(store, () => assert.fail('a bound function that throws'));
for (const channel of [start, asyncEnd]) {
  channel.subscribe(() => assert.fail('a listener that throws'));
  channel.subscribe(async ({ attributes }) => {
    told.push(attributes['gen_ai.request.model']);
    assert.fail('a listener that rejects');
  });
}
process.removeAllListeners('warning'); // each of the three is told of in a warning
await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a traced dragon' });
assert.deepEqual(told, ['alibaba/wan2.2-t2v-plus', 'alibaba/wan2.2-t2v-plus']);
assert.equal(api.generations, 3);

const fetch = createUndiciFetch({ connections: 1 });
const pooled = createWan({ apiKey: 'key-of-an-app', baseUrl: server.url, fetch });
assert.ok((await pooled.download(await pooled.pollUntilDone(job))).byteLength > 1000);
await fetch.close();

const refused = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: '' }).catch((error) => error);
assert.ok(refused instanceof InvalidInputError && refused.name === 'InvalidInputError');

assert.deepEqual(checkInput({ model: 'wan2.5-t2i-preview', prompt: '' }).issues, refused.issues);
assert.equal(jsonSchemaOf('wan2.5-t2i-preview').title, 'alibaba/wan2.5-t2i-preview');

// without `ai`, which is not installed here
assert.equal(aimlapi.image('wan2.5-t2i-preview').maxImagesPerCall, 4);

// an error thrown by one copy of the package is known to the other
const twin = createRequire(import.meta.url)('aimlapi-wan');
assert.ok(twin.WanError !== WanError && refused instanceof twin.InvalidInputError);

await server.close();
console.log('import works, over sockets');
