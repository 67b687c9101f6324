import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Catalogue, findEntry, type ReadCatalogue } from '../../src/money/catalogue.js';

describe('Catalogue', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open(read: ReadCatalogue = async () => ({ entries: ['an entry'], etag: '"1"' })) {
    const asked = vi.fn(read);
    return { asked, catalogue: new Catalogue(asked) };
  }

  test('asks once for a thousand calls at once, and not again for a minute', async () => {
    const { asked, catalogue } = open();
    const calls = Array.from({ length: 1_000 }, () => catalogue.entriesOf(['m']));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([['an entry']]));
    vi.advanceTimersByTime(59_999);
    await catalogue.entriesOf(['m']);
    expect(asked.mock.calls).toEqual([[['m'], undefined, expect.any(AbortSignal)]]);
  });

  test('asks by the ETag after a minute, and keeps what has not changed for another minute', async () => {
    const { asked, catalogue } = open(async (_, etag) =>
      etag ? undefined : { entries: ['first'], etag: '"1"' },
    );
    await catalogue.entriesOf(['m']);
    vi.advanceTimersByTime(60_000);
    expect(await catalogue.entriesOf(['m'])).toEqual(['first']);
    vi.advanceTimersByTime(59_999);
    await catalogue.entriesOf(['m']);
    expect(asked.mock.calls).toEqual([
      [['m'], undefined, expect.any(AbortSignal)],
      [['m'], '"1"', expect.any(AbortSignal)],
    ]);
  });

  test('asks again after a failure, which all calls at once share', async () => {
    let isDown = true;
    const { asked, catalogue } = open(async () => {
      if (isDown) throw new Error('down');
      return { entries: [] };
    });
    const calls = [catalogue.entriesOf(['m']), catalogue.entriesOf(['m'])];
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveBeenCalledTimes(1);
    isDown = false;
    expect(await catalogue.entriesOf(['m'])).toEqual([]);
  });

  test('ends the request when the last call that waits for it is aborted, and asks anew', async () => {
    const signals: AbortSignal[] = [];
    const { asked, catalogue } = open((_, __, signal) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const [one, other] = [new AbortController(), new AbortController()];
    const first = catalogue.entriesOf(['m'], one.signal);
    const second = catalogue.entriesOf(['m'], other.signal);
    one.abort('mine');
    await expect(first).rejects.toBe('mine');
    expect(signals[0]?.aborted).toBe(false);
    other.abort('mine too');
    await expect(second).rejects.toBe('mine too');
    expect(signals[0]?.aborted).toBe(true);
    asked.mockResolvedValueOnce({ entries: ['new'] });
    expect(await catalogue.entriesOf(['m'])).toEqual(['new']);
  });

  test('does not grow without end', async () => {
    const { asked, catalogue } = open();
    for (let count = 0; count < 101; count += 1) await catalogue.entriesOf([`m${count}`]);
    await catalogue.entriesOf(['m100']);
    expect(asked).toHaveBeenCalledTimes(101);
    await catalogue.entriesOf(['m0']);
    expect(asked).toHaveBeenCalledTimes(102);
  });
});

test.each([
  ['the id', ['b'], 'B'],
  ['the id before an alias of the same name', ['c'], 'C'],
  ['an alias', ['other'], 'A'],
  ['the first name that one has', ['none', 'other', 'b'], 'A'],
  ['no name', ['none'], undefined],
])('findEntry() goes by %s', (_, names, found) => {
  const entries = [
    undefined,
    5,
    { aliases: 'no list' },
    { id: 'a', aliases: ['other', 'c'], mark: 'A' },
    { id: 'b', mark: 'B' },
    { id: 'c', aliases: null, mark: 'C' },
  ];
  expect(findEntry(entries, names)).toEqual(found && expect.objectContaining({ mark: found }));
});
