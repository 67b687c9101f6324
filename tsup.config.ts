import { copyFile, rm } from 'node:fs/promises';
import { defineConfig, type Options } from 'tsup';

const common: Options = {
  target: 'node20',
  dts: true,
  // some platforms know Node's modules by their full names only
  removeNodeProtocol: false,
};

const formats: Options[] = [
  { ...common, format: 'esm', treeshake: true },
  // tree shaking would leave `import()` in, which Jest does not have: without it the lazy parts are a `require`
  { ...common, format: 'cjs', treeshake: false },
];

export default defineConfig(async () => {
  // not tsup's `clean`: the builds run side by side, and each would delete declarations of the others
  await rm('dist', { recursive: true, force: true });
  return formats.flatMap((format): Options[] => [
    {
      ...format,
      entry: ['src/index.ts', 'src/vtrix.ts', 'src/testing.ts'],
      // entries share classes, so that an error thrown by one is known to the other
      splitting: true,
      noExternal: ['zod'],
      async onSuccess() {
        await copyFile('node_modules/zod/LICENSE', 'dist/zod.LICENSE.txt');
      },
    },
    // it shares no class; a chunk in common would be one more file for the main entry to load
    { ...format, entry: ['src/undici.ts'], splitting: false },
  ]);
});
