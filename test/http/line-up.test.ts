import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan, type Fetch, OutcomeUnknownError } from '../../src/index.js';

const input = { model: 'wan2.2-t2v-plus', prompt: 'a cat' } as const;

interface Sent {
  url: string;
  method: string;
  answer(response?: Response): void;
  fail(error: unknown): void;
}

/** A fetch that answers when it is told to, and does not heed its signal. */
function fetchOf(connections?: unknown) {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, { method }) =>
    new Promise((resolve, reject) => {
      const job = `{"id":"${sent.length + 1}","status":"queued"}`;
      const answer = (response = new Response(job)) => resolve(response);
      sent.push({ url, method, answer, fail: reject });
    });
  return { sent, fetch: Object.assign(fetch, { connections }) as Fetch };
}

const wanOf = (fetch: Fetch, baseUrl = 'http://one') =>
  createWan({ apiKey: 'k-12345678', baseUrl, fetch, maxRetries: 0, timeoutMs: 1000 });

const settle = () => new Promise(setImmediate);

describe('creates through a fetch with a number of connections', () => {
  it('go out so many at once, first come first served', async () => {
    const { fetch, sent } = fetchOf(2);
    const wan = wanOf(fetch);
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((clientRequestId) =>
      wan.generateVideo(input, { clientRequestId }),
    );
    for (const count of [2, 3, 4, 5, 5]) {
      await settle();
      expect(sent).toHaveLength(count);
      sent[jobs.length - 5 + count - 2]?.answer();
    }
    sent[4]?.answer();
    expect((await Promise.all(jobs)).map(({ clientRequestId, id }) => `${clientRequestId}${id}`)).toEqual([
      'a1',
      'b2',
      'c3',
      'd4',
      'e5',
    ]);
  });

  it('still go out so many at once where one comes after another has left the line', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const calls = [wan.generateVideo(input), wan.generateVideo(input)];
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    sent[0]?.answer();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    calls.push(wan.generateVideo(input));
    await settle();
    expect(sent).toHaveLength(2);
    sent[1]?.answer();
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    sent[2]?.answer();
    expect((await Promise.all(calls)).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it('share the line of their fetch and origin, whichever client they come from', async () => {
    const { fetch, sent } = fetchOf(1);
    const calls = [
      wanOf(fetch).generateVideo(input),
      wanOf(fetch, 'http://one/').generateImage({ model: 'wan2.5-t2i-preview', prompt: 'x' }),
      wanOf(fetch, 'http://two').generateVideo(input),
    ];
    for (const call of calls) call.catch(() => {});
    await settle();
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(['one', 'two']);
    sent[0]?.answer();
    await calls[0];
    await settle();
    expect(sent.map(({ url }) => new URL(url).pathname).at(-1)).toBe('/v1/images/generations');
  });

  it('hold up no status check, nor the other way round', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const checks = [wan.getVideo('1'), wan.getVideo('2'), wan.getVideo('3')];
    const create = wan.generateVideo(input);
    const inLine = wan.generateVideo(input);
    await settle();
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST']);
    for (const { answer } of sent) answer();
    await Promise.all([...checks, create]);
    await settle();
    sent[4]?.answer();
    await inLine;
  });

  it.each([undefined, 0, -1, Number.NaN, '1', null, {}, Number.POSITIVE_INFINITY, 3])(
    'do not wait where that is %s',
    async (connections) => {
      const { fetch, sent } = fetchOf(connections);
      const calls = [1, 2, 3].map(() => wanOf(fetch).generateVideo(input));
      await settle();
      expect(sent).toHaveLength(3);
      for (const { answer } of sent) answer();
      await Promise.all(calls);
    },
  );

  it('have a line of their own in a wrapper that has the number too', async () => {
    const { fetch, sent } = fetchOf(1);
    const wrapper: Fetch = Object.assign((...request: Parameters<Fetch>) => fetch(...request), {
      connections: 1,
    });
    const calls = [fetch, wrapper, fetch, wrapper].map((each) => wanOf(each).generateVideo(input));
    await settle();
    expect(sent).toHaveLength(2);
    for (let count = 0; count < 4; count += 1) {
      sent[count]?.answer();
      await settle();
    }
    await Promise.all(calls);
  });
});

describe('the place of a create', () => {
  it('is given back when its answer is read, not before', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const first = wan.generateVideo(input);
    const second = wan.generateVideo(input);
    await settle();
    let finish = () => {};
    const body = new ReadableStream({
      start(controller) {
        finish = () => {
          controller.enqueue(new TextEncoder().encode('{"id":"1","status":"queued"}'));
          controller.close();
        };
      },
    });
    sent[0]?.answer(new Response(body));
    await settle();
    expect(sent).toHaveLength(1);
    finish();
    await first;
    await settle();
    expect(sent).toHaveLength(2);
    sent[1]?.answer();
    await second;
  });

  it.each<[string, (sent: Sent) => void, string]>([
    ['a refusal', ({ answer }) => answer(new Response('no', { status: 400 })), 'ApiError'],
    ['an error', ({ fail }) => fail(new Error('reset')), 'OutcomeUnknownError'],
    [
      'a body that is cut',
      ({ answer }) =>
        answer(
          new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })),
        ),
      'OutcomeUnknownError',
    ],
    ['an answer that is none', ({ answer }) => answer(Object.create(null)), 'OutcomeUnknownError'],
  ])('is given back after %s', async (_, end, name) => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const first = wan.generateVideo(input);
    const second = wan.generateVideo(input);
    await settle();
    for (const each of sent) end(each);
    await expect(first).rejects.toMatchObject({ name });
    await settle();
    sent[1]?.answer();
    expect(await second).toMatchObject({ id: '2' });
  });

  it('is given back by an abort, also where the fetch does not heed it', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const controller = new AbortController();
    const first = wan.generateVideo(input, { signal: controller.signal });
    const second = wan.generateVideo(input);
    await settle();
    controller.abort('enough');
    await expect(first).rejects.toBe('enough');
    await settle();
    sent[1]?.answer();
    expect(await second).toMatchObject({ id: '2' });
  });

  it('is given back during the pause before the next attempt', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: 'http://one', fetch, maxRetries: 1 });
    const refused = wan.generateVideo(input);
    const other = wan.generateVideo(input);
    await settle();
    sent[0]?.fail(Object.assign(new Error('refused'), { syscall: 'connect' }));
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    sent[1]?.answer();
    expect(await other).toMatchObject({ id: '2' });
    await vi.waitFor(() => expect(sent).toHaveLength(3), { timeout: 5000 });
    sent[2]?.answer();
    expect(await refused).toMatchObject({ id: '3' });
  });
});

