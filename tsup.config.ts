import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/vtrix.ts', 'src/testing.ts'],
  format: ['esm', 'cjs'],
  target: 'node20',
  dts: true,
  clean: true,
  // entries share classes, so that an error thrown by one is known to the other
  splitting: true,
  treeshake: true,
  noExternal: ['zod'],
  async onSuccess() {
    await copyFile('node_modules/zod/LICENSE', 'dist/zod.LICENSE.txt');
  },
});
