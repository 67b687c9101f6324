// Lets Node 20 run a recipe in TypeScript: node --import ./test/typescript-hooks.mjs examples/typed-wrapper.ts
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), {
    loader: 'ts',
    format: 'esm',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

// Node loads these hooks in a thread of their own
if (isMainThread) register(import.meta.url);
