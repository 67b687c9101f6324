// loaded into each worker: ends or freezes its process, as `kill -9` or `kill -STOP` do, at a request of the kind in KILL_AT
const { KILL_AT: at, KILL_BY: signal = 'SIGKILL' } = process.env;
const { fetch } = globalThis;
let isDone = false;

function kill() {
  if (isDone) return;
  isDone = true;
  process.stdout.write(`${signal} ${at}\n`);
  process.kill(process.pid, signal);
}

const kindOf = (address, method) => {
  if (method === 'POST') return 'POST';
  if (method === 'PUT') return 'saving to a store';
  return /\.mp4/.test(address) ? 'saving to disk' : 'polling';
};

globalThis.fetch = async (address, init) => {
  const kind = kindOf(String(address), init?.method ?? 'GET');
  if (at === `before the ${kind}`) kill();
  const answer = await fetch(address, init);
  if (at === kind || at === `after the ${kind}`) kill();
  return answer;
};
