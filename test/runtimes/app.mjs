// The app under test. It runs in every runtime, so it uses nothing but what the web has.

const video = { model: 'wan2.2-t2v-plus', prompt: 'a lighthouse in a storm' };
const image = { model: 'wan2.2-t2i-plus', prompt: 'a lighthouse in a storm' };

/**
 * Makes, waits and downloads against the relay at `url`. Gives what passed, one word each; throws where something fails.
 *
 * @param library what the package exports
 * @param isPage whether fetch hides redirects
 * @param saves what `save` does: its path where it works, or words of the error that says what it needs
 */
export async function check(library, { url, apiKey, isPage = false, saves }) {
  const { createWan, toDataUri, DownloadError, InvalidInputError, OutcomeUnknownError } = library;
  const wan = createWan({ apiKey, baseUrl: url, timeoutMs: 10_000 });
  const passed = [];

  async function step(name, work) {
    try {
      await work();
      passed.push(name);
    } catch (cause) {
      throw new Error(`${name}: ${cause?.stack ?? cause} (passed before: ${passed.join(', ') || 'nothing'})`);
    }
  }

  const control = async (path) => (await fetch(`${url}/control/${path}`)).text();
  const paid = async () => JSON.parse(await control('paid'));

  let bytes;
  await step('create', async () => {
    const job = await wan.generateVideo(video);
    equal(job.provider, 'aimlapi');
    equal((await paid()).paid, 1);
  });
  await step('wait and download', async () => {
    const polled = [];
    const job = await wan.generateVideo(video);
    const done = await wan.pollUntilDone(job, {
      intervalMs: 50,
      onUpdate: ({ status }) => polled.push(status),
    });
    truthy(polled.length > 1, `updates: ${polled}`);
    bytes = await wan.download(done);
    equal(String.fromCharCode(...bytes.subarray(4, 8)), 'ftyp');
  });
  await step('tracing', async () => {
    // a page has no channels, and workerd has none without its flag for Node
    const node = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
    const told = [];
    const end = node?.tracingChannel('aimlapi-wan:create').asyncEnd;
    const listen = ({ attributes }) => {
      told.push(attributes['gen_ai.output.type']);
      throw new Error('a listener that throws');
    };
    end?.subscribe(listen);
    await wan.generateVideo(video);
    end?.unsubscribe(listen);
    equal(told.join(), end ? 'video' : '');
  });
  await step('picture as base64', async () => {
    const { images } = await wan.generateImage(image);
    const picture = await wan.download(images[0]);
    equal(String.fromCharCode(...picture.subarray(1, 4)), 'PNG');
    const uri = await toDataUri(picture);
    equal(uri, `data:image/png;base64,${images[0].base64}`);
    equal(await toDataUri(new Blob([picture])), uri);
    equal((await wan.download({ base64: `${images[0].base64}!\n` })).byteLength, picture.byteLength);
  });
  await step('redirected download', async () => {
    const moved = wan.download(`${url}/control/moved`);
    if (!isPage) return equal((await moved).byteLength, bytes.byteLength);
    const error = await failureOf(moved);
    truthy(error instanceof DownloadError, error);
    return includes(error.message, 'browsers hide the target');
  });
  for (const by of ['reset', 'close', '421']) {
    await step(`one create where its answer is lost (${by})`, async () => {
      const before = await paid();
      // a connection that is already open: some transports send again on those
      await wan.generateVideo(video);
      await control(`lose?by=${by}`);
      const lost = await failureOf(wan.generateVideo(video));
      await control('lose');
      const after = await paid();
      equal(after.paid - before.paid, 2);
      truthy(after.lostOnUsed > before.lostOnUsed, 'on a new connection, which shows nothing');
      // the API's own refusal would be in its own words
      if (by === '421') return truthy(lost.status >= 421, lost);
      truthy(lost instanceof OutcomeUnknownError, lost);
      return equal((await wan.recoverVideo(lost, { maxWaitMs: 0 }))?.clientRequestId, lost.clientRequestId);
    });
  }
  await step('vtrix', async () => {
    const vtrix = library.createVtrix({ apiKey, baseUrl: url });
    const job = await vtrix.generateVideo({ model: 'wan22_t2v_plus', input: { prompt: 'a lighthouse' } });
    const done = await vtrix.pollUntilDone(job, { intervalMs: 50 });
    truthy((await vtrix.download(done)).byteLength > 1_000, 'a short file');
  });
  await step('abort', async () => {
    const controller = new AbortController();
    const reason = { mine: true };
    const job = await wan.generateVideo(video);
    setTimeout(() => controller.abort(reason), 30);
    const wait = wan.pollUntilDone(job, { signal: controller.signal, intervalMs: 5_000 });
    truthy((await failureOf(wait)) === reason, 'another reason');
    truthy((await failureOf(wan.generateVideo(video, { signal: controller.signal }))) === reason, 'another');
  });
  await step('errors', async () => {
    const error = await failureOf(wan.generateVideo({ ...video, prompt: 5 }));
    truthy(error instanceof InvalidInputError, error);
    includes(error.message, 'prompt');
    const refused = await failureOf(wan.generateVideoUnchecked({ model: 'alibaba/wan2.2-t2v-plus' }));
    equal(refused.status, 400);
  });
  await step(saves.path ? 'save' : 'save says what it needs', async () => {
    const before = await paid();
    if (saves.path) {
      equal((await wan.save({ base64: 'aGk=' }, saves.path)).bytes, 2);
      return;
    }
    includes((await failureOf(wan.save({ base64: 'aGk=' }, 'x.png'))).message, saves.says);
    if (saves.reads) includes((await failureOf(toDataUri('x.png'))).message, saves.reads);
    equal((await paid()).paid, before.paid);
  });
  return passed;
}

function failureOf(promise) {
  return promise.then(
    (value) => new Error(`no failure but ${JSON.stringify(value)}`),
    (error) => error,
  );
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${String(actual).slice(0, 200)} is not ${expected}`);
}

function includes(text, part) {
  if (!text.includes(part)) throw new Error(`"${text}" does not say "${part}"`);
}

function truthy(value, why) {
  if (!value) throw new Error(`it is ${why?.stack ?? String(why)}`);
}
