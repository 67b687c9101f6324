import { untilAborted } from './abort.js';

/** The longest delay that `setTimeout` keeps; anything above fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits `ms`; an abort ends the wait at once and rejects with the signal's reason. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  for (let left = ms; left > 0; left -= longestTimerMs) {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(left, longestTimerMs));
    });
    await untilAborted(over, signal).finally(() => clearTimeout(timer));
  }
}
