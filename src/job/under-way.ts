/** All copies of this package in a process (ESM, CommonJS, two versions) find the same set by this symbol. */
const key = Symbol.for('aimlapi-wan.startsUnderWay');
/** Becomes the shared set, or serves this copy alone where `globalThis` is frozen. */
const own = new Set<unknown>();

/** What is being started in this process, over all clients. */
function underWay(): Set<unknown> {
  const shared: unknown = Reflect.get(globalThis, key);
  if (shared instanceof Set) return shared;
  Reflect.defineProperty(globalThis, key, { value: own, configurable: true, writable: true });
  return own;
}

/** Notes that something is under way. Gives the function that takes the note back; `undefined` where it was there. */
export function enter(name: string): (() => void) | undefined {
  const names = underWay();
  if (names.has(name)) return undefined;
  names.add(name);
  return () => void names.delete(name);
}
