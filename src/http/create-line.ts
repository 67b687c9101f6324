import type { Fetch } from '../base/fetch.js';
import { Line } from '../time/line.js';

/** By fetch function and origin, so that all clients of a fetch share its lines. */
const linesOf = new WeakMap<Fetch, Map<string, Line>>();

/**
 * Waits until fewer than `fetch.connections` creates are under way, so that a create which waits for a connection is not
 * timed. Gives the function that lets the next one in. A fetch without that number has no line.
 */
export async function enterCreateLine(
  fetch: Fetch,
  url: string,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  const { connections } = fetch;
  if (!(typeof connections === 'number' && connections >= 1)) return () => {};
  const lines = linesOf.get(fetch) ?? new Map<string, Line>();
  linesOf.set(fetch, lines);
  const { origin } = new URL(url);
  const line = lines.get(origin) ?? new Line();
  lines.set(origin, line);
  await line.enter(connections, signal);
  return () => {
    line.leave();
    if (line.isEmpty) lines.delete(origin);
  };
}
