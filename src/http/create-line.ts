import type { Fetch } from '../base/fetch.js';
import { Line } from '../time/line.js';

/** A line for each fetch function and origin: all clients of the same fetch share it. */
const linesOf = new WeakMap<Fetch, Map<string, Line>>();

/**
 * Waits until fewer than `fetch.connections` creates are under way: a create that waits here is not timed. Gives the
 * function that lets the next create in. For a fetch without `connections` it does not wait.
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
