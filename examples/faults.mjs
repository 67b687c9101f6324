// Tests an app with node:test against the embedded API: a lost answer, and a busy API. Costs nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createWan, OutcomeUnknownError } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';

/** The app under test: fills an order, or marks it for a person to look at. */
async function fill(order, wan) {
  try {
    const { images } = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: order.prompt });
    return { ...order, state: 'done', url: images[0].url };
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    return { ...order, state: 'look-up', clientRequestId: error.clientRequestId };
  }
}

test('fill() asks a person when the answer was lost, and does not pay twice', async () => {
  const api = createFakeApi();
  const wan = createWan({ apiKey: 'test', fetch: api.fetch });
  api.fault({ on: 'image', kind: 'reset', accepted: true });
  const order = await fill({ prompt: 'a lighthouse' }, wan);
  assert.equal(order.state, 'look-up');
  assert.equal(order.clientRequestId, api.requests[0]?.headers['x-client-request-id']);
  assert.equal(api.generations, 1);
});

test('fill() is done after the API was too busy twice', async () => {
  const api = createFakeApi();
  const wan = createWan({ apiKey: 'test', fetch: api.fetch });
  api.fault({ on: 'image', kind: 'rate-limit', times: 2 });
  const order = await fill({ prompt: 'a lighthouse' }, wan);
  assert.equal(order.state, 'done');
  assert.equal(api.requests.length, 3);
  assert.equal(api.generations, 1);
});
