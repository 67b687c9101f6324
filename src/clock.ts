import { untilAborted } from './abort.js';

export interface Clock {
  elapsedMs(): number;
  sleep(ms: number): Promise<void>;
}

/** Time waited: the clock's, or what the pauses add up to where a caller's `sleep` runs ahead of it. */
export function startClock(
  pause: (ms: number, signal?: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): Clock {
  const startedAt = performance.now();
  let slept = 0;
  return {
    elapsedMs: () => Math.max(Math.round(performance.now() - startedAt), slept),
    async sleep(ms) {
      if (ms <= 0) return;
      await untilAborted(Promise.resolve(pause(ms, signal)), signal);
      slept += ms;
    },
  };
}
