// What is tried with the real AI SDK: each case gets the module `ai`, and asserts what was paid and what came back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import {
  createWan,
  InvalidInputError,
  JobError,
  OutcomeUnknownError,
  PollStoppedError,
  PollTimeoutError,
  VideoFailedError,
} from 'aimlapi-wan';
import { createAimlapi, ImageDownloadError } from 'aimlapi-wan/ai-sdk';
import { createFakeApi } from 'aimlapi-wan/testing';

const apiKey = 'key-of-the-ai-sdk';
const picture = 'wan2.5-t2i-preview';
const film = 'wan2.5-t2v-preview';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The embedded API on a socket, and a provider that uses it. `track` closes it after the case. */
async function start(track, settings = {}, options = {}) {
  const api = createFakeApi({ videoSeconds: 0.3, ...options });
  const server = await api.listen();
  track(() => server.close());
  const aimlapi = createAimlapi({ apiKey, baseURL: server.url, ...settings });
  const sent = (method) => api.requests.filter((each) => each.method === method);
  return { api, server, aimlapi, posts: () => sent('POST'), gets: () => sent('GET') };
}

const errorOf = (promise) =>
  promise.then(
    () => assert.fail('it did not fail'),
    (error) => error,
  );

/** The link of a video, fetched as `ai` would: its own fetch refuses addresses of this machine. */
const download = async ({ url, abortSignal }) => {
  const response = await fetch(url, { signal: abortSignal });
  assert.equal(response.status, 200);
  return { data: new Uint8Array(await response.arrayBuffer()), mediaType: 'video/mp4' };
};

/** The pace is made for videos that take minutes: these are done sooner. */
const quick = { aimlapi: { pollIntervalMs: 50 } };

const isMp4 = (bytes) => Buffer.from(bytes).toString('latin1', 4, 8) === 'ftyp';

