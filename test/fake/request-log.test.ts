import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFakeApi } from '../../src/testing.js';

afterEach(() => void vi.useRealTimers());

const hour = 3_600_000;
const headers = { authorization: 'Bearer sk-1' };
const body = JSON.stringify({ model: 'alibaba/wan2.2-t2v-plus', prompt: 'a dragon' });

/** The path of the log of two days before and after now. */
function logPath(): string {
  const [start = '', end = ''] = [-48, 48].map((hours) => new Date(Date.now() + hours * hour).toISOString());
  return `/v2/logs?${new URLSearchParams({ start, end })}`;
}

async function countRows(answer: Response): Promise<number> {
  const { data } = (await answer.json()) as { data: unknown[] };
  return data.length;
}

describe('the log of createFakeApi()', () => {
  test('tells the time that its rows are dated by, over a socket too', { timeout: 60_000 }, async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-05-06T07:08:09Z') });
    const api = createFakeApi();
    const server = await api.listen();
    onTestFinished(() => server.close());
    for (const answer of [
      await fetch(server.url + logPath(), { headers }),
      await api.fetch(`https://api.aimlapi.com${logPath()}`, { headers }),
    ]) {
      expect(answer.headers.get('date')).toBe('Tue, 06 May 2031 07:08:09 GMT');
    }
  });

  test('shows a row when its delay has passed, by whichever clock', async () => {
    vi.useFakeTimers();
    const api = createFakeApi({ logDelaySeconds: 10 });
    const ask = async () => countRows(await api.fetch(`https://api.aimlapi.com${logPath()}`, { headers }));
    const create = () =>
      api.fetch('https://api.aimlapi.com/v2/video/generations', { method: 'POST', body, headers });
    await create();
    vi.advanceTimersByTime(9_000);
    expect(await ask()).toBe(0);
    vi.advanceTimersByTime(1_000);
    // now the row is one of tomorrow
    vi.setSystemTime(Date.now() - 24 * hour);
    expect(await ask()).toBe(1);
    await create();
    expect(await ask()).toBe(1);
    vi.setSystemTime(Date.now() + 10_000);
    expect(await ask()).toBe(2);
  });
});
