import type { IncomingMessage } from 'node:http';
import type { Fetch } from '../index.js';

/** A fetch for a GET of the price list: Node's own takes longer to load than all the rest of a dry run. */
export const lightFetch: Fetch = async (url, { headers, signal }) => {
  const { get } = await (url.startsWith('https:') ? import('node:https') : import('node:http'));
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const plain = { ...headers, 'accept-encoding': 'identity' };
    get(url, { headers: plain, signal, agent: false }, resolve).on('error', reject);
  });
  const pieces = answer[Symbol.asyncIterator]();
  const read = async () => {
    const { done = false, value } = await pieces.next();
    return { done, value };
  };
  const cancel = async () => void answer.destroy();
  return {
    status: answer.statusCode ?? 0,
    headers: { get: (name) => answer.headers[name.toLowerCase()]?.toString() ?? null },
    body: { getReader: () => ({ read, cancel, releaseLock() {} }), cancel },
  };
};
