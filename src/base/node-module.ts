export type NodeModuleName =
  | 'node:buffer'
  | 'node:diagnostics_channel'
  | 'node:dns'
  | 'node:fs/promises'
  | 'node:path'
  | 'node:url'
  | 'node:util';

export type NodeModule<N extends NodeModuleName> = ReturnType<typeof process.getBuiltinModule<N>>;

/**
 * Gives a module of Node's own, or `undefined` where there is none. `import()` would fail under Jest and in `vm` scripts,
 * and an import at the top would fail in browsers.
 */
export function findNodeModule<N extends NodeModuleName>(name: N): NodeModule<N> | undefined {
  return globalThis.process?.getBuiltinModule?.(name);
}
