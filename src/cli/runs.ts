import { recover, save, status, wait } from './follow.js';
import { listJobs } from './jobs.js';
import { listModels, listRequests, showBalance, showPrice, showSchema } from './look.js';
import { make } from './make.js';
import type { Run } from './session.js';

export { readFieldFlags } from './fields.js';
export { openJournal } from './journal.js';

/** The code of the commands: one file for all, because each further file takes time to load. */
export const runs: Readonly<Record<string, Run>> = {
  image: make,
  video: make,
  wait,
  jobs: listJobs,
  status,
  save,
  recover,
  models: listModels,
  schema: showSchema,
  price: showPrice,
  balance: showBalance,
  requests: listRequests,
};
