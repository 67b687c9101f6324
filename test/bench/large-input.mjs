// What a create with three large pictures in it takes, beside the same by hand: JSON.stringify, and fetch.
import { inShort, medianOf, takeTurns, withChild } from './contest.mjs';

const megabytes = 14;
const byHand = 'JSON.stringify, fetch';
const ours = { unchecked: 'aimlapi-wan, unchecked', checked: 'aimlapi-wan, checked' };
const names = [...Object.values(ours), byHand];

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureLargeInput({ isQuick }) {
  const results = await withChild('plain-server.mjs', {}, async (server) => {
    const url = await server.ask('listen');
    return takeTurns(names, isQuick ? 3 : 15, (who) =>
      withChild('large-input-client.mjs', { args: [who, url], flags: ['--expose-gc'] }, (client) =>
        client.ask('run', { megabytes }),
      ),
    );
  });
  const rowsOf = (what, name, unit, most) =>
    names.map((who) => {
      const figures = results[who].map((result) => result[name]);
      const row = {
        what: `a create with 3 x ${megabytes} MB in it: ${what}`,
        who,
        measured: inShort(figures, unit, 0),
      };
      if (who !== byHand) return row;
      // round by round: how fast a machine is changes within seconds
      const ratioOf = (mine) => medianOf(results[mine].map((result, round) => result[name] / figures[round]));
      const [ratio, other] = Object.values(ours).map(ratioOf);
      return {
        ...row,
        ratio,
        aim: `at most ${most} of it (checked: ${other.toFixed(2)} x)`,
        isMet: ratio <= most && other <= most,
      };
    });
  return [
    ...rowsOf('CPU', 'cpuMs', 'ms', 1.5),
    ...rowsOf('time until the answer', 'ms', 'ms', 1.5),
    ...rowsOf('longest block of the event loop', 'blockMs', 'ms', 1.5),
    ...rowsOf('growth of memory (RSS), most minus start', 'growthMb', 'MB', 1.1),
  ];
}
