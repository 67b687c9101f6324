import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The module `ai` that is installed in a folder, as an app there imports it. */
export async function loadAi(folder) {
  // ai warns on the console of each thing that a model cannot do
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const manifest = createRequire(join(folder, 'app.js')).resolve('ai/package.json');
  const { exports: entries } = createRequire(manifest)(manifest);
  return import(pathToFileURL(join(manifest, '..', entries['.'].import)).href);
}
