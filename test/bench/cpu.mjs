// What one status request takes of the client's processor, with either transport, beside the peers and bare calls.
import { inShort, medianOf, startChild, withChild } from './contest.mjs';
import { peerNames } from './peers.mjs';

const atOnce = 64;
const rounds = 12;
const byHand = 'the same by hand';
const bareUndici = 'bare undici.request';
const [ours, oursOnUndici] = ['aimlapi-wan', 'aimlapi-wan/undici'];
const names = [ours, byHand, 'bare fetch', oursOnUndici, bareUndici, ...peerNames];

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureCpu({ folder, isQuick }) {
  const requests = isQuick ? 200 : 2_000;
  const times = await withChild('plain-server.mjs', {}, async (server) => {
    const url = await server.ask('listen');
    const clients = names.map((who) =>
      startChild('status-client.mjs', { args: [who, url, folder, String(atOnce)] }),
    );
    try {
      // until the code is compiled and the connections are up
      for (const client of clients) await client.ask('run', { requests: 6_000 });
      return await takeShortTurns(clients, requests);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });
  const best = peerNames.toSorted((one, other) => medianOf(times[one]) - medianOf(times[other]))[0];
  return [
    ...rowsOf('CPU per status request, default transport', times, ours, {
      [byHand]: ['at most 1.1 of it', 1.1],
      'bare fetch': [],
      ...Object.fromEntries(peerNames.map((name) => [name, []])),
    }),
    ...rowsOf('CPU per status request, `/undici`', times, oursOnUndici, {
      [bareUndici]: ['at most 1.5 of it', 1.5],
      [best]: ['at most 0.4 of it (the best peer)', 0.4],
    }),
  ];
}

/** About a second each: how fast a machine is changes within seconds, so that only neighbours in time can be compared. */
async function takeShortTurns(clients, requests) {
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, client] of clients.entries()) {
      // connections that were closed meanwhile, and caches that others filled, are nobody's cost
      await client.ask('run', { requests: 500 });
      times[names[index]].push(await client.ask('run', { requests }));
    }
  }
  return times;
}

function rowsOf(what, times, ours, others) {
  const rows = Object.entries(others).map(([who, [aim, most]]) => {
    const ratio = medianOf(times[ours].map((time, round) => time / times[who][round]));
    const row = { what, who, measured: inShort(times[who], 'µs', 0), ratio };
    return aim === undefined ? row : { ...row, aim, isMet: ratio <= most };
  });
  return [{ what, who: ours, measured: inShort(times[ours], 'µs', 0) }, ...rows];
}
