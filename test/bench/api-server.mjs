// The embedded API in a process of its own, full of jobs that go on until they are told to end.
import { subscribe } from 'node:diagnostics_channel';
import { createFakeApi } from 'aimlapi-wan/testing';
import { answerParent } from './contest.mjs';

const api = createFakeApi({ videoSeconds: 0 });
const sockets = new Set();
let mostSockets = 0;
let answered = 0;

subscribe('http.server.request.start', ({ socket }) => {
  if (sockets.has(socket)) return;
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  mostSockets = Math.max(mostSockets, sockets.size);
});
subscribe('http.server.response.finish', () => {
  answered += 1;
});

async function createJob() {
  const response = await api.fetch('http://127.0.0.1/v2/video/generations', {
    method: 'POST',
    headers: { authorization: 'Bearer no-key-is-needed-here', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'alibaba/wan2.2-t2v-plus', prompt: 'a lighthouse at dusk' }),
  });
  const { id } = await response.json();
  return id;
}

answerParent({
  async prepare({ jobs }) {
    const ids = [];
    while (ids.length < jobs) ids.push(await createJob());
    api.fault({ on: 'status', kind: 'status', status: 'generating', times: Number.POSITIVE_INFINITY });
    const { url } = await api.listen();
    return { url, ids };
  },
  seen: () => ({ answered, mostSockets }),
  endJobs: () => api.clearFaults(),
});
