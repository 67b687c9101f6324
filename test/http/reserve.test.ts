import { describe, expect, it } from 'vitest';
import { createWan, type Fetch } from '../../src/index.js';
import { type Connection, type Ending, reserve } from '../../src/time/deadline.js';

/** A fetch that gives its connections ahead, as that of aimlapi-wan/undici does. */
function reserving(turn: (ending: Ending) => Promise<Connection>): Fetch {
  const fetch: Fetch = async (_, { signal }) => {
    signal.throwIfAborted();
    throw new Error('called without a connection');
  };
  return Object.assign(fetch, { [reserve]: (_url: string, _method: string, ending: Ending) => turn(ending) });
}

const wanOf = (fetch: Fetch) =>
  createWan({ apiKey: 'k-12345678', baseUrl: 'http://localhost', fetch, maxRetries: 0 });

describe('a connection that a fetch gives ahead', () => {
  it('is given back, and nothing sent on it, where an abort comes together with it', async () => {
    const endings: unknown[] = [];
    const connection: Connection = {
      send: async (_url, _init, { over }) => {
        endings.push(over);
        throw over?.reason;
      },
    };
    let give = (_: Connection) => {};
    const turn = new Promise<Connection>((resolve) => {
      give = resolve;
    });
    const controller = new AbortController();
    const input = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
    const call = wanOf(reserving(() => turn)).generateVideo(input, { signal: controller.signal });
    await new Promise(setImmediate);
    give(connection);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(endings).toEqual([{ reason: 'enough' }]);
  });

  it('that never comes ends in what the fetch itself says', async () => {
    const fetch = reserving(() => Promise.reject(new Error('closed')));
    await expect(wanOf(fetch).getVideo('id')).rejects.toThrow('called without a connection');
  });
});
