// Answers every status request with the id that was asked for.
import { createServer } from 'node:http';
import { answerParent } from './contest.mjs';

const server = createServer((request, response) => {
  const id = new URL(request.url, 'http://localhost').searchParams.get('generation_id');
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ id, status: 'generating' }));
});
server.keepAliveTimeout = 60_000;

answerParent({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
    }),
});
