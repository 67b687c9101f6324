// echo '{"id":"order-42","input":{"model":"wan2.2-t2v-plus","prompt":"a dragon"}}' | node enqueue.mjs
import { createInterface } from 'node:readline';
import { addJob, connect, isOrderId, Orders, queueOf } from './orders.mjs';

// fails after a few tries: whoever places an order wants to know, and may run this again for the same orders
const redis = connect(3);
const [creates, aside] = ['create', 'aside'].map((name) => queueOf(redis, name));
const orders = new Orders(redis);

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, input } = JSON.parse(line);
    if (!isOrderId(id))
      throw new Error(`the id "${id}" is no letter with up to 99 of A-Z a-z 0-9 _ - after it`);
    // a person has decided about this order: its 20 minutes and its 24 hours begin again
    if (await aside.remove(id)) await orders.restartWaits(id);
    await addJob(creates, id, { input });
    console.log('queued:', id);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  redis.disconnect();
}
