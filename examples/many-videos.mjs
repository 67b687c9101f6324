// Makes 20 videos, 5 at once, with a line of progress; with a key it shows the price and wants --yes. Costs 20 videos.
import { createWan } from 'aimlapi-wan';
import { embedded } from './embedded.mjs'; // without a key: the embedded API, in this process

const wan = createWan();
const inputs = Array.from({ length: 20 }, (_, index) => ({
  model: 'wan2.2-t2v-plus',
  prompt: `a paper boat on a river, scene ${index + 1}`,
  resolution: '480P',
}));
if (!embedded && !process.argv.includes('--yes')) {
  const { usd, reason } = await wan.estimateCost(inputs[0]);
  console.log(usd === undefined ? `no price: ${reason}` : `about $${(usd * inputs.length).toFixed(2)}`);
  console.log('run it again with --yes to spend that');
  process.exit();
}

// the embedded API needs 3 s where the real one needs minutes; left out, the checks are paced
const pace = embedded ? { intervalMs: 500 } : {};
const results = [];
const waiting = [...inputs.entries()];

/** One of five: takes the next video as soon as its last one is saved. One that fails stops no other. */
async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [index, input] = next;
    try {
      const video = await wan.pollUntilDone(await wan.generateVideo(input), pace);
      results.push(await wan.save(video, `out/boats/${index + 1}.mp4`));
    } catch (error) {
      // a JobError holds the job: give it to pollUntilDone() again
      results.push({ error, job: error.job });
    }
    const failed = results.filter(({ error }) => error).length;
    const line = `${results.length} of ${inputs.length} done, ${failed} failed, $${wan.spending().usd} spent`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
  }
}

await Promise.all([work(), work(), work(), work(), work()]);
if (process.stdout.isTTY) console.log();
for (const { error } of results) if (error) console.error(error.message);
