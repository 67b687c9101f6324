import { findNodeModule, type NodeModule, type NodeModuleName } from '../base/node-module.js';

/**
 * Gives a module of Node's own. `doing` is what needs it, and `instead` says what works without it.
 *
 * @throws {TypeError} when there is no such module here
 */
export function loadNodeModule<N extends NodeModuleName>(
  name: N,
  doing: string,
  instead: string,
): NodeModule<N> {
  const found = findNodeModule(name);
  if (found) return found;
  throw new TypeError(
    `Cannot ${doing}: it needs the module "${name}" of Node.js, which this runtime does not have; Node.js, Bun and Deno have it. ${instead}`,
  );
}

/** @throws {TypeError} when there is no such module here */
export function loadForSaving<N extends NodeModuleName>(name: N): NodeModule<N> {
  return loadNodeModule(name, 'save a file', 'download() gives the bytes instead.');
}

export function isWindows(): boolean {
  return globalThis.process?.platform === 'win32';
}
