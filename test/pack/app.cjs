const assert = require('node:assert/strict');
const { createWan, OutcomeUnknownError } = require('aimlapi-wan');
const { aimlapi } = require('aimlapi-wan/ai-sdk');
const { checkInput } = require('aimlapi-wan/models');
const { createFakeApi } = require('aimlapi-wan/testing');
const { createUndiciFetch } = require('aimlapi-wan/undici');
const { createVtrix } = require('aimlapi-wan/vtrix');

async function main() {
  const api = createFakeApi({ videoSeconds: 0 });
  const server = await api.listen();
  const wan = createWan({ apiKey: 'key-of-an-app', baseUrl: server.url });
  const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
  assert.ok((await wan.download(await wan.pollUntilDone(job.id))).byteLength > 1000);

  assert.equal(checkInput({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' }).value.model, job.model);

  assert.equal(aimlapi.video('wan2.2-t2v-plus').maxVideosPerCall, 1);

  api.fault({ kind: 'reset', on: 'image', accepted: true });
  const lost = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' }).catch((error) => error);
  assert.ok(lost instanceof OutcomeUnknownError);
  assert.equal(api.generations, 2);

  // not closed: its idle connections must not keep the process alive
  const fetch = createUndiciFetch();
  const vtrix = createVtrix({ apiKey: 'key-of-an-app', baseUrl: server.url, fetch });
  assert.equal(checkInput({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' }).value.model, job.model);

  api.fault({ kind: 'reset', on: 'video', accepted: true });
  const input = { model: 'wan22_t2v_plus', input: { prompt: 'x' } };
  // the classes are shared between the entries
  assert.ok((await vtrix.generateVideo(input).catch((error) => error)) instanceof OutcomeUnknownError);

  await server.close();
  console.log('require works, over sockets');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
