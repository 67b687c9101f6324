// Runs the cases with the `ai` that is installed in FOLDER, and prints what came of each as a line of JSON.
// Usage: node test/ai-sdk/run.mjs FOLDER [PART OF A NAME]
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cases, casesOf7 } from './cases.mjs';
import { loadAi } from './load-ai.mjs';

const [folder, part = ''] = process.argv.slice(2);
const ai = await loadAi(folder);
const { version } = createRequire(join(folder, 'app.js'))('ai/package.json');
const all = { ...cases, ...(Number.parseInt(version, 10) >= 7 && casesOf7) };
for (const [name, run] of Object.entries(all).filter(([each]) => each.includes(part))) {
  const closing = [];
  let error;
  try {
    await run({ ai, folder, track: (close) => closing.push(close) });
  } catch (thrown) {
    error = thrown?.stack ?? String(thrown);
  }
  for (const close of closing) await close();
  console.log(JSON.stringify({ name, version, node: process.version, error }));
}
