import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWan, DownloadError, type Fetch } from '../../src/index.js';
import { failureOf, makeFolder, shortenPauses } from './file-server.js';

/** A `fetch` of the caller's own that gives what no fetch gives. */

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  shortenPauses();
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  // rejections are told of after the microtasks
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const url = 'https://x.example/v.mp4';
const headers = new Headers();
const bytes = new Uint8Array([1, 2, 3]);

function wanOf(fetch: (...given: Parameters<Fetch>) => unknown, maxRetries = 1) {
  return createWan({ apiKey: 'k', maxRetries, fetch: fetch as Fetch });
}

/** A reader that gives these, one after the other. */
function readerOf(...reads: unknown[]) {
  return { read: async () => reads.shift(), cancel: async () => {} };
}

function bodyOf(reader: unknown) {
  return { getReader: () => reader, cancel: async () => {} };
}

const endless = new Promise(() => {});

describe('an answer that is none', () => {
  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a number', () => 5],
    ['a text', () => 'bytes'],
    ['an empty object', () => ({})],
    ['one without headers', () => ({ status: 200, body: null })],
    ['one with plain headers', () => ({ status: 200, headers: { 'content-type': 'x' }, body: null })],
    ['one without a body', () => ({ status: 200, headers })],
    ['one with a stream of Node as its body', () => ({ status: 200, headers, body: { pipe() {} } })],
    ['one whose body has a reader already', () => ({ status: 200, headers, body: lockedBody() })],
    ['one without a status', () => ({ headers, body: bodyOf(readerOf()) })],
    ['one of status 0', () => ({ status: 0, headers, body: null })],
    ['one of status 101', () => ({ status: 101, headers, body: null })],
    ['one that hides a redirect', () => ({ status: 0, type: 'opaqueredirect', headers, body: null })],
    ['one whose reader gives undefined', () => ({ status: 200, headers, body: bodyOf(readerOf()) })],
    [
      'one whose reader gives texts',
      () => ({ status: 200, headers, body: bodyOf(readerOf({ value: 'text' }, { done: true })) }),
    ],
    ['one whose reader is none', () => ({ status: 200, headers, body: bodyOf({}) })],
    [
      'one whose reader cannot be ended',
      () => ({ status: 200, headers, body: bodyOf({ read: () => Promise.reject(new Error('no')) }) }),
    ],
    [
      'one that throws where it is looked at',
      () => ({
        get headers() {
          throw new Error('mine');
        },
      }),
    ],
  ])('(%s) is a DownloadError', async (_, answer) => {
    for (const fetch of [answer, async () => answer()]) {
      expect(await failureOf(wanOf(fetch).download(url))).toBeInstanceOf(DownloadError);
      const folder = await makeFolder();
      expect(await failureOf(wanOf(fetch).save(url, join(folder, 'x')))).toBeInstanceOf(DownloadError);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('says what it is', async () => {
    const error = await failureOf(wanOf(() => undefined).download(url));
    expect(error.message).toContain('fetch gave no Response');
  });

  it('says that a browser hides where a redirect leads to, and asks once', async () => {
    let asked = 0;
    const answer = { status: 0, type: 'opaqueredirect', headers, body: null };
    const fetch = async () => {
      asked += 1;
      return answer;
    };
    const error = await failureOf(wanOf(fetch, 4).download({ url }));
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toBe(
      'Cannot download https://x.example/v.mp4: it is redirected, and browsers hide the target from us: pass the URL that it leads to (0 bytes received)',
    );
    expect(asked).toBe(1);
  });

  it('may be thrown, at once or later', async () => {
    const revoked = () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    };
    const throwing = new Proxy(
      {},
      {
        get() {
          throw new Error('mine');
        },
      },
    );
    const caused = new Error('mine', { cause: revoked() });
    const things = [new Error('mine'), 'mine', undefined, null, { mine: true }, revoked(), throwing, caused];
    for (const thrown of things) {
      const toThrow = () => {
        throw thrown;
      };
      for (const fetch of [toThrow, () => Promise.reject(thrown)]) {
        expect(await failureOf(wanOf(fetch).download(url))).toBeInstanceOf(DownloadError);
      }
    }
  });

  it('is not the last one: the next may be whole', async () => {
    let asked = 0;
    const fetch = () => {
      asked += 1;
      return asked === 1 ? undefined : new Response(bytes);
    };
    expect([...(await wanOf(fetch).download(url))]).toEqual([1, 2, 3]);
  });
});