export const cases = {
  async 'splits 6 images into two creates, and tells the cost of each once'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    const made = await ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox', n: 6 });
    assert.equal(api.generations, 2);
    assert.equal(made.images.length, 6);
    assert.ok(made.images.every((each) => each.mediaType === 'image/png' && each.uint8Array.length > 1_000));
    assert.deepEqual(
      posts().map(({ body }) => body.num_images),
      [4, 2],
    );
    const { images } = made.providerMetadata.aimlapi;
    assert.equal(images.length, 6);
    const spent = images.reduce((sum, { usage }) => sum + (usage?.usdSpent ?? 0), 0);
    assert.ok(Math.abs(spent - api.charged) < 1e-9, `${spent} of ${api.charged}`);
    assert.equal(images.filter(({ clientRequestId }) => clientRequestId).length, 2);
    assert.deepEqual(made.warnings, []);
    assert.equal(made.responses[0].modelId, `alibaba/${picture}`);
  },

  async 'makes one image a call of a model that makes one'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    const made = await ai.generateImage({ model: aimlapi.image('wan-2-7-image'), prompt: 'a fox', n: 3 });
    assert.deepEqual([api.generations, made.images.length, made.warnings], [3, 3, []]);
  },

  async 'edits pictures, and says that there is no mask'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    const prompt = { text: 'in winter', images: [png, 'https://example.com/a.png'], mask: png };
    const made = await ai.generateImage({
      model: aimlapi.image('wan-2-7-image'),
      prompt,
      size: '1024x768',
      seed: 7,
    });
    assert.equal(api.generations, 1);
    const { image_urls, image_size, seed } = posts()[0].body;
    assert.match(image_urls[0], /^data:image\/png;base64,iVBOR/);
    assert.equal(image_urls[1], 'https://example.com/a.png');
    assert.deepEqual([image_size, seed], [{ width: 1024, height: 768 }, 7]);
    assert.deepEqual(
      made.warnings.map(({ type, feature }) => [type, feature]),
      [['unsupported', 'mask']],
    );
  },

  async 'warns of what a model cannot do, and makes the rest'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    const made = await ai.generateImage({
      model: aimlapi.image(picture),
      prompt: { text: 'a fox', images: [png] },
      aspectRatio: '3:2',
    });
    assert.deepEqual(
      made.warnings.map(({ feature }) => feature),
      ['aspectRatio', 'files'],
    );
    assert.deepEqual(posts()[0].body, { model: `alibaba/${picture}`, prompt: 'a fox' });
    const video = await ai.experimental_generateVideo({
      model: aimlapi.video('wan/v2.1/1.3b/text-to-video'),
      prompt: 'a fox',
      duration: 5,
      fps: 24,
      resolution: '1280x720',
      aspectRatio: '9:16',
      providerOptions: quick,
    });
    assert.deepEqual(
      video.warnings.map(({ feature }) => feature),
      ['resolution', 'duration', 'fps'],
    );
    assert.equal(posts()[1].body.aspect_ratio, '9:16');
    assert.equal(api.generations, 2);
  },

  async 'pays nothing for a field that the model does not have'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    const providerOptions = { aimlapi: { negative_promt: 'blur' } };
    for (const error of [
      await errorOf(ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox', providerOptions })),
      await errorOf(
        ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', providerOptions }),
      ),
    ]) {
      assert.ok(error instanceof InvalidInputError, inspect(error));
      assert.equal(error.issues[0].path, 'negative_promt');
      assert.match(error.message, /did you mean "negative_prompt"/);
    }
    const chosen = { aimlapi: { model: 'wan2.2-t2i-plus' } };
    const error = await errorOf(
      ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox', providerOptions: chosen }),
    );
    assert.equal(error.issues[0].path, 'providerOptions.aimlapi.model');
    assert.deepEqual([api.generations, api.requests.length], [0, 0]);
  },

  async 'sends fields of providerOptions.aimlapi, and no others'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    const providerOptions = { aimlapi: { negative_prompt: 'blur' }, openai: { style: 'vivid' } };
    await ai.generateImage({
      model: aimlapi.image(picture),
      prompt: 'a fox',
      aspectRatio: '3:4',
      providerOptions,
    });
    assert.deepEqual(posts()[0].body, {
      model: `alibaba/${picture}`,
      prompt: 'a fox',
      image_size: 'portrait_4_3',
      negative_prompt: 'blur',
    });
    assert.equal(api.generations, 1);
  },

  async 'passes a model on that is not known here, with a warning'({ ai, track }) {
    // the embedded API knows no more models than the client: what it gets is a model that it knows
    const renaming = (url, init) =>
      fetch(url, {
        ...init,
        ...(init.body && { body: init.body.replace('alibaba/wan-9-image', `alibaba/${picture}`) }),
      });
    const { api, aimlapi, posts } = await start(track, { fetch: renaming });
    const model = aimlapi.image('alibaba/wan-9-image');
    const made = await ai.generateImage({ model, prompt: 'a fox', n: 2, size: '512x512' });
    assert.deepEqual([api.generations, made.images.length], [2, 2]);
    assert.match(made.warnings[0].message, /"alibaba\/wan-9-image" is not known here: nothing was checked/);
    assert.deepEqual(posts()[0].body.image_size, { width: 512, height: 512 });
  },

  async 'sends headers, and the idempotency key as the client request id'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    const headers = { 'x-tenant': 'blue', 'x-none': undefined, 'Idempotency-Key': 'order-42' };
    const made = await ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox', headers });
    const [{ headers: sent }] = posts();
    assert.deepEqual([sent['x-tenant'], sent['x-client-request-id']], ['blue', 'order-42']);
    assert.deepEqual(['x-none' in sent, 'idempotency-key' in sent], [false, false]);
    assert.match(sent['user-agent'], /\bai\/\d/);
    assert.equal(made.providerMetadata.aimlapi.images[0].clientRequestId, 'order-42');
    assert.equal(api.generations, 1);
  },

  async 'pays once for an image whose answer is lost'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    api.fault({ kind: 'reset', on: 'image', accepted: true });
    const error = await errorOf(ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox' }));
    assert.ok(error instanceof OutcomeUnknownError, inspect(error));
    assert.deepEqual([api.generations, posts().length], [1, 1]);
    assert.equal(error.clientRequestId, posts()[0].headers['x-client-request-id']);
  },

  async 'pays once behind a gateway that answers 502'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    for (const on of ['image', 'video']) api.fault({ kind: 'html', on, accepted: true });
    const image = await errorOf(ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox' }));
    const video = await errorOf(
      ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', providerOptions: quick }),
    );
    for (const error of [image, video]) assert.equal(error.status, 502);
    assert.deepEqual([api.generations, posts().length], [2, 2]);
  },

  async 'pays once for a video whose answer is lost, and finds it by the idempotency key'({ ai, track }) {
    const { api, server, aimlapi, posts } = await start(track);
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const headers = { 'idempotency-key': 'order-43' };
    const asked = ai.experimental_generateVideo({
      model: aimlapi.video(film),
      prompt: 'a fox',
      headers,
      providerOptions: quick,
    });
    const error = await errorOf(asked);
    assert.ok(error instanceof OutcomeUnknownError, inspect(error));
    assert.deepEqual([api.generations, posts().length], [1, 1]);
    const wan = createWan({ apiKey, baseUrl: server.url });
    const job = await wan.recoverVideo(error, { maxWaitMs: 0 });
    assert.equal(job.clientRequestId, 'order-43');
    assert.ok(isMp4(await wan.download(await wan.pollUntilDone(job, { intervalMs: 50 }))));
    assert.equal(api.generations, 1);
  },

  async 'waits through 502 pages'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    api.fault({ kind: 'html', on: 'status', times: 3 });
    const made = await ai.experimental_generateVideo({
      model: aimlapi.video(film),
      prompt: 'a fox',
      resolution: '720x1280',
      duration: 5,
      providerOptions: quick,
    });
    assert.equal(api.generations, 1);
    assert.ok(isMp4(made.video.uint8Array));
    assert.equal(api.clearFaults(), 0);
    const { videos } = made.providerMetadata.aimlapi;
    assert.equal(videos.length, 1);
    assert.ok(Math.abs(videos[0].usage.usdSpent - api.charged) < 1e-9);
  },

  async 'pays once when the status is refused for good'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    api.fault({ kind: 'error', on: 'status', status: 401, times: 9 });
    const error = await errorOf(
      ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', providerOptions: quick }),
    );
    assert.ok(error instanceof PollStoppedError, inspect(error));
    assert.equal(error.job.model, `alibaba/${film}`);
    assert.equal(api.generations, 1);
  },

  async 'pays once when the video takes too long, and gives its job back'({ ai, track }) {
    const { api, aimlapi } = await start(track, {}, { videoSeconds: 60 });
    const providerOptions = { aimlapi: { pollIntervalMs: 50, pollTimeoutMs: 200 } };
    const asked = ai.experimental_generateVideo({
      model: aimlapi.video(film),
      prompt: 'a fox',
      providerOptions,
    });
    const error = await errorOf(asked);
    assert.ok(error instanceof PollTimeoutError, inspect(error));
    assert.equal(error.job.state, 'running');
    const wrong = { aimlapi: { pollIntervalMs: -1 } };
    const refused = await errorOf(
      ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', providerOptions: wrong }),
    );
    assert.equal(refused.issues[0].path, 'providerOptions.aimlapi.pollIntervalMs');
    assert.equal(api.generations, 1);
  },

  async 'tells that a video failed, and makes no other'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    api.fault({ kind: 'job-fails', message: 'the prompt was refused' });
    const error = await errorOf(
      ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', providerOptions: quick }),
    );
    assert.ok(error instanceof VideoFailedError, inspect(error));
    assert.match(error.message, /the prompt was refused/);
    assert.equal(api.generations, 1);
  },

  async 'pays once although functions of the caller throw errors marked as retryable'({ ai, track }) {
    const retryable = () =>
      new ai.APICallError({
        message: 'try again',
        url: 'http://x',
        requestBodyValues: {},
        isRetryable: true,
      });
    let keys = 0;
    const forgetful = () => {
      keys += 1;
      if (keys > 1) throw retryable();
      return apiKey;
    };
    const brief = { aimlapi: { pollIntervalMs: 50, pollTimeoutMs: 300 } };
    const first = await start(track, { apiKey: forgetful });
    const video = await errorOf(
      ai.experimental_generateVideo({
        model: first.aimlapi.video(film),
        prompt: 'a fox',
        providerOptions: brief,
      }),
    );
    assert.equal(first.api.generations, 1);
    assert.ok(video instanceof PollTimeoutError, inspect(video));
    const aroundCreate = async (_, send) => {
      await send().catch(() => {
        throw retryable();
      });
    };
    const second = await start(track, { aroundCreate });
    second.api.fault({ kind: 'reset', on: 'image', accepted: true });
    const image = await errorOf(ai.generateImage({ model: second.aimlapi.image(picture), prompt: 'a fox' }));
    assert.match(image.message, /not made again: .*try again/);
    assert.equal(second.api.generations, 1);
  },

  async 'ends at once with the reason of the signal, while it waits and before it pays'({ ai, track }) {
    const { api, aimlapi, gets } = await start(track, {}, { videoSeconds: 60 });
    const stop = new AbortController();
    const reason = new Error('the user left');
    const asked = errorOf(
      ai.experimental_generateVideo({
        model: aimlapi.video(film),
        prompt: 'a fox',
        abortSignal: stop.signal,
        providerOptions: quick,
      }),
    );
    while (gets().length === 0) await new Promise((done) => setTimeout(done, 10));
    const abortedAt = performance.now();
    stop.abort(reason);
    assert.equal(await asked, reason);
    assert.ok(performance.now() - abortedAt < 500);
    assert.equal(api.generations, 1);
    const late = { prompt: 'a fox', abortSignal: stop.signal };
    await errorOf(ai.generateImage({ model: aimlapi.image(picture), ...late }));
    await errorOf(
      ai.experimental_generateVideo({ model: aimlapi.video(film), ...late, providerOptions: quick }),
    );
    assert.equal(api.generations, 1);
  },

  async 'ends a create at once when the signal aborts'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    api.fault({ kind: 'stall', on: 'image', accepted: true });
    const stop = new AbortController();
    const reason = new Error('the user left');
    const asked = errorOf(
      ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox', abortSignal: stop.signal }),
    );
    while (posts().length === 0) await new Promise((done) => setTimeout(done, 10));
    stop.abort(reason);
    assert.equal(await asked, reason);
    assert.deepEqual([api.generations, posts().length], [1, 1]);
  },

  async 'gives paid images back in the error where one cannot be fetched'({ ai, track }) {
    const { api, server, aimlapi } = await start(track, { maxRetries: 0 });
    api.fault({ kind: 'html', on: 'file' });
    const error = await errorOf(ai.generateImage({ model: aimlapi.image(picture), prompt: 'a fox', n: 2 }));
    assert.ok(error instanceof ImageDownloadError, inspect(error));
    assert.equal(api.generations, 1);
    assert.equal(error.result.images.length, 2);
    assert.match(error.result.images[0].url, /Signature=/);
    for (const shown of [
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      error.stack,
    ]) {
      assert.doesNotMatch(shown, /Signature=/);
    }
    const wan = createWan({ apiKey, baseUrl: server.url });
    for (const image of error.result.images) assert.ok((await wan.download(image)).length > 1_000);
    assert.equal(api.generations, 1);
  },

  async 'gives the job of a paid video back in the error where its file cannot be fetched'({ ai, track }) {
    const { api, server, aimlapi } = await start(track, { maxRetries: 0 });
    api.fault({ kind: 'html', on: 'file' });
    const error = await errorOf(
      ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', providerOptions: quick }),
    );
    assert.ok(error instanceof JobError, inspect(error));
    assert.equal(error.job.state, 'done');
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error), /Signature=/);
    assert.ok(isMp4(await createWan({ apiKey, baseUrl: server.url }).download(error.job)));
    assert.equal(api.generations, 1);
  },

  async 'is found through a registry, and has no language models'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    const registry = ai.createProviderRegistry({ aimlapi });
    const model = registry.imageModel(`aimlapi:alibaba/${picture}`);
    const made = await ai.generateImage({ model, prompt: 'a fox', n: 5 });
    assert.deepEqual([made.images.length, api.generations], [5, 2]);
    const custom = ai.customProvider({
      imageModels: { draft: aimlapi.image(picture) },
      fallbackProvider: aimlapi,
    });
    await ai.generateImage({ model: custom.imageModel('draft'), prompt: 'a fox' });
    await ai.generateImage({ model: custom.imageModel('wan-2-7-image'), prompt: 'a fox' });
    assert.equal(api.generations, 4);
    for (const [call, type] of [
      [() => aimlapi.languageModel('gpt-5'), 'languageModel'],
      [() => aimlapi.embeddingModel('ada'), 'embeddingModel'],
      [() => registry.languageModel('aimlapi:gpt-5'), 'languageModel'],
      [() => aimlapi.image(film), 'imageModel'],
      [() => aimlapi.video(picture), 'videoModel'],
    ]) {
      assert.throws(call, (error) => ai.NoSuchModelError.isInstance(error) && error.modelType === type);
    }
    if (registry.videoModel) {
      const video = registry.videoModel(`aimlapi:${film}`);
      assert.ok(
        isMp4(
          (await ai.experimental_generateVideo({ model: video, prompt: 'a fox', providerOptions: quick }))
            .video.uint8Array,
        ),
      );
      assert.equal(api.generations, 5);
    }
  },

  async 'starts in one process and asks for the status in another'({ ai, track, folder }) {
    const { api, server } = await start(track, {}, { videoSeconds: 1 });
    const run = async (...given) => {
      const script = new URL('process.mjs', import.meta.url).pathname;
      const { stdout } = await promisify(execFile)(process.execPath, [script, folder, server.url, ...given]);
      return JSON.parse(stdout);
    };
    const { operation, warnings, pid } = await run('start', film);
    assert.equal(api.generations, 1);
    assert.deepEqual(warnings, []);
    api.fault({ kind: 'html', on: 'status', times: 1 });
    const answers = [];
    do {
      answers.push(await run('status', film, JSON.stringify(operation)));
    } while (answers.at(-1).status === 'pending');
    assert.ok(answers.every((each) => each.pid !== pid));
    assert.equal(answers[0].status, 'pending');
    assert.match(answers[0].providerMetadata.aimlapi.trouble, /502/);
    const { status, videos, providerMetadata } = answers.at(-1);
    assert.equal(status, 'completed');
    assert.ok(isMp4((await download({ url: videos[0].url })).data));
    assert.equal(providerMetadata.aimlapi.videos[0].id, operation.id);
    assert.equal(api.generations, 1);
    assert.ok(!('raw' in operation) && JSON.stringify(operation).length < 1_000 && ai !== undefined);
  },

  async 'doStatus is pending in any trouble, and asks the other path at once'({ track }) {
    const { api, aimlapi, gets } = await start(track);
    const model = aimlapi.video(film);
    const { operation } = await model.doStart({ prompt: 'a fox', n: 1, providerOptions: {} });
    const troubles = [
      { kind: 'html', on: 'status' },
      { kind: 'reset', on: 'status' },
      { kind: 'rate-limit', on: 'status' },
      { kind: 'broken-json', on: 'status' },
      { kind: 'error', on: 'status', status: 500 },
    ];
    for (const fault of troubles) {
      api.fault(fault);
      const { status, providerMetadata } = await model.doStatus({ operation });
      assert.equal(status, 'pending', fault.kind);
      assert.equal(typeof providerMetadata.aimlapi.trouble, 'string');
      assert.ok(providerMetadata.aimlapi.nextMs > 0);
    }
    await new Promise((done) => setTimeout(done, 300));
    api.fault({ kind: 'error', on: 'status', status: 404 });
    const before = gets().length;
    assert.equal((await model.doStatus({ operation })).status, 'completed');
    assert.notEqual(gets()[before].path, gets()[before + 1].path);
    const headers = { 'idempotency-key': 'order-44', 'x-tenant': 'blue' };
    await model.doStatus({ operation, headers });
    assert.deepEqual(
      [gets().at(-1).headers['x-tenant'], gets().at(-1).headers['idempotency-key']],
      ['blue', undefined],
    );
    assert.equal(api.generations, 1);
  },
};

