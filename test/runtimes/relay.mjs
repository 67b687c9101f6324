import { createServer, request as send } from 'node:http';
import { createFakeApi } from '../../dist/testing.js';

export const realKey = 'the-key-of-the-relay';
/** What a page passes in place of a key. */
export const pageKey = 'no-key-in-a-page';

/**
 * Starts the embedded API and a relay on loopback in front of it. The relay can lose the answer to a create. `/control` is
 * for the app under test: it says what to lose, and tells what was paid for.
 *
 * @param isForPages whether it does what a relay for pages has to do: it puts in the key, and passes each create on once
 * @param serve answers what is neither the API's nor for control: the page and its files
 */
export async function openRelay({ isForPages = false, serve = () => false } = {}) {
  const api = createFakeApi({ apiKey: realKey, videoSeconds: 0.3, images: 'base64' });
  const upstream = await api.listen();
  let isLosing = '';
  let movedTo = '';
  /** Client request ids of creates that may have been paid for. */
  const passedOn = new Set();
  /** Creates whose answers were lost on a connection that was used before. */
  let lostOnUsed = 0;

  /** Creates that arrived a second time, and were not passed on. */
  let repeats = 0;

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });

  async function answer(incoming, outgoing) {
    const { pathname, searchParams } = new URL(incoming.url, 'http://relay');
    if (pathname === '/control/lose') {
      isLosing = searchParams.get('by') ?? '';
      return outgoing.end();
    }
    if (pathname === '/control/paid') {
      outgoing.setHeader('content-type', 'application/json');
      return outgoing.end(JSON.stringify({ paid: api.generations, lostOnUsed }));
    }
    if (pathname === '/control/moved') {
      return outgoing.writeHead(302, { location: movedTo }).end();
    }
    if (await serve(incoming, outgoing)) return undefined;
    return pass(incoming, outgoing);
  }

  function pass(incoming, outgoing) {
    const { method, headers } = incoming;
    const isCreate = method === 'POST';
    const isUsed = incoming.socket.bytesWritten > 0;
    const id = headers['x-client-request-id'];
    // a browser sends a create again by itself when a used connection breaks before the answer
    if (isForPages && isCreate && passedOn.has(id)) {
      repeats += 1;
      return outgoing.writeHead(502).end();
    }
    if (isCreate) passedOn.add(id);
    const authorization = isForPages
      ? headers.authorization?.replace(pageKey, realKey)
      : headers.authorization;
    const passed = send(new URL(incoming.url, upstream.url), {
      method,
      // with the host of the relay, so that links lead to it
      headers: { ...headers, ...(authorization && { authorization }), connection: 'close' },
    });
    passed.on('error', () => incoming.socket.destroy());
    passed.on('response', (answer) => {
      if (isCreate && isLosing) {
        const socket = incoming.socket;
        // the create was carried out by now
        lostOnUsed += Number(isUsed);
        if (isLosing === 'reset') socket.resetAndDestroy();
        else if (isLosing === 'close') socket.end();
        else outgoing.writeHead(Number(isLosing)).end();
        return answer.resume();
      }
      if (/^\/alpaca\//.test(incoming.url)) movedTo = incoming.url;
      // the API refused it: the client may send it again
      if ([429, 500, 503].includes(answer.statusCode)) passedOn.delete(id);
      const { connection: _, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode, rest);
      return answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    get repeats() {
      return repeats;
    },
    async close() {
      server.close().closeAllConnections();
      await upstream.close();
    },
  };
}
