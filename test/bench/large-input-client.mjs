// One contender of the measurement of large inputs: sends one create with pictures as data URIs in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createWan } from 'aimlapi-wan';
import { answerParent } from './contest.mjs';

const [who, url] = process.argv.slice(2);
const key = 'no-key-is-needed-here';
const model = 'alibaba/wan-2-7-image';

/** What sends an input, by who sends. */
const makers = {
  'aimlapi-wan, unchecked': () => createWan({ apiKey: key, baseUrl: url }).generateImageUnchecked,
  'aimlapi-wan, checked': () => createWan({ apiKey: key, baseUrl: url }).generateImage,
  'JSON.stringify, fetch': () => async (input) => {
    const answer = await fetch(`${url}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return answer.json();
  },
};

/** Flat, as a text that was read or decoded: joined texts are put together by whoever reads them first. */
function toPicture(bytes) {
  const text = `data:image/png;base64,${Buffer.alloc(bytes, 'some bytes of a picture').toString('base64')}`;
  return Buffer.from(text, 'latin1').toString('latin1');
}

const create = makers[who]();
const toMb = (bytes) => bytes / 1024 / 1024;

/** Makes the most memory that was used until now be forgotten, which only Linux can. */
function forgetMost() {
  writeFileSync('/proc/self/clear_refs', '5');
}

function mostMb() {
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

/** The longest time between two turns of the event loop. */
function watchBlocks() {
  let longestMs = 0;
  let lastMs = performance.now();
  const look = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    timer = setImmediate(look);
  };
  let timer = setImmediate(look);
  return () => {
    clearImmediate(timer);
    look();
    clearImmediate(timer);
    return longestMs;
  };
}

answerParent({
  async run({ megabytes }) {
    const inputWith = (pictures) => ({ model, prompt: 'a lighthouse', image_urls: pictures });
    const pictures = [1, 2, 3].map(() => toPicture(Math.floor((megabytes * 1e6 * 3) / 4)));
    // the connection is up, and what is loaded late is loaded
    for (let turn = 0; turn < 3; turn += 1) await create(inputWith([toPicture(30_000)]));
    globalThis.gc();
    const startMb = toMb(process.memoryUsage.rss());
    forgetMost();
    const before = process.cpuUsage();
    const endBlocks = watchBlocks();
    const startedMs = performance.now();
    await create(inputWith(pictures));
    const ms = performance.now() - startedMs;
    const blockMs = endBlocks();
    const { user, system } = process.cpuUsage(before);
    const growthMb = mostMb() - startMb;
    return { ms, blockMs, cpuMs: (user + system) / 1000, growthMb };
  },
});
