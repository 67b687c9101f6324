// How fast a large file is saved, and what memory that takes, beside a bare pipeline to disk.
import { join } from 'node:path';
import { inShort, medianOf, takeTurns, withChild } from './contest.mjs';

const bytes = 200_000_000;
const flatMb = 64;
const barsByOurs = {
  'aimlapi-wan': ['fetch, pipeline', 'fetch, pipeline, sync'],
  'aimlapi-wan/undici': ['undici.request, pipeline'],
};

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureSaving({ folder, isQuick }) {
  const names = Object.entries(barsByOurs).flat(2);
  const results = await withChild('plain-server.mjs', {}, async (server) => {
    const url = await server.ask('listen');
    return takeTurns(names, isQuick ? 2 : 11, (who) => {
      const args = [who, url, join(folder, 'saved.mp4')];
      return withChild('saving-client.mjs', { args }, (client) => client.ask('run', { bytes }));
    });
  });
  const figures = (who, name) => results[who].map((result) => result[name]);
  return Object.entries(barsByOurs).flatMap(([ours, bars]) => {
    const rows = (what, name, unit, toOurs, toBar) =>
      [ours, ...bars].map((who) => {
        const row = { what, who, measured: inShort(figures(who, name), unit, 0) };
        if (who === ours) return { ...row, ...toOurs(medianOf(figures(ours, name))) };
        // round by round: how fast the machine and its disk are changes within seconds
        const ratio = medianOf(
          figures(ours, name).map((figure, round) => figure / figures(who, name)[round]),
        );
        return { ...row, ratio, ...(who === bars[0] && toBar(ratio)) };
      });
    return [
      ...rows(
        'saving 200 MB: rate',
        'rate',
        'MB/s',
        () => ({}),
        (ratio) => ({ aim: 'at least 0.9 of it', isMet: ratio >= 0.9 }),
      ),
      ...rows(
        'saving 200 MB: growth of memory (RSS), most minus start',
        'growthMb',
        'MB',
        (mb) => ({ aim: `flat: at most ${flatMb} MB`, isMet: mb <= flatMb }),
        () => ({}),
      ),
    ];
  });
}
