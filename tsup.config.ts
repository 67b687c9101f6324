import { copyFile, rm } from 'node:fs/promises';
import { defineConfig, type Options } from 'tsup';

const common: Options = {
  format: ['esm', 'cjs'],
  target: 'node20',
  dts: true,
  treeshake: true,
  // some platforms know Node's modules by their full names only
  removeNodeProtocol: false,
};

export default defineConfig(async () => {
  // not tsup's `clean`: the two builds run side by side, and each would delete declarations of the other
  await rm('dist', { recursive: true, force: true });
  return [
    {
      ...common,
      entry: ['src/index.ts', 'src/vtrix.ts', 'src/testing.ts'],
      // entries share classes, so that an error thrown by one is known to the other
      splitting: true,
      noExternal: ['zod'],
      async onSuccess() {
        await copyFile('node_modules/zod/LICENSE', 'dist/zod.LICENSE.txt');
      },
    },
    // it shares no class; a chunk in common would be one more file for the main entry to load
    { ...common, entry: ['src/undici.ts'], splitting: false },
  ];
});
