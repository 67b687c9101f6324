// What one status request takes of the client's processor, with either transport, beside the peers and bare calls.
import { inShort, medianOf, takeTurns, withChild } from './contest.mjs';
import { peerNames } from './peers.mjs';

const atOnce = 64;
const names = [
  'aimlapi-wan',
  'the same by hand',
  'bare fetch',
  'aimlapi-wan/undici',
  'bare undici.request',
  ...peerNames,
];

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureCpu({ folder, isQuick }) {
  const requests = isQuick ? 4_000 : 20_000;
  const times = await withChild('plain-server.mjs', {}, async (server) => {
    const url = await server.ask('listen');
    return takeTurns(names, isQuick ? 2 : 5, (who) =>
      withChild('status-client.mjs', { args: [who, url, folder, String(atOnce)] }, async (client) => {
        // until the code is compiled and the connections are up
        await client.ask('run', { requests: requests / 5 });
        return client.ask('run', { requests });
      }),
    );
  });
  return [...defaultRows(times), ...undiciRows(times)];
}

function rowOf(what, who, times, ours) {
  const row = { what, who, measured: inShort(times[who], 'µs', 0) };
  return who === ours ? row : { ...row, ratio: medianOf(times[ours]) / medianOf(times[who]) };
}

function defaultRows(times) {
  const ours = 'aimlapi-wan';
  return [ours, 'the same by hand', 'bare fetch', ...peerNames].map((who) => {
    const row = rowOf('CPU per status request, default transport', who, times, ours);
    if (who !== 'the same by hand') return row;
    return { ...row, aim: 'at most 1.15 of it', isMet: row.ratio <= 1.15 };
  });
}

function undiciRows(times) {
  const ours = 'aimlapi-wan/undici';
  const best = peerNames.toSorted((one, other) => medianOf(times[one]) - medianOf(times[other]))[0];
  return [ours, 'bare undici.request', best].map((who) => {
    const row = rowOf('CPU per status request, `/undici`', who, times, ours);
    if (who === 'bare undici.request') return { ...row, aim: 'at most 1.25 of it', isMet: row.ratio <= 1.25 };
    if (who === best)
      return {
        ...row,
        who: `${best} (best peer)`,
        aim: 'at most a third of it',
        isMet: row.ratio <= 1 / 3,
      };
    return row;
  });
}