describe('a create in line', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const tick = () => vi.advanceTimersByTimeAsync(0);

  it('is not timed there, and then has all of its time', async () => {
    const { fetch, sent } = fetchOf(1);
    const patient = createWan({ apiKey: 'k-12345678', fetch, timeoutMs: 3_600_000 });
    const hasty = createWan({ apiKey: 'k-12345678', fetch, timeoutMs: 1000 });
    const first = patient.generateVideo(input);
    const second = hasty.generateVideo(input);
    const third = hasty.generateVideo(input);
    await vi.advanceTimersByTimeAsync(3_000_000);
    expect(sent).toHaveLength(1);
    sent[0]?.answer();
    await vi.advanceTimersByTimeAsync(900);
    expect(sent).toHaveLength(2);
    sent[1]?.answer();
    const ended = third.catch((error) => error);
    await vi.advanceTimersByTimeAsync(1001);
    expect(await first).toMatchObject({ id: '1' });
    expect(await second).toMatchObject({ id: '2' });
    // it was sent, and its answer did not come
    expect(await ended).toBeInstanceOf(OutcomeUnknownError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves the line on abort, at once and with the reason: nothing of it was sent', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const first = wan.generateVideo(input);
    const second = wan.generateVideo(input, { signal: controller.signal });
    const third = wan.generateVideo(input);
    await tick();
    const reason = { why: 'enough' };
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(sent).toHaveLength(1);
    sent[0]?.answer();
    await first;
    await tick();
    sent[1]?.answer();
    expect(await third).toMatchObject({ id: '2' });
    expect(sent).toHaveLength(2);
    expect(removed).toHaveBeenCalledTimes(0);
  });

  it('leaves no listener behind when its turn comes', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const calls = [wan.generateVideo(input), wan.generateVideo(input, { signal })];
    await tick();
    sent[0]?.answer();
    await tick();
    sent[1]?.answer();
    await Promise.all(calls);
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'that is aborted %d microtasks after its turn may have come lets the next one in',
    async (microtasks) => {
      const { fetch, sent } = fetchOf(1);
      const controller = new AbortController();
      const abortAfter = (count: number): void =>
        count === 0 ? controller.abort('enough') : queueMicrotask(() => abortAfter(count - 1));
      const onAttempt = () => abortAfter(microtasks);
      const first = createWan({ apiKey: 'k-12345678', baseUrl: 'http://one', fetch, onAttempt });
      const calls = [
        first.generateVideo(input),
        wanOf(fetch).generateVideo(input, { signal: controller.signal }).catch(String),
        wanOf(fetch).generateVideo(input),
      ];
      await tick();
      sent[0]?.answer();
      await tick();
      // the second one, where it was sent, or the third
      for (const { answer } of sent) answer();
      expect(await Promise.all(calls)).toMatchObject([{ id: '1' }, 'enough', { id: String(sent.length) }]);
    },
  );
});

