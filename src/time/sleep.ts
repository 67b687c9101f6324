import { onAbort, untilAborted } from './abort.js';

/** The longest delay that `setTimeout` takes; a longer one fires at once. */
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

/** Whether the work ends within `ms`. It rejects as the work does, or at once with the signal's reason. */
export async function endsWithin(ms: number, work: unknown, signal?: AbortSignal): Promise<boolean> {
  if (ms === Infinity) return untilAborted(Promise.resolve(work), signal).then(() => true);
  const guard = new AbortController();
  const late = sleep(ms, guard.signal).then(() => false);
  const inTime = Promise.resolve(work).then(() => true);
  try {
    return await untilAborted(Promise.race([inTime, late]), signal);
  } finally {
    guard.abort();
  }
}
