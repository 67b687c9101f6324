// One contender of the saving measurement: writes a large file to disk once.
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createWan } from 'aimlapi-wan';
import { createUndiciFetch } from 'aimlapi-wan/undici';
import { request } from 'undici';
import { answerParent } from './contest.mjs';

const [who, url, path] = process.argv.slice(2);
const key = 'no-key-is-needed-here';
const toDisk = (stream) => pipeline(stream, createWriteStream(path));
const fromFetch = async (link) => Readable.fromWeb((await fetch(link)).body);

/** What saves a link to `path`, by who saves. */
const makers = {
  'aimlapi-wan'() {
    const wan = createWan({ apiKey: key, baseUrl: url });
    return (link) => wan.save(link, path);
  },
  'aimlapi-wan/undici'() {
    const wan = createWan({ apiKey: key, baseUrl: url, fetch: createUndiciFetch() });
    return (link) => wan.save(link, path);
  },
  'fetch, pipeline': () => async (link) => toDisk(await fromFetch(link)),
  'fetch, pipeline, sync': () => async (link) => {
    await toDisk(await fromFetch(link));
    const file = await open(path);
    await file.sync();
    await file.close();
  },
  'undici.request, pipeline': () => async (link) => toDisk((await request(link)).body),
};

const save = makers[who]();
const toMb = (bytes) => bytes / 1024 / 1024;

answerParent({
  async run({ bytes }) {
    // the connection is up, and what is loaded late is loaded
    await save(`${url}/file/1000000`);
    await rm(path);
    const startMb = toMb(process.memoryUsage.rss());
    const startedMs = performance.now();
    await save(`${url}/file/${bytes}`);
    const seconds = (performance.now() - startedMs) / 1000;
    const peakMb = process.resourceUsage().maxRSS / 1024;
    await rm(path);
    return { rate: bytes / 1e6 / seconds, growthMb: peakMb - startMb };
  },
});
