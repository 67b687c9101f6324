// Tells the errors apart, and what an app may do about each. Costs nothing.
import './embedded.mjs'; // without a key: the embedded API, in this process

import {
  ApiError,
  AuthenticationError,
  createWan,
  InsufficientCreditsError,
  InvalidInputError,
  JobError,
  OutcomeUnknownError,
  RateLimitError,
  VideoFailedError,
} from 'aimlapi-wan';

/** What an app may do about each error. A class comes before the one that it extends. */
function advise(error) {
  if (error instanceof InvalidInputError) return `mend ${error.issues.map(({ path }) => path).join(', ')}`;
  if (error instanceof OutcomeUnknownError) return `look up ${error.clientRequestId} before paying again`;
  if (error instanceof VideoFailedError) return `there will be no video: ${error.reason}`;
  if (error instanceof JobError) return `store error.job and wait again: ${error.job.id}`;
  if (error instanceof AuthenticationError) return 'check the key';
  if (error instanceof InsufficientCreditsError) return 'top up the account';
  if (error instanceof RateLimitError) return `come back in ${error.retryAfterMs ?? 60_000} ms`;
  if (error instanceof ApiError) return `refused with ${error.status}: ${error.code}`;
  throw error;
}

// none of these calls is paid for
const wan = createWan();
const prompt = 'a lighthouse';
const calls = [
  wan.generateImage({ model: 'wan2.5-t2i-preview', prompt, num_images: 9, image_size: 'squared' }),
  createWan({ apiKey: 'mistyped' }).generateImage({ model: 'wan2.5-t2i-preview', prompt }),
  wan.getVideo('no-such-id'),
  wan.pollUntilDone('no-such-id', { maxWaitMs: 1_000 }),
];
for (const call of await Promise.allSettled(calls)) {
  console.log(call.reason.message, `\n  -> ${advise(call.reason)}`);
}
