import type { RequestOptions } from '../base/options.js';
import type { VideoJob } from '../base/results.js';
import type { Config } from '../http/config.js';
import type { Call } from '../http/request.js';
import { send } from '../http/send.js';
import type { VideoOrder } from '../job/order.js';
import type { OrderRules } from '../job/orders.js';
import { sleep } from '../time/sleep.js';
import { cannotRecover, findJob, type RowsOfCreate, throwIfFound } from './logged-create.js';
import { lookFor, windowSince } from './look.js';
import { toCheckedCreate } from './models/checked-create.js';

export function createOrderRules(config: Config): OrderRules {
  return {
    toCreate: (body) => toCheckedCreate('video', body, config.baseUrl),
    look: (order, options) => lookOnce(config, order, options),
  };
}

/** Looks for the job of an order in all pages of the log since the order. */
async function lookOnce(
  config: Config,
  { clientRequestId, orderedAt, model }: VideoOrder,
  options: RequestOptions,
): Promise<VideoJob | undefined> {
  const facts = { clientRequestId, startedAt: orderedAt, model };
  const orderedAtMs = Date.parse(orderedAt);
  const { startMs } = windowSince(orderedAtMs, Date.now());
  const seen: RowsOfCreate = { rows: 0 };
  const reader = {
    ask: <Page>(call: Call<Page>) => send(config, call, options),
    pause: (ms: number) => sleep(ms, options.signal),
  };
  for await (const rows of lookFor(orderedAtMs, reader, windowSince)) {
    const job = findJob(facts, rows, seen);
    if (job) return job;
  }
  if (orderedAtMs < startMs) {
    throw new RangeError(
      `${cannotRecover(facts)}: it was ordered at ${orderedAt}. The request log goes back 92 days only, and it is not in these.`,
    );
  }
  throwIfFound(config, facts, seen);
  return undefined;
}
