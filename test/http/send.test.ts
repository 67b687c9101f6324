import { describe, expect, test } from 'vitest';
import { readProblem } from '../../src/aimlapi/problem.js';
import type { Defaults } from '../../src/base/base-url.js';
import { readSettings } from '../../src/base/options.js';
import { type ProviderRules, toConfig } from '../../src/http/config.js';
import { send } from '../../src/http/send.js';

const defaults: Defaults = {
  keyNames: [],
  baseUrlName: 'X',
  baseUrl: 'https://api.example.com',
  factory: 'x',
};
const path = '/v2/video/generations';

/** Sends a paid request to an API that gives one answer after the other. */
async function pay(rules: Partial<ProviderRules>, ...answers: Response[]) {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    return answers.shift() ?? Response.json({ id: 'second' });
  };
  const settings = readSettings({ apiKey: 'key-of-a-test', fetch }, defaults);
  const config = toConfig(settings, {
    name: 'aimlapi',
    adviceOnLoss: () => 'Look it up',
    readProblem,
    ...rules,
  });
  const call = {
    method: 'POST',
    path,
    body: '{}',
    doing: 'start the video',
    paid: { kind: 'video', model: 'm', body: {} },
    read: ({ body }: { body: unknown }) => body,
  } as const;
  const ended = await send(config, call).catch((error: unknown) => error);
  return { ended, requests };
}

/** The API's own words for a passing failure. */
const ownWords = JSON.stringify({ error: { name: 'X', message: 'busy' }, instance: path });
const busy = (body: string | ReadableStream) => new Response(body, { status: 503 });

describe('send() repeats a paid request', () => {
  test('after a 503 in the API’s own words', async () => {
    expect(await pay({}, busy(ownWords))).toEqual({ ended: { id: 'second' }, requests: 2 });
  });

  test('not where these words break off: an answer that is not whole proves nothing', async () => {
    const broken = new ReadableStream({
      start: (body) => body.enqueue(new TextEncoder().encode(ownWords)),
      pull: (body) => body.error(new Error('reset')),
    });
    const { ended, requests } = await pay({}, busy(broken));
    expect(ended).toMatchObject({ name: 'OutcomeUnknownError', status: 503 });
    expect(requests).toBe(1);
  });

  test('not where the provider’s reader of failures throws', async () => {
    const readProblem = () => {
      throw new Error('no such field');
    };
    const { ended, requests } = await pay({ readProblem }, busy(ownWords));
    expect(ended).toMatchObject({ name: 'OutcomeUnknownError', status: 503 });
    expect(requests).toBe(1);
  });
});

describe('send() takes the status', () => {
  test.each([
    [0, 'OutcomeUnknownError'],
    [199, 'OutcomeUnknownError'],
    ['200', 'OutcomeUnknownError'],
    [undefined, 'OutcomeUnknownError'],
    [200, undefined],
    [299, undefined],
    [300, 'ApiError'],
  ])('%o of a paid request for what it is', async (status, name) => {
    const { body } = Response.json({ id: 'paid-1' });
    const { ended, requests } = await pay({}, { status, headers: new Headers(), body } as never);
    expect(ended).toMatchObject(name === undefined ? { id: 'paid-1' } : { name });
    expect(requests).toBe(1);
  });

  test('0 of a redirect that a browser does not follow for 302', async () => {
    const answer = { type: 'opaqueredirect', status: 0, headers: new Headers(), body: null };
    expect((await pay({}, answer as never)).ended).toMatchObject({ name: 'ApiError', status: 302 });
  });
});
