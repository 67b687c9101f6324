type Name = 'node:fs/promises' | 'node:net' | 'node:path' | 'node:url';

export type NodeModule<N extends Name> = ReturnType<typeof process.getBuiltinModule<N>>;

/**
 * Loads a module of Node's own on first use. `import()` would fail under Jest and in `vm` scripts, and an import at the
 * top would fail in browsers.
 *
 * @throws {TypeError} when there is no such module here
 */
export function loadNodeModule<N extends Name>(name: N, doing: string): NodeModule<N> {
  const found = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.(name);
  if (found) return found;
  throw new TypeError(`Cannot ${doing}: it needs the module "${name}" of Node.js, which is not there.`);
}
