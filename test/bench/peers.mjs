// The SDKs that are compared: their versions, their installation, and how a user calls each, as its README shows it.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createWan } from 'aimlapi-wan';
import { Agent } from 'undici';
import { protocols, secureFileUrl } from './protocols.mjs';
import { serveEmbedded, serveProtocol } from './servers.mjs';

/** Exact, so that a rerun compares the same; the newest of each that runs on Node 20 (openai 7 needs Node 22). */
const packages = {
  openai: '6.49.0',
  '@runwayml/sdk': '4.20.1',
  '@fal-ai/client': '1.10.1',
  replicate: '1.4.0',
};

export const peerNames = Object.keys(packages);

const key = 'no-key-is-needed-here';
const prompt = 'a lighthouse at dusk';

/**
 * @typedef {object} Sdk
 * @property {string} name
 * @property {(script?: import('./servers.mjs').Script) => Promise<import('./servers.mjs').Api>} serve
 * @property {Record<string, (url: string, limits?: { timeoutMs?: number }) => Promise<unknown>>} creates paid, by what they make
 * @property {string} gaveUpBy what ends an attempt that nobody answers
 * @property {Waiting} [wait] from create to result
 * @property {string} [noWait] why there is none
 * @property {Abortable} abortable the call that a user would abort
 * @property {Saving} [save]
 *
 * @typedef {object} Waiting
 * @property {string} what
 * @property {string} [deadline] the option that limits it, and its default
 * @property {Sdk['serve']} [serve] where it is not the server of the creates
 * @property {(url: string, options?: { signal?: AbortSignal, deadlineMs?: number, intervalMs?: number }) => Promise<unknown>} start
 *
 * @typedef {{ what: string, script: import('./servers.mjs').Script, until: 'create' | 'poll', start: (url: string, signal: AbortSignal) => Promise<unknown> }} Abortable
 * @typedef {{ what: string, serve?: Sdk['serve'], start: (url: string) => Promise<{ link: string, toPath: (path: string) => Promise<unknown> }> }} Saving
 */

/** Installs the peers into a folder, and gives the `require` that finds them there. */
export async function installPeers(folder) {
  const exact = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock', '--fetch-retries=1'];
  const timeout = 120_000;
  try {
    await promisify(execFile)('npm', ['install', '--prefix', folder, ...flags, ...exact], {
      cwd: folder,
      timeout,
    });
  } catch (error) {
    const code = /npm (?:error|ERR!) code (\S+)/.exec(error.stderr ?? '')?.[1] ?? error.code;
    const why = error.killed ? `npm was not done after ${timeout / 1000} s` : `npm ended with ${code}`;
    throw new Error(`Cannot install ${exact.join(', ')}: ${why}`, { cause: error });
  }
  return createRequire(join(folder, 'here.cjs'));
}

/** Versions as installed, ours first. */
export function versionsIn(folder) {
  const versionAt = (path) => JSON.parse(readFileSync(path, 'utf8')).version;
  const peers = Object.keys(packages).map((name) => [
    name,
    versionAt(join(folder, 'node_modules', name, 'package.json')),
  ]);
  const ours = versionAt(new URL('../../package.json', import.meta.url));
  return { 'aimlapi-wan': ours, ...Object.fromEntries(peers) };
}

/** Refuses every request that would leave this machine, whoever makes it. */
export function stayOnLoopback() {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    if (hostname === '127.0.0.1') return fetch(input, init);
    return Promise.reject(new Error(`This bench stays on 127.0.0.1, and this was for ${hostname}`));
  };
}

// an SDK without a timeout of its own has that of Node's fetch, 300 s for the headers: the same one, only shorter
const impatientFetch = (timeoutMs) => {
  const dispatcher = new Agent({ headersTimeout: timeoutMs });
  return (input, init) => globalThis.fetch(input, { ...init, dispatcher });
};
const ownTimeout = 'its own timeout';
const fetchTimeout = 'it has no timeout: the headersTimeout of fetch, 300 s by default';

/** The SDKs in the order of the table. @returns {Sdk[]} */
export function createSdks(requirePeer) {
  return [
    openai(requirePeer('openai').OpenAI),
    runway(requirePeer('@runwayml/sdk').default),
    fal(requirePeer('@fal-ai/client').createFalClient),
    replicate(requirePeer('replicate')),
    ours(),
  ];
}

const running = { poll: [{ kind: 'running', times: Number.POSITIVE_INFINITY }] };

function openai(OpenAI) {
  const clientOf = (url, timeout) => new OpenAI({ apiKey: key, baseURL: `${url}/v1`, timeout });
  const generate = (url, timeoutMs, signal) =>
    clientOf(url, timeoutMs).images.generate({ model: 'alibaba/wan2.5-t2i-preview', prompt }, { signal });
  const serve = (script) => serveProtocol(protocols.openai, script);
  return {
    name: 'openai',
    serve: serveEmbedded,
    creates: { image: (url, { timeoutMs } = {}) => generate(url, timeoutMs) },
    gaveUpBy: ownTimeout,
    noWait: 'no helper for images or videos',
    wait: {
      what: 'vectorStores.files.poll',
      serve,
      start: (url, { signal } = {}) =>
        clientOf(url).vectorStores.files.poll('vs_bench', 'file_bench', { signal }),
    },
    abortable: {
      what: 'images.generate',
      script: { create: [{ kind: 'silent', times: Number.POSITIVE_INFINITY }] },
      until: 'create',
      start: (url, signal) => generate(url, undefined, signal),
    },
    save: {
      what: '`videos.downloadContent`; for a URL: no helper',
      serve,
      start: async (url) => ({
        link: `${url}/v1/videos/video_bench/content`,
        async toPath(path) {
          const content = await clientOf(url).videos.downloadContent('video_bench');
          await writeFile(path, Buffer.from(await content.arrayBuffer()));
        },
      }),
    },
  };
}

