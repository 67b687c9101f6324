// How a call ended and when, and what its error tells.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Never rejects: how a promise ended, and when. */
export function outcomeOf(promise) {
  return promise.then(
    (value) => ({ value, endedMs: performance.now() }),
    (error) => ({ error, endedMs: performance.now() }),
  );
}

/** `undefined` where it takes longer. */
export async function within(promise, ms) {
  const controller = new AbortController();
  const late = sleep(ms, undefined, { signal: controller.signal }).catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    controller.abort();
  }
}

export async function untilTrue(isTrue, boundMs) {
  const boundedMs = performance.now() + boundMs;
  while (!isTrue()) {
    if (performance.now() > boundedMs) throw new Error(`nothing arrived within ${inWords(boundMs)}`);
    await sleep(2);
  }
}

export function describeEnding(outcome, boundMs) {
  if (!outcome) return `not over after ${inWords(boundMs)}`;
  if ('error' in outcome) return nameOf(outcome.error);
  const { value } = outcome;
  return value === undefined || value === null ? `resolves ${inspect(value)}` : 'a result';
}

// several SDKs leave `name` at Error
export function nameOf(error) {
  return error.name === 'Error' ? error.constructor.name : error.name;
}

/** Whether an id can be read anywhere on a value: in a message, a URL, a field or behind a getter. */
export function holds(value, id, depth = 4, seen = new Set()) {
  if (typeof value === 'string') return id !== '' && value.includes(id);
  if (typeof value !== 'object' || value === null || depth === 0 || seen.has(value)) return false;
  seen.add(value);
  const names = new Set();
  for (let owner = value; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const name of Object.getOwnPropertyNames(owner)) names.add(name);
  }
  return [...names].some((name) => {
    try {
      return holds(value[name], id, depth - 1, seen);
    } catch {
      return false;
    }
  });
}

export function inWords(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 60_000 ? 1 : 0).replace(/\.0$/, '')} s`;
}