/** What only `ai` 7 has: the flow of `doStart` and `doStatus`. */
export const casesOf7 = {
  async 'polls by itself, through 502 pages'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    api.fault({ kind: 'html', on: 'status', times: 3 });
    const made = await ai.experimental_generateVideo({
      model: aimlapi.video(film),
      prompt: 'a fox',
      poll: { intervalMs: 100 },
      download,
    });
    assert.deepEqual([api.generations, posts().length, api.clearFaults()], [1, 1, 0]);
    assert.ok(isMp4(made.video.uint8Array));
    assert.match(posts()[0].headers['x-client-request-id'], /^aisdk_vid_/);
    const { videos, job } = made.providerMetadata.aimlapi;
    assert.equal(videos.length, 1);
    assert.equal(videos[0].id, job.id);
    assert.ok(Math.abs(videos[0].usage.usdSpent - api.charged) < 1e-9 && !('usage' in job));
  },

  async 'pays once for a lost start'({ ai, track }) {
    const { api, aimlapi, posts } = await start(track);
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const error = await errorOf(
      ai.experimental_generateVideo({
        model: aimlapi.video(film),
        prompt: 'a fox',
        poll: { intervalMs: 50 },
      }),
    );
    assert.ok(error instanceof OutcomeUnknownError, inspect(error));
    assert.match(error.clientRequestId, /^aisdk_vid_/);
    assert.deepEqual([api.generations, posts().length], [1, 1]);
  },

  async 'pays once where polling fails, times out or is aborted'({ ai, track }) {
    const { api, aimlapi, gets } = await start(track, {}, { videoSeconds: 60 });
    const ask = (more) =>
      errorOf(
        ai.experimental_generateVideo({ model: aimlapi.video(film), prompt: 'a fox', download, ...more }),
      );
    api.fault({ kind: 'error', on: 'status', status: 401 });
    assert.ok((await ask({ poll: { intervalMs: 50 } })) instanceof PollStoppedError);
    assert.match((await ask({ poll: { intervalMs: 50, timeoutMs: 300 } })).message, /timed out/);
    const before = gets().length;
    const stop = new AbortController();
    const asked = ask({ poll: { intervalMs: 50 }, abortSignal: stop.signal });
    while (gets().length === before) await new Promise((done) => setTimeout(done, 10));
    stop.abort(new Error('the user left'));
    assert.match((await asked).message, /the user left|aborted/i);
    assert.equal(api.generations, 3);
    api.fault({ kind: 'job-fails', message: 'the prompt was refused' });
    const failed = await start(track);
    failed.api.fault({ kind: 'job-fails', message: 'the prompt was refused' });
    const model = failed.aimlapi.video(film);
    const asking = ai.experimental_generateVideo({ model, prompt: 'a fox', poll: { intervalMs: 50 } });
    assert.match((await errorOf(asking)).message, /the prompt was refused/);
    assert.equal(failed.api.generations, 1);
  },

  async 'warns of a webhook'({ ai, track }) {
    const { api, aimlapi } = await start(track);
    const started = await ai.experimental_startVideo({
      model: aimlapi.video(film),
      prompt: 'a fox',
      webhookUrl: 'https://example.com/hook',
    });
    assert.deepEqual(
      started.warnings.map(({ feature }) => feature),
      ['webhook'],
    );
    assert.equal(started.providerMetadata.aimlapi.job.id, started.operation.id);
    const status = await ai.experimental_getVideoStatus(aimlapi.video(film), {
      operation: started.operation,
    });
    assert.equal(status.status, 'pending');
    assert.equal(api.generations, 1);
  },
};
