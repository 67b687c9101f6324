// What 100,000 waits in one process take, and whether starting them keeps the process from anything else.
import { withChild } from './contest.mjs';

const mostBlockMs = 200;

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureCrowd({ isQuick }) {
  const jobs = isQuick ? 5_000 : 100_000;
  const { bytesPerJob, peakMb, blockMs } = await withChild('crowd-server.mjs', {}, async (server) => {
    const url = await server.ask('listen');
    return withChild('crowd-client.mjs', { args: [url], flags: ['--expose-gc'] }, (client) =>
      client.ask('run', { jobs }),
    );
  });
  const row = (what, measured) => ({ what: `${jobs} waits: ${what}`, who: 'aimlapi-wan/undici', measured });
  return [
    row('heap per wait, collected, all asleep', `${(bytesPerJob / 1000).toFixed(1)} kB`),
    row('most memory (RSS)', `${peakMb.toFixed(0)} MB`),
    {
      ...row('the longest block of the event loop while they start', `${blockMs.toFixed(0)} ms`),
      aim: `at most ${mostBlockMs} ms`,
      isMet: blockMs <= mostBlockMs,
    },
  ];
}