describe('the checks of waits through a fetch with a number of connections', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('go out so many at once, and wait in line until maxWaitMs', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    const first = wan.pollUntilDone('1', { intervalMs: 1000, maxWaitMs: 60_000 });
    const second = wan.pollUntilDone('2', { intervalMs: 1000, maxWaitMs: 5000 }).catch((error) => error);
    first.catch(() => {});
    // a single check does not line up
    wan.getVideo('3').catch(() => {});
    await vi.advanceTimersByTimeAsync(900);
    expect(sent.map(({ url }) => url.at(-1)).sort()).toEqual(['1', '3']);
    await vi.advanceTimersByTimeAsync(100);
    // the first check has passed its timeoutMs, so that the second wait has its turn
    await vi.advanceTimersByTimeAsync(500);
    expect(sent.some(({ url }) => url.endsWith('=2'))).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await second).toMatchObject({ name: 'PollTimeoutError', job: { id: '2' } });
  });

  it('give their place back where the id fits into no URL', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = wanOf(fetch);
    await expect(wan.pollUntilDone('a\ud800')).rejects.toMatchObject({ name: 'PollStoppedError' });
    wan.pollUntilDone('2').catch(() => {});
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toHaveLength(1);
  });

  it('end with the deadline or the abort while they are in line', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: 'http://one', fetch, timeoutMs: 600_000 });
    wan.pollUntilDone('1').catch(() => {});
    const controller = new AbortController();
    const late = wan.pollUntilDone('2', { maxWaitMs: 5000 }).catch((error) => error);
    const aborted = wan.pollUntilDone('3', { signal: controller.signal }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(4000);
    controller.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
    await vi.advanceTimersByTimeAsync(1100);
    const error = await late;
    expect(error).toMatchObject({ name: 'PollTimeoutError', cause: { name: 'RequestTimeoutError' } });
    expect(error.message).toContain('no connection was free for 5000 ms');
    expect(sent).toHaveLength(1);
  });

  it('end with the deadline where a connection was free only for the end of the wait', async () => {
    const { fetch, sent } = fetchOf(1);
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: 'http://one', fetch, timeoutMs: 600_000 });
    const first = wan.pollUntilDone('1', { maxWaitMs: 3000 }).catch((error) => error);
    const ended = vi.fn();
    wan.pollUntilDone('2', { maxWaitMs: 5000 }).catch(ended);
    await vi.advanceTimersByTimeAsync(3100);
    expect(await first).toMatchObject({ name: 'PollTimeoutError' });
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(ended).toHaveBeenCalledWith(expect.objectContaining({ name: 'PollTimeoutError' }));
  });
});
