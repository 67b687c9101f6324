// What listeners on the tracing channels cost a create, and what the channels cost where nobody listens.
import { inShort, medianOf, withChild } from './contest.mjs';

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureTracing({ isQuick }) {
  const { nobody, ...others } = await withChild('tracing-client.mjs', {}, (client) =>
    client.ask('run', { rounds: isQuick ? 3 : 21, creates: 3_000 }),
  );
  return Object.entries(others).flatMap(([who, times]) => {
    const what = `CPU of a create, ${who}`;
    // of each turn by itself: the machine is now faster and now slower
    const ratio = medianOf(times.map((time, turn) => time / nobody[turn]));
    return [
      { what, who: 'aimlapi-wan', measured: inShort(times, 'µs') },
      { what, who: 'nobody listens', measured: inShort(nobody, 'µs'), ratio },
    ];
  });
}
