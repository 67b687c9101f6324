// One contender of the CPU measurement: asks for a status again and again, and tells what that took of the processor.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createWan } from 'aimlapi-wan';
import { createUndiciFetch } from 'aimlapi-wan/undici';
import { Agent, request } from 'undici';
import { answerParent } from './contest.mjs';

const [who, url, folder, atOnce] = process.argv.slice(2);
const requirePeer = createRequire(join(folder, 'here.cjs'));
const key = 'no-key-is-needed-here';
const id = 'a-video';
const connections = Number(atOnce);
const address = `${url}/v2/video/generations?generation_id=${id}`;
// what aimlapi-wan sends as well
const headers = { accept: 'application/json', authorization: `Bearer ${key}`, 'user-agent': 'by-hand/1.0.0' };

/** What asks once, by who asks. */
const makers = {
  'aimlapi-wan'() {
    const wan = createWan({ apiKey: key, baseUrl: url });
    return () => wan.getVideo(id);
  },
  'aimlapi-wan/undici'() {
    const wan = createWan({ apiKey: key, baseUrl: url, fetch: createUndiciFetch({ connections }) });
    return () => wan.getVideo(id);
  },
  'the same by hand': () => async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error('no answer for 60 s')), 60_000);
    try {
      const { signal } = controller;
      const response = await fetch(address, { headers, signal, redirect: 'manual', cache: 'no-store' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return JSON.parse(await response.text());
    } finally {
      clearTimeout(timer);
    }
  },
  'bare fetch': () => async () => (await fetch(address, { headers })).json(),
  'bare undici.request'() {
    const dispatcher = new Agent({ connections, pipelining: 1 });
    return async () => (await request(address, { headers, dispatcher })).body.json();
  },
  openai() {
    const { OpenAI } = requirePeer('openai');
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1` });
    return () => client.models.retrieve(id);
  },
  '@runwayml/sdk'() {
    const { default: RunwayML } = requirePeer('@runwayml/sdk');
    const client = new RunwayML({ apiKey: key, baseURL: url });
    return () => client.tasks.retrieve(id);
  },
  '@fal-ai/client'() {
    const { createFalClient } = requirePeer('@fal-ai/client');
    const client = createFalClient({ credentials: key, proxyUrl: { url, when: 'always' } });
    return () => client.queue.status('fal-ai/wan', { requestId: id });
  },
  replicate() {
    const Replicate = requirePeer('replicate');
    const client = new Replicate({ auth: key, baseUrl: `${url}/v1` });
    return () => client.predictions.get(id);
  },
};

const ask = makers[who]();

async function run({ requests }) {
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const { status } = await ask();
      if (status === undefined) throw new Error(`${who} has no status`);
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: connections }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

answerParent({ run });
