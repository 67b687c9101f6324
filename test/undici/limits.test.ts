import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Client } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWan } from '../../src/index.js';
import { createUndiciFetch } from '../../src/undici.js';
import { listen } from './proxy-server.js';

/** The options of each connection that was made. */
const seen = vi.hoisted((): object[] => []);

vi.mock('undici', async (load) => {
  const real = await load<typeof import('undici')>();
  class Watched extends real.Client {
    constructor(origin: string, options: Client.Options) {
      seen.push(options);
      super(origin, options);
    }
  }
  return { ...real, Client: Watched };
});

const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' } as const;

describe('a timeoutMs above 300 s', () => {
  it('holds: undici has no limits of its own, for creates and for polls', async () => {
    const server = createServer((_, response) => response.end('{"id":"1","status":"queued"}'));
    const fetch = createUndiciFetch();
    const wan = createWan({
      apiKey: 'k-12345678',
      baseUrl: `http://127.0.0.1:${await listen(server)}`,
      fetch,
    });
    await wan.getVideo(await wan.generateVideo(input));
    expect(seen).toHaveLength(2);
    for (const options of seen) expect(options).toMatchObject({ headersTimeout: 0, bodyTimeout: 0 });
    await fetch.close();
    server.close();
    await once(server, 'close');
  });

  const advice = "Node's fetch ends after 300 s, aimlapi-wan/undici does not";
  const timeout = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('Timeout Error'), { code }) });

  it.each(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
    'does not hold with Node’s own fetch, which is said on %s',
    async (code) => {
      const fetch = () => Promise.reject(timeout(code));
      const wan = createWan({ apiKey: 'k-12345678', baseUrl: 'http://x', fetch, maxRetries: 0 });
      const lost = await wan.generateVideo(input).catch((error) => error);
      expect(lost).toMatchObject({ name: 'OutcomeUnknownError', message: expect.stringContaining(advice) });
      const failed = await wan.getVideo('1').catch((error) => error);
      expect(failed).toMatchObject({ name: 'ConnectionError', message: expect.stringContaining(advice) });
    },
  );

  it('is also said where the body stopped half-way', async () => {
    const server = createServer((_, response) => void response.writeHead(200).write('{"id":'));
    const baseUrl = `http://127.0.0.1:${await listen(server)}`;
    onTestFinished(() => void server.close().closeAllConnections());
    const wan = createWan({
      apiKey: 'k-12345678',
      baseUrl,
      maxRetries: 0,
      async fetch(url, init) {
        const { status, headers, body } = await fetch(url, init);
        const reader = body?.getReader();
        let reads = 0;
        const read = async () => {
          reads += 1;
          if (reads > 1) throw new TypeError('terminated', { cause: timeout('UND_ERR_BODY_TIMEOUT').cause });
          return (await reader?.read()) ?? { done: true };
        };
        const cancel = async () => void (await reader?.cancel());
        return {
          status,
          headers,
          body: { getReader: () => ({ read, cancel, releaseLock: () => {} }), cancel },
        };
      },
    });
    const lost = await wan.generateVideo(input).catch((error) => error);
    expect(lost).toMatchObject({ name: 'OutcomeUnknownError', message: expect.stringContaining(advice) });
  });

  it('is not said of another failure', async () => {
    const fetch = () => Promise.reject(timeout('UND_ERR_SOCKET'));
    const wan = createWan({ apiKey: 'k-12345678', baseUrl: 'http://x', fetch, maxRetries: 0 });
    await expect(wan.getVideo('1')).rejects.toThrow(/Timeout Error\)$/);
  });
});
