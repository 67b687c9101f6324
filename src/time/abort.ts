const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal aborts (at once where it has), until the returned function is called. However many calls
 * share a signal, it has one listener at most: Node warns of a leak at the eleventh.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal?.aborted) callback();
  if (!signal || signal.aborted) return nothing;
  const callbacks = callbacksOf.get(signal) ?? new Set();
  callbacksOf.set(signal, callbacks.add(callback));
  // the same listener is added once
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
  // one promise, and not a race with a few of them: thousands of these may be under way
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
