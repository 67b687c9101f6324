// Tests an app with Jest: a wrong input never leaves, and a video that fails is told. Costs nothing.
const { createWan, InvalidInputError, VideoFailedError } = require('aimlapi-wan');
const { createFakeApi } = require('aimlapi-wan/testing');

/** The app under test. */
async function makeClip(input, wan) {
  const job = await wan.generateVideo({ model: 'wan2.2-t2v-plus', ...input });
  return wan.pollUntilDone(job, { intervalMs: 10 });
}

let api;
let wan;

beforeEach(() => {
  api = createFakeApi({ videoSeconds: 0 });
  wan = createWan({ apiKey: 'test', fetch: api.fetch });
});

test('a resolution that the model does not have is refused, and nothing is sent', async () => {
  const clip = makeClip({ prompt: 'a dragon', resolution: '720P' }, wan);
  await expect(clip).rejects.toThrow(InvalidInputError);
  expect(api.requests).toEqual([]);
});

test('a video that the API cannot make is a VideoFailedError with its job', async () => {
  api.fault({ on: 'video', kind: 'job-fails', message: 'the prompt was refused' });
  const error = await makeClip({ prompt: 'a dragon' }, wan).catch((reason) => reason);
  expect(error).toBeInstanceOf(VideoFailedError);
  expect(error.reason).toContain('the prompt was refused');
  expect(error.job.state).toBe('failed');
});
