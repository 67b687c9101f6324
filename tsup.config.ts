import { copyFile, readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';

/**
 * Puts zod's writer of JSON Schema (21 kB minified) into a file that only the door `models` loads. esbuild gives each
 * chunk whole files, and zod's indexes, which the client needs, re-export it.
 */
const jsonSchemaApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'json-schema-apart',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/](core[\\/]index|mini[\\/]external)\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^export .*json-schema[\w-]*\.js";$/gm, ''),
    }));
    build.onResolve({ filter: /^zod\/v4\/core$/ }, ({ importer }) =>
      /[\\/]json-schema\.ts$/.test(importer)
        ? { path: resolve('node_modules/zod/v4/core/json-schema-processors.js') }
        : undefined,
    );
  },
};

/** The command line calls the doors of the package beside it: it holds no copy of the library. */
const doorsApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'doors-apart',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/\w+\.js$/ }, ({ path, importer }) =>
      /[\\/]src[\\/]cli[\\/]/.test(importer) ? { path: path.slice(1), external: true } : undefined,
    );
  },
};

const common: Options = {
  target: 'node20',
  dts: true,
  // some platforms know Node's modules by their full names only
  removeNodeProtocol: false,
};

const formats: Options[] = [
  // a bare import of a chunk would make esbuild warn, as the package has no side effects
  { ...common, format: 'esm', treeshake: { moduleSideEffects: 'no-external' } },
  // tree shaking would leave `import()` in, which Jest does not have: without it the lazy parts are a `require`
  { ...common, format: 'cjs', treeshake: false },
];

export default defineConfig(async () => {
  // not tsup's `clean`: the builds run side by side, and each would delete declarations of the others
  await rm('dist', { recursive: true, force: true });
  const cli: Options = {
    ...common,
    format: 'esm',
    dts: false,
    entry: { cli: 'src/cli/main.ts' },
    splitting: true,
    treeshake: false,
    esbuildPlugins: [doorsApart],
  };
  return formats
    .flatMap((format): Options[] => [
      {
        ...format,
        entry: ['src/index.ts', 'src/models.ts', 'src/vtrix.ts', 'src/ai-sdk.ts'],
        // entries share classes, so that an error thrown by one is known to the other
        splitting: true,
        noExternal: ['zod'],
        esbuildPlugins: [jsonSchemaApart],
        async onSuccess() {
          await copyFile('node_modules/zod/LICENSE', 'dist/zod.LICENSE.txt');
        },
      },
      // these share no class; a chunk in common would be one more file for the main entry to load
      { ...format, entry: ['src/undici.ts'], splitting: false },
      { ...format, entry: ['src/testing.ts'], splitting: false },
    ])
    .concat(cli);
});
