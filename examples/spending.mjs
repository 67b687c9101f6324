// Lists what the last 24 hours cost by model, the limit of the key and the balance. Costs nothing.
import { generateImage, getBalance, getKey, listRequests } from 'aimlapi-wan';
import { embedded } from './embedded.mjs'; // without a key: the embedded API, in this process

// the embedded API has an empty log: this makes something to list
if (embedded) await generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a kite', num_images: 2 });

const spentUsd = {};
const since = new Date(Date.now() - 24 * 3_600_000);
for await (const { model, usage } of listRequests({ since, status: 'succeeded' })) {
  spentUsd[model] = (spentUsd[model] ?? 0) + (usage?.usdSpent ?? 0);
}
for (const [model, usd] of Object.entries(spentUsd)) console.log(`${model}: $${usd.toFixed(4)} in 24 hours`);

const { name, usedUsd, limitUsd, limitPeriod } = await getKey();
const limit = limitUsd === undefined ? 'no limit at the API' : `a limit of $${limitUsd} (${limitPeriod})`;
console.log(`key "${name}": $${usedUsd} this month, ${limit}`);
console.log(`balance: $${(await getBalance()).usd}`);
