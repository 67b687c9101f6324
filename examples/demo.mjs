// Makes an image and a video, with progress; with a key it shows the price and asks first. Costs 1 image and 1 video.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createWan } from 'aimlapi-wan';
import { createVtrix } from 'aimlapi-wan/vtrix';

const { values: flags } = parseArgs({
  options: { provider: { type: 'string', default: 'aimlapi' }, yes: { type: 'boolean', default: false } },
});
const atVtrix = flags.provider === 'vtrix';
if (!atVtrix && flags.provider !== 'aimlapi') {
  console.error(`Cannot use --provider ${flags.provider}: it takes aimlapi or vtrix.`);
  process.exit(1);
}
const { embedded } = await import(atVtrix ? './embedded-vtrix.mjs' : './embedded.mjs');

const image = { model: 'alibaba/wan2.5-t2i-preview', prompt: 'a lighthouse at dusk, seen from the sea' };
const prompt = 'waves below a lighthouse';
const video = atVtrix
  ? { model: 'wan22_t2v_plus', input: { prompt }, parameters: { size: '832*480' } }
  : { model: 'alibaba/wan2.2-t2v-plus', prompt, resolution: '480P' };

const interrupt = new AbortController();
const { signal } = interrupt;
process.once('SIGINT', () => interrupt.abort(new Error('Interrupted')));

/** The client request id of a paid create whose answer is not there yet. */
let paying;
let job;

try {
  const client = atVtrix ? createVtrix() : createWan();
  if (embedded || (await agree(client))) {
    if (!atVtrix) await makeImage(client);
    await makeVideo(client);
  } else {
    console.log('Nothing was made, and nothing was spent.');
  }
} catch (error) {
  const interrupted = signal.aborted && error === signal.reason;
  finish(interrupted ? 'Interrupted.' : error.message, console.error);
  if (interrupted && paying) {
    console.error(`It may have been paid for: look up client request id ${paying} in the API's log.`);
  }
  if (job) console.error(`The video was started. Its job id: ${job.id}`);
  process.exitCode = interrupted ? 130 : 1;
}

async function makeImage(wan) {
  show('image: in the making');
  paying = `demo-${randomUUID()}`;
  const { images, usage } = await wan.generateImage(image, { signal, clientRequestId: paying });
  paying = undefined;
  const { path, bytes } = await wan.save(images[0], 'out/demo.png', { signal });
  finish(`image: ${path}, ${bytes} bytes${costOf(usage)}`);
}

async function makeVideo(wan) {
  show('video: in the making');
  paying = `demo-${randomUUID()}`;
  job = await wan.generateVideo(video, { signal, clientRequestId: paying });
  paying = undefined;
  const made = await wan.pollUntilDone(job, {
    signal,
    // the embedded API needs 3 s where the real one needs minutes
    intervalMs: embedded ? 1_000 : undefined,
    onUpdate: ({ status, progress, elapsedMs, trouble }) => {
      const share = progress === undefined ? '' : ` ${Math.round(progress * 100)} %`;
      show(`video: ${trouble?.message ?? status}`, `${share}, ${Math.round(elapsedMs / 1000)} s`);
    },
  });
  const { path, bytes } = await wan.save(made, 'out/demo.mp4', { signal });
  job = undefined;
  finish(`video: ${path}, ${bytes} bytes${costOf(made.usage)}`);
}

function costOf(usage) {
  return usage && !embedded ? `, $${usage.usdSpent}` : '';
}

/** Tells how far it is: in one line that is written again on a terminal, else in a line for each change. */
function show(text, detail = '') {
  const { isTTY, columns } = process.stdout;
  const line = `${text}${detail}`;
  // a line that wraps could not be written again
  if (isTTY) process.stdout.write(`\r\x1b[K${line.slice(0, (columns || 80) - 1)}`);
  else if (text !== show.last) console.log(line);
  show.last = text;
}

function finish(text, print = console.log) {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  print(text);
}

/** Shows what it will cost and asks whether to spend it. */
async function agree(client) {
  if (atVtrix) {
    console.log(`There is a key in the environment. This makes 1 video with ${video.model} at Vtrix,`);
    console.log('which publishes no price that could be asked for here.');
    return consent();
  }
  const given = process.env.AIMLAPI_BASE_URL?.trim() || 'https://api.aimlapi.com';
  console.log(`There is a key in the environment. This makes, at ${new URL(given).host}:`);
  for (const [kind, input] of Object.entries({ image, video })) {
    const { usd, reason } = await client.estimateCost(input, { signal });
    const price = usd === undefined ? `no price is known (${reason})` : `$${Number(usd.toFixed(6))}`;
    console.log(`  1 ${kind} with ${input.model}: ${price}`);
  }
  return consent();
}

async function consent() {
  if (flags.yes) return true;
  if (!process.stdin.isTTY) {
    throw new Error(
      'Cannot ask whether to spend that: the input is no terminal. Run it with --yes to go ahead.',
    );
  }
  return ask('Spend that? y/N ');
}

async function ask(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of the input close it, and a question then open is never answered
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  const options = { signal: AbortSignal.any([signal, closed.signal]) };
  const answer = await terminal.question(question, options).catch(() => '');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
