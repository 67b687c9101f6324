import { onAbort } from './abort.js';

/** The longest delay that `setTimeout` keeps; anything above fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits `ms`; an abort ends the wait at once and rejects with the signal's reason. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  for (let left = ms; left > 0; left -= longestTimerMs) {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => {
          leave();
          resolve();
        },
        Math.min(left, longestTimerMs),
      );
      const leave = onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal?.reason);
      });
    });
  }
}
