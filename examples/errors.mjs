// Tells the errors apart, and what an app may do about each. Costs nothing.
import './embedded.mjs'; // without a key: the embedded API, in this process

import {
  ApiError,
  AuthenticationError,
  BudgetExceededError,
  ConnectionError,
  createWan,
  DownloadError,
  InsufficientCreditsError,
  InvalidInputError,
  JobError,
  OutcomeUnknownError,
  PermissionError,
  PollStoppedError,
  PollTimeoutError,
  RateLimitError,
  RequestTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
  WanError,
} from 'aimlapi-wan';

/** What an app may do about each error. A class comes before the one that it extends. */
function advise(error) {
  if (!(error instanceof WanError)) throw error;
  if (error instanceof InvalidInputError) return `mend ${error.issues.map(({ path }) => path).join(', ')}`;
  if (error instanceof BudgetExceededError) return `raise the limit of $${error.maxUsd}`;
  if (error instanceof OutcomeUnknownError) return `look up ${error.clientRequestId} before paying again`;
  if (error instanceof UnexpectedResponseError) return 'read error.body: a create may have been paid for';
  if (error instanceof VideoFailedError) return `there will be no video: ${error.reason}`;
  if (error instanceof PollTimeoutError) return `it takes longer: wait again for ${error.job.id}`;
  if (error instanceof PollStoppedError) return `mend the cause, then wait again for ${error.job.id}`;
  if (error instanceof JobError) return `store error.job: ${error.job.id}`;
  if (error instanceof AuthenticationError) return 'check the key';
  if (error instanceof InsufficientCreditsError) return 'top up the account';
  if (error instanceof PermissionError) return 'the key may not do that';
  if (error instanceof RateLimitError) return `come back in ${error.retryAfterMs ?? 60_000} ms`;
  if (error instanceof ApiError) return `refused with ${error.status}: ${error.code}`;
  if (error instanceof RequestTimeoutError) return 'raise timeoutMs, or try again: nothing was paid';
  if (error instanceof ConnectionError) return 'try again later: nothing was paid';
  if (error instanceof DownloadError) return 'save it again before its link expires';
  return 'see the message';
}

// none of these calls is paid for
const wan = createWan();
const offline = createWan({ apiKey: 'none', baseUrl: 'http://127.0.0.1:2', maxRetries: 0 });
const prompt = 'a lighthouse';
const calls = [
  wan.generateImage({ model: 'wan2.5-t2i-preview', prompt, num_images: 9, image_size: 'squared' }),
  createWan({ apiKey: 'mistyped' }).generateImage({ model: 'wan2.5-t2i-preview', prompt }),
  wan.getVideo('no-such-id'),
  wan.pollUntilDone('no-such-id', { maxWaitMs: 1_000 }),
  offline.getBalance(),
  offline.save('http://127.0.0.1:2/a.png', 'out/a.png'),
];
for (const call of await Promise.allSettled(calls)) {
  console.log(call.reason.message, `\n  -> ${advise(call.reason)}`);
}
