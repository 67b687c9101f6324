import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan, type Video } from '../../src/index.js';
import { createUndiciFetch } from '../../src/undici.js';
import { createVtrix } from '../../src/vtrix.js';

/** Answers to a status check that may be about another job. */

const url = 'https://cdn.aimlapi.com/x.mp4';
const ofAiml = (id?: unknown) => ({ id, status: 'completed', video: { url } });
const ofVtrix = (id?: unknown) => ({
  id,
  status: 'completed',
  output: [{ content: [{ type: 'video', url }] }],
});

afterEach(() => void vi.useRealTimers());

/** A client whose status checks are answered from a list; the last entry goes on for ever. */
function scripted(make: typeof createWan | typeof createVtrix, ...answers: unknown[]) {
  vi.useFakeTimers();
  const asked: { at: number; fresh: boolean | undefined }[] = [];
  const start = Date.now();
  const client = make({
    apiKey: 'k-12345678',
    fetch: async (_, { fresh }) => {
      asked.push({ at: Date.now() - start, fresh });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return new Response(JSON.stringify(answer));
    },
  });
  const wait = async (id: string): Promise<unknown> => {
    let outcome: unknown;
    client.pollUntilDone(id, { intervalMs: 5000, maxWaitMs: 600_000 }).then(
      (video) => (outcome = video),
      (error) => (outcome = error),
    );
    while (outcome === undefined) await vi.advanceTimersByTimeAsync(250);
    return outcome;
  };
  return { client, asked, wait };
}

describe.each([
  ['the AIML API', createWan, ofAiml],
  ['Vtrix', createVtrix, ofVtrix],
] as const)('a status check at %s', (_, make, of) => {
  it('takes no other job for its own: the wait goes on over a new connection', async () => {
    const { wait, asked } = scripted(make, of('other'), of('other'), of('mine'));
    expect(await wait('mine')).toMatchObject({ id: 'mine', url });
    expect(asked.map(({ fresh }) => fresh)).toEqual([undefined, true, true]);
  });

  it('takes no failure of another job for its own', async () => {
    const { wait } = scripted(make, { id: 'other', status: 'failed', error: { message: 'no' } }, of('mine'));
    expect(await wait('mine')).toMatchObject({ id: 'mine', url });
  });

  it.each([
    ['mine', 'mine:alibaba/wan2.5-t2v-preview'],
    ['mine:alibaba/wan2.5-t2v-preview', 'mine'],
    ['7', 7],
    ['mine', undefined],
    ['mine', null],
    ['mine', ''],
  ])('takes the job %s for the answered id %s', async (id, answered) => {
    const { wait, asked } = scripted(make, of(answered));
    expect(await wait(id)).toMatchObject({ id, url });
    expect(asked).toHaveLength(1);
  });

  it.each(['mine2', 'min', 'mine/alibaba', 'MINE', ':mine'])('does not take %s for mine', async (other) => {
    const { client } = scripted(make, of(other));
    const error = await client.getVideo('mine').catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'UnexpectedResponseError', body: of(other) });
    expect(error.message).toContain(`another job ("${other}")`);
  });

  it('by getVideo() takes any connection', async () => {
    const { client, asked } = scripted(make, of('mine'));
    await client.getVideo('mine');
    expect(asked).toMatchObject([{ fresh: undefined }]);
  });

  it('does not show the key where an answer has it as its id', async () => {
    const { client } = scripted(make, of('k-12345678'));
    const error = await client.getVideo('mine').catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'UnexpectedResponseError' });
    expect(JSON.stringify(error) + String(error)).not.toContain('k-12345678');
  });

  it('ends after 60 s of nothing but the same other job, with both ids and the answer', async () => {
    const { wait, asked } = scripted(make, of('other'));
    const error = await wait('mine');
    expect(error).toMatchObject({
      name: 'PollStoppedError',
      job: { id: 'mine' },
      cause: { body: of('other') },
    });
    expect(String(error)).toMatch(/"mine".*"other"/);
    expect(asked.at(-1)?.at).toBeGreaterThanOrEqual(60_000);
    expect(asked.at(-1)?.at).toBeLessThan(95_000);
  });

  it('does not end where the other jobs differ, up to the deadline', async () => {
    const others = Array.from({ length: 500 }, (__, turn) => of(`other-${turn}`));
    expect(await scripted(make, ...others).wait('mine')).toMatchObject({ name: 'PollTimeoutError' });
  });

  it('takes a failure that names no job for trouble, and for the end after 60 s of it', async () => {
    const failure = { status: 'failed', error: { message: 'said no' } };
    expect(await scripted(make, failure, of('mine')).wait('mine')).toMatchObject({ url });
    const { wait, asked } = scripted(make, failure, failure, new Error('reset'), failure);
    const error = await wait('mine');
    expect(error).toMatchObject({ name: 'VideoFailedError', reason: 'said no', job: { state: 'failed' } });
    expect(asked.at(-1)?.at).toBeGreaterThanOrEqual(60_000);
    const { client } = scripted(make, failure);
    await expect(client.getVideo('mine')).rejects.toMatchObject({
      name: 'UnexpectedResponseError',
      body: failure,
    });
  });

  it('takes a failure that names its job for the end at once', async () => {
    const { wait, asked } = scripted(make, { id: 'mine', status: 'failed', error: { message: 'said no' } });
    expect(await wait('mine')).toMatchObject({ name: 'VideoFailedError', reason: 'said no' });
    expect(asked).toHaveLength(1);
  });
});

/** A server that answers each request of a connection with what the one before it asked for. */
async function listenDesynchronised(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let before: string | undefined;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const id = /generation_id=([\w-]+)/.exec(String(data))?.[1] ?? '';
      const body = JSON.stringify({
        id: before ?? id,
        status: 'completed',
        video: { url: `${url}?${before ?? id}` },
      });
      before = id;
      const isLast = /connection: close/i.test(String(data));
      const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
      socket.write(`${head}\r\nConnection: ${isLast ? 'close' : 'keep-alive'}\r\n\r\n${body}`);
      if (isLast) socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('behind a server whose connections give answers in the wrong order', () => {
  it.each(['fetch', 'undici'])(
    'each of 20 waits gives its own video, over %s',
    async (kind) => {
      const baseUrl = await listenDesynchronised();
      const undici = createUndiciFetch();
      onTestFinished(() => undici.close());
      const wan = createWan({ apiKey: 'k-12345678', baseUrl, ...(kind === 'undici' && { fetch: undici }) });
      const ids = Array.from({ length: 20 }, (_, index) => `job-${index}`);
      const videos: Video[] = [];
      // one after the other, so that they share a connection
      for (const id of ids) videos.push(await wan.pollUntilDone(id, { intervalMs: 20 }));
      expect(videos.map((video) => video.url)).toEqual(ids.map((id) => `${url}?${id}`));
    },
    60_000,
  );
});
