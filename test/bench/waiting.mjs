// What it takes to wait for thousands of jobs at once in one process, beside a loop by hand.
import { setTimeout as sleep } from 'node:timers/promises';
import { inShort, medianOf, takeTurns, withChild } from './contest.mjs';

const connections = 128;
const intervalMs = 10_000;
const byHand = 'a loop by hand on undici.request';
const names = ['aimlapi-wan/undici', byHand];

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureWaiting({ isQuick }) {
  const jobs = isQuick ? 1_000 : 10_000;
  const results = await takeTurns(names, isQuick ? 1 : 2, (who) => waitForAll(who, jobs));
  const figures = (who, name) => results[who].map((result) => result[name]);
  const medians = (name) => names.map((who) => medianOf(figures(who, name)));
  const compare = (what, name, unit, aimOf) => {
    const [ours, theirs] = medians(name);
    return names.map((who) => {
      const row = {
        what: `${jobs} waits at once: ${what}`,
        who,
        measured: inShort(figures(who, name), unit),
      };
      return who === byHand
        ? { ...row, ratio: ours / theirs, ...aimOf.ratio?.(ours / theirs) }
        : { ...row, ...aimOf.ours?.(ours) };
    });
  };
  return [
    ...compare('heap per wait, collected, all asleep', 'kbPerJob', 'kB', {
      ours: (kb) => ({ aim: 'at most 4 kB', isMet: kb <= 4 }),
    }),
    ...compare('most memory (RSS)', 'peakMb', 'MB', {
      ratio: (ratio) => ({ aim: 'at most 1.2 of it', isMet: ratio <= 1.2 }),
    }),
    ...compare('most sockets', 'mostSockets', 'sockets', {
      ours: (sockets) => ({ aim: `at most ${connections}`, isMet: sockets <= connections }),
    }),
    ...compare('event-loop delay, 99 % of the samples below', 'delayP99Ms', 'ms', {
      ours: (ms) => ({ aim: 'at most 50 ms', isMet: ms <= 50 }),
    }),
    ...compare('event-loop delay, the longest', 'delayMaxMs', 'ms', {}),
  ];
}

/** Each job is asked for three times: at once, after one interval, and after another one, when it is done. */
function waitForAll(who, jobs) {
  return withChild('api-server.mjs', {}, async (server) => {
    const { url, ids } = await server.ask('prepare', { jobs });
    const args = [who, url, String(connections), String(intervalMs)];
    return withChild('waiting-client.mjs', { args, flags: ['--expose-gc'] }, async (client) => {
      await client.ask('start', { ids });
      await untilAnswered(server, jobs);
      await client.ask('measureHeap');
      await untilAnswered(server, 2 * jobs);
      await server.ask('endJobs');
      const { bytesPerJob, ...rest } = await client.ask('finish');
      const { mostSockets } = await server.ask('seen');
      return { kbPerJob: bytesPerJob / 1000, mostSockets, ...rest };
    });
  });
}

async function untilAnswered(server, requests) {
  while ((await server.ask('seen')).answered < requests) await sleep(200);
  // the last answers are read
  await sleep(300);
}
