const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal aborts (at once if it has aborted), until the returned function is called. All calls that
 * share a signal add one listener together: Node warns of a leak at the eleventh.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal?.aborted) callback();
  if (!signal || signal.aborted) return nothing;
  const callbacks = callbacksOf.get(signal) ?? new Set();
  callbacksOf.set(signal, callbacks.add(callback));
  // a signal ignores a listener that it has already
  signal.addEventListener('abort', callAll, { once: true });
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) signal.removeEventListener('abort', callAll);
  };
}

function nothing(): void {}

function callAll(this: AbortSignal): void {
  for (const callback of callbacksOf.get(this) ?? []) callback();
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that aborts. */
export function untilAborted<T>(work: PromiseLike<T>, signal?: AbortSignal): Promise<T> {
  // one promise takes less memory than a race of several: thousands of these may be under way
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => reject(signal?.reason));
    work.then(
      (value) => {
        leave();
        resolve(value);
      },
      (reason) => {
        leave();
        reject(reason);
      },
    );
  });
}
