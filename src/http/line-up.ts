import type { Fetch } from '../base/fetch.js';
import { Line } from '../time/line.js';

/** The lines of each fetch function, by what lines up and for which origin: all clients of the same fetch share them. */
const linesOf = new WeakMap<Fetch, Map<string, Line>>();

/**
 * Waits until fewer than `fetch.connections` creates, or checks of waits, are under way. What waits here is not timed by
 * `timeoutMs`, and takes little memory. Gives the function that lets the next one in, or `undefined` for a fetch without
 * `connections`. `mostMs` and `toError`: see {@link Line.enter}.
 */
export function lineUp(
  kind: 'create' | 'check',
  fetch: Fetch,
  baseUrl: string,
  signal: AbortSignal | undefined,
  mostMs?: number,
  toError?: () => unknown,
): Promise<() => void> | undefined {
  const { connections } = fetch;
  if (!(typeof connections === 'number' && connections >= 1)) return undefined;
  const lines = linesOf.get(fetch) ?? new Map<string, Line>();
  linesOf.set(fetch, lines);
  const key = `${kind} ${new URL(baseUrl).origin}`;
  const line = lines.get(key) ?? new Line();
  lines.set(key, line);
  const leave = () => {
    line.leave();
    if (line.isEmpty) lines.delete(key);
  };
  return Promise.resolve(line.enter(connections, signal, mostMs, toError)).then(() => leave);
}
