// Makes creates that a fetch of its own answers, with and without listeners on the tracing channels.
import { tracingChannel } from 'node:diagnostics_channel';
import { createWan } from 'aimlapi-wan';
import { answerParent } from './contest.mjs';

const body = JSON.stringify({ id: 'a-video', status: 'queued' });
const wan = createWan({ apiKey: 'no-key-is-needed-here', fetch: async () => new Response(body) });
const input = { model: 'wan2.2-t2v-plus', prompt: 'waves below a lighthouse' };
const channels = ['create', 'request', 'wait'].map((name) => tracingChannel(`aimlapi-wan:${name}`));

const ignore = () => {};
const all = { start: ignore, end: ignore, asyncStart: ignore, asyncEnd: ignore, error: ignore };
const ends = { asyncEnd: ignore };

/** What listens, by a name. */
const listeners = {
  nobody: () => () => {},
  'a listener for the ends of creates': () => subscribe(channels.slice(0, 1), ends),
  'a listener for each event of all channels': () => subscribe(channels, all),
};

function subscribe(chosen, handlers) {
  for (const channel of chosen) channel.subscribe(handlers);
  return () => {
    for (const channel of chosen) channel.unsubscribe(handlers);
  };
}

/** Microseconds of processor time for each create. */
async function measure(creates) {
  const before = process.cpuUsage();
  for (let create = 0; create < creates; create += 1) await wan.generateVideo(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / creates;
}

answerParent({
  async run({ rounds, creates }) {
    const times = Object.fromEntries(Object.keys(listeners).map((name) => [name, []]));
    const names = Object.keys(listeners);
    // the first round warms up, and each begins with another one
    for (let round = -1; round < rounds; round += 1) {
      for (let turn = 0; turn < names.length; turn += 1) {
        const name = names[(round + 1 + turn) % names.length];
        const end = listeners[name]();
        const time = await measure(creates);
        end();
        if (round >= 0) times[name].push(time);
      }
    }
    return times;
  },
});
