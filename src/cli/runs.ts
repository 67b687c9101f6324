import { create } from './create.js';
import { recover, save, status, wait } from './follow.js';
import { listModels, listRequests, showBalance, showPrice, showSchema } from './look.js';
import type { Run } from './session.js';

export { readFieldFlags } from './fields.js';

/** The code of the commands: one file for all, because each further file takes time to load. */
export const runs: Readonly<Record<string, Run>> = {
  image: create,
  video: create,
  wait,
  status,
  save,
  recover,
  models: listModels,
  schema: showSchema,
  price: showPrice,
  balance: showBalance,
  requests: listRequests,
};