function runway(RunwayML) {
  const create = (url, timeout) =>
    new RunwayML({ apiKey: key, baseURL: url, timeout }).textToVideo.create({
      model: 'gen4.5',
      promptText: prompt,
      ratio: '1280:720',
      duration: 5,
    });
  const start = async (url, { signal, deadlineMs } = {}) => {
    const timeout = deadlineMs && { timeout: deadlineMs };
    const task = await create(url).waitForTaskOutput({ abortSignal: signal, ...timeout });
    return task.output[0];
  };
  return {
    name: 'runway',
    serve: (script) => serveProtocol(protocols.runway, script),
    creates: { video: (url, { timeoutMs } = {}) => create(url, timeoutMs) },
    gaveUpBy: ownTimeout,
    wait: { what: 'waitForTaskOutput', deadline: '`timeout`, 10 min by default', start },
    abortable: {
      what: 'waitForTaskOutput',
      script: running,
      until: 'poll',
      start: (url, signal) => start(url, { signal }),
    },
  };
}

function fal(createFalClient) {
  const app = 'fal-ai/wan/v2.2-a14b/text-to-video';
  const clientOf = (url, timeoutMs) => {
    const fetch = timeoutMs && impatientFetch(timeoutMs);
    return createFalClient({ credentials: key, proxyUrl: { url, when: 'always' }, fetch });
  };
  const start = async (url, { signal, deadlineMs } = {}) => {
    const timeout = deadlineMs && { timeout: deadlineMs };
    const { data } = await clientOf(url).subscribe(app, {
      input: { prompt },
      abortSignal: signal,
      ...timeout,
    });
    return data.video.url;
  };
  return {
    name: 'fal',
    serve: (script) => serveProtocol(protocols.fal, script),
    creates: {
      video: (url, { timeoutMs } = {}) => clientOf(url, timeoutMs).queue.submit(app, { input: { prompt } }),
    },
    gaveUpBy: fetchTimeout,
    wait: { what: 'subscribe', deadline: '`timeout`, none by default', start },
    abortable: {
      what: 'subscribe',
      script: running,
      until: 'poll',
      start: (url, signal) => start(url, { signal }),
    },
  };
}

function replicate(Replicate) {
  const model = 'wan-video/wan-2.2-t2v-fast';
  const clientOf = (url, timeoutMs) => {
    const send = timeoutMs ? impatientFetch(timeoutMs) : globalThis.fetch;
    const fetch = (input, init) => send(input === secureFileUrl ? `${url}/file.mp4` : input, init);
    return new Replicate({ auth: key, baseUrl: `${url}/v1`, fetch });
  };
  const start = (url, { signal } = {}) => clientOf(url).run(model, { input: { prompt }, signal });
  return {
    name: 'replicate',
    serve: (script) => serveProtocol(protocols.replicate, script),
    creates: {
      video: (url, { timeoutMs } = {}) =>
        clientOf(url, timeoutMs).predictions.create({ model, input: { prompt } }),
    },
    gaveUpBy: fetchTimeout,
    wait: { what: 'run', start },
    abortable: {
      what: 'run',
      script: running,
      until: 'poll',
      start: (url, signal) => start(url, { signal }),
    },
    save: {
      what: '`FileOutput`',
      async start(url) {
        const output = await start(url);
        return { link: `${url}/file.mp4`, toPath: (path) => writeFile(path, output) };
      },
    },
  };
}

function ours() {
  const image = { model: 'wan2.5-t2i-preview', prompt };
  const video = { model: 'wan2.2-t2v-plus', prompt };
  const clientOf = (url, timeoutMs) => createWan({ apiKey: key, baseUrl: url, timeoutMs });
  const start = async (url, { signal, deadlineMs, intervalMs } = {}) => {
    const wan = clientOf(url);
    const job = await wan.generateVideo(video);
    const { url: link } = await wan.pollUntilDone(job, { signal, maxWaitMs: deadlineMs, intervalMs });
    return link;
  };
  return {
    name: 'aimlapi-wan',
    serve: serveEmbedded,
    creates: {
      image: (url, { timeoutMs } = {}) => clientOf(url, timeoutMs).generateImage(image),
      video: (url, { timeoutMs } = {}) => clientOf(url, timeoutMs).generateVideo(video),
    },
    gaveUpBy: ownTimeout,
    wait: { what: 'pollUntilDone', deadline: '`maxWaitMs`, 20 min by default', start },
    abortable: {
      what: 'pollUntilDone',
      script: running,
      until: 'poll',
      start: (url, signal) => start(url, { signal }),
    },
    save: {
      what: '`save`',
      async start(url) {
        const wan = clientOf(url);
        const { images } = await wan.generateImage(image);
        return { link: images[0].url, toPath: (path) => wan.save(images[0], path) };
      },
    },
  };
}