describe('a body', () => {
  const parts = Array.from({ length: 20 }, (_, index) => new Uint8Array(1_000).fill(index));

  it('that fills the same memory again is saved as it came', async () => {
    const memory = new Uint8Array(1_000);
    const fetch = () => {
      const left = [...parts];
      const read = async () => {
        const next = left.shift();
        if (next) memory.set(next);
        return { done: !next, value: memory };
      };
      return { status: 200, headers, body: bodyOf({ read, cancel: async () => {} }) };
    };
    expect(await wanOf(fetch).download(url)).toEqual(Buffer.concat(parts));
    const path = join(await makeFolder(), 'x');
    await wanOf(fetch).save(url, path);
    expect(await readFile(path)).toEqual(Buffer.concat(parts));
  });

  it('may come in views of any kind', async () => {
    const { buffer } = new Uint8Array([9, 9, 1, 2, 3, 4]);
    const views = [new DataView(buffer, 2, 2), new Uint16Array(buffer, 4, 1)].map((value) => ({ value }));
    const fetch = () => ({ status: 200, headers, body: bodyOf(readerOf(...views, { done: true })) });
    expect([...(await wanOf(fetch).download(url))]).toEqual([1, 2, 3, 4]);
  });
});

describe('a body that never waits and never ends', () => {
  const endlessBody = (chunkBytes: number) =>
    new Response(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(chunkBytes));
        },
      }),
    );

  it('does not keep timers from firing: the stall is found out', async () => {
    const error = await failureOf(wanOf(() => endlessBody(0)).download(url, { stallTimeoutMs: 20 }));
    expect(error).toMatchObject({ name: 'DownloadError', bytesReceived: 0 });
    expect(error.message).toContain('nothing arrived for 20 ms');
  });

  it.each([0, 1])('ends where the caller aborts (chunks of %i bytes)', async (chunkBytes) => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const ended = failureOf(
      wanOf(() => endlessBody(chunkBytes)).download(url, { signal: controller.signal }),
    );
    setTimeout(() => controller.abort(reason), 20);
    expect(await ended).toBe(reason);
  });
});

function lockedBody() {
  const { body } = new Response('x');
  body?.getReader();
  return body;
}

const unclosable: [string, unknown][] = [
  ['has no cancel()', {}],
  ['has a cancel() that is none', { cancel: 5 }],
  ['has a cancel() that gives nothing', { cancel() {} }],
  [
    'has a cancel() that throws',
    {
      cancel() {
        throw new Error('no');
      },
    },
  ],
  ['has a cancel() that rejects', { cancel: () => Promise.reject(new Error('no')) }],
  ['is being read', lockedBody()],
  ['is null', null],
];

describe('a body that cannot be closed', () => {
  it.each(unclosable)('and comes late is no error (it %s)', async (_, body) => {
    let answer = (_: unknown): void => {};
    const fetch = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const failed = await failureOf(wanOf(fetch, 0).download(url, { stallTimeoutMs: 10 }));
    expect(failed).toBeInstanceOf(DownloadError);
    expect(failed.message).toContain('nothing arrived for 10 ms');
    answer({ status: 200, headers, body });
  });

  it.each([undefined, null, 5, {}])('comes late as %s', async (late) => {
    let answer = (_: unknown): void => {};
    const fetch = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    expect(await failureOf(wanOf(fetch, 0).download(url, { stallTimeoutMs: 10 }))).toBeInstanceOf(
      DownloadError,
    );
    answer(late);
  });

  it('comes late as an error, or never', async () => {
    let fail = (_: unknown): void => {};
    const fetch = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    expect(await failureOf(wanOf(fetch, 0).download(url, { stallTimeoutMs: 10 }))).toBeInstanceOf(
      DownloadError,
    );
    fail(new Error('late'));
    const reason = new Error('enough');
    const aborted = wanOf(() => endless).download(url, { signal: AbortSignal.timeout(10) });
    await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' });
    const controller = new AbortController();
    const ended = failureOf(wanOf(() => endless).download(url, { signal: controller.signal }));
    controller.abort(reason);
    expect(await ended).toBe(reason);
  });

  it.each(unclosable)(
    'and belongs to a redirect does not keep it from being followed (it %s)',
    async (_, body) => {
      const fetch: Fetch = async (address) =>
        address === url
          ? ({ status: 302, headers: new Headers({ location: '/w.mp4' }), body } as never)
          : new Response(bytes);
      expect([...(await wanOf(fetch).download(url))]).toEqual([1, 2, 3]);
    },
  );

  it.each<[string, object]>([
    ['has no cancel()', {}],
    ['has a cancel() that gives nothing', { cancel() {} }],
    [
      'has a cancel() that throws',
      {
        cancel() {
          throw new Error('no');
        },
      },
    ],
    ['has a cancel() that rejects', { cancel: () => Promise.reject(new Error('no')) }],
  ])('is whole all the same where its reader %s', async (_, ending) => {
    const reads = [
      { value: bytes.subarray(0, 2) },
      { value: new Uint8Array() },
      { value: bytes.subarray(2) },
    ];
    const reader = { read: async () => reads.shift() ?? { done: true }, ...ending };
    const fetch = () => ({ status: 200, headers, body: bodyOf(reader) });
    expect([...(await wanOf(fetch, 0).download(url))]).toEqual([1, 2, 3]);
  });
});
