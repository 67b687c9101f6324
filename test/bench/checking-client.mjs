// Checks inputs in a process of its own: the first of each model, then many.
import { answerParent } from './contest.mjs';

const [modulePath] = process.argv.slice(2);
const { toCheckedCreate } = await import(modulePath);

answerParent({
  run({ kind, input, calls }) {
    const startedMs = performance.now();
    toCheckedCreate(kind, input);
    const firstMs = performance.now() - startedMs;
    // until it is compiled
    for (let call = 0; call < calls / 10; call += 1) toCheckedCreate(kind, input);
    const beginMs = performance.now();
    for (let call = 0; call < calls; call += 1) toCheckedCreate(kind, input);
    return { firstMs, eachUs: ((performance.now() - beginMs) * 1000) / calls };
  },
});
