// A server that costs as little as Node allows: one answer for every status request, one for every create, and one file.
import { createServer } from 'node:http';
import { answerParent } from './contest.mjs';

/** Legible to every SDK: all of them read a status and an id, or nothing. */
const status = JSON.stringify({ id: 'a-video', object: 'model', status: 'generating', progress: 0.5 });
const statusHeaders = {
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(status),
  'x-inference-id': 'a-video',
};
const chunk = Buffer.alloc(64 * 1024, 7);

const server = createServer((request, response) => {
  const bytes = /^\/file\/(\d+)$/.exec(request.url)?.[1];
  if (bytes !== undefined) return answerFile(response, Number(bytes));
  if (request.method === 'POST') return answerCreate(request, response);
  response.writeHead(200, statusHeaders).end(status);
});
server.keepAliveTimeout = 60_000;

/** Once all of it was read. */
function answerCreate(request, response) {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"data":[{"url":"https://example.com/a.png"}]}');
  });
}

function answerFile(response, bytes) {
  response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': bytes });
  let left = bytes;
  const write = () => {
    while (left > 0) {
      const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
      left -= part.length;
      if (!response.write(part)) return;
    }
    response.end();
  };
  response.on('drain', write);
  write();
}

answerParent({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
    }),
});
