import { onAbort } from './abort.js';

/** The longest delay that `setTimeout` keeps; anything above fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits `ms`; an abort ends the wait at once and rejects with the signal's reason. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > longestTimerMs)
    return sleep(longestTimerMs, signal).then(() => sleep(ms - longestTimerMs, signal));
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    if (ms <= 0) return resolve();
    const timer = setTimeout(() => {
      leave();
      resolve();
    }, ms);
    const leave = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal?.reason);
    });
  });
}
