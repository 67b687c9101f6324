// Stops before the creates of a client cost more than $0.10 together. Costs up to $0.10.
import { BudgetExceededError, createWan, save } from 'aimlapi-wan';
import { embedded } from './embedded.mjs'; // without a key: the embedded API, in this process

// all creates of this client together cost $0.10 at most
const wan = createWan({ maxUsd: 0.1 });
if (!embedded) console.log('this spends up to $0.10');

const wishes = ['a kite', 'a lighthouse', 'a dragon', 'a cat', 'a teapot'];
for (const [index, prompt] of wishes.entries()) {
  try {
    const { images } = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt });
    console.log((await save(images[0], `out/wish-${index + 1}.png`)).path);
  } catch (error) {
    if (!(error instanceof BudgetExceededError)) throw error;
    console.log(
      `not made: ${prompt}. It needs $${error.neededUsd}, and $${error.spentUsd} of $${error.maxUsd} is spent`,
    );
    break;
  }
}
const { usd, reservedUsd, creates } = wan.spending();
console.log(`${creates} creates: $${usd} spent, $${reservedUsd} reserved`);
