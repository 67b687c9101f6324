import type { Fetch, FetchResponse } from '../base/fetch.js';
import type { Attempt, RequestOptions } from '../base/options.js';
import { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import {
  type Answer,
  discard,
  isSuccess,
  type Lost,
  type Problem,
  readAnswer,
  toReadable,
} from './answer.js';
import type { Config } from './config.js';
import { enterCreateLine } from './create-line.js';
import { describeFailure, toError, toReaderError } from './failure.js';
import { checkGlobalFetch, isArgumentError } from './global-fetch.js';
import { type Call, type PreparedCall, prepare } from './request.js';
import { decide, neverLeft } from './retry.js';

/** Sends one call as often as the sending table allows. */
export async function send<T>(config: Config, call: Call<T>, options: RequestOptions = {}): Promise<T> {
  const { signal } = options;
  signal?.throwIfAborted();
  const prepared = await prepare(config, call, options);
  for (let attempt = 1; ; attempt += 1) {
    checkGlobalFetch(config.fetch);
    const leaveLine =
      call.method === 'POST' ? await enterCreateLine(config.fetch, prepared.url, signal) : undefined;
    // do not keep the answer in a variable: requests that wait long move to the old generation, and V8 would free the
    // answer late
    const concluded = tryOnce(config.fetch, prepared, call.maxBytes, signal).then((answer) =>
      conclude(config, call, prepared, answer, attempt),
    );
    const next = await (leaveLine ? concluded.finally(leaveLine) : concluded);
    if ('value' in next) return next.value;
    if ('thrown' in next) throw next.thrown;
    await sleep(next.waitMs, signal);
  }
}

/** One attempt. Only the caller's abort is thrown. */
async function tryOnce(
  fetch: Fetch,
  { url, init, timeoutMs }: PreparedCall,
  maxBytes: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer | Lost> {
  const deadline = new Deadline(timeoutMs, 'no whole answer', signal);
  let sent: Promise<FetchResponse> | undefined;
  try {
    signal?.throwIfAborted();
    sent = Promise.resolve(fetch(url, { ...init, signal: deadline.signal }));
    const answer = await readAnswer(await deadline.until(sent), deadline, maxBytes);
    if (answer.error !== undefined) signal?.throwIfAborted();
    return answer;
  } catch (thrown) {
    // a fetch that does not heed its signal may still answer: close that answer
    sent?.then(discard, () => {});
    signal?.throwIfAborted();
    const error = toReadable(thrown);
    const isTimeout = deadline.signal.aborted;
    if (isArgumentError(fetch, error, url)) return { error, isTimeout, wasSent: 'never' };
    return { error, isTimeout, wasSent: !isTimeout && neverLeft(error) ? 'no' : 'perhaps' };
  } finally {
    deadline.end();
  }
}

/** What follows an attempt: the end, in one way or the other, or a pause. */
function conclude<T>(
  config: Config,
  call: Call<T>,
  prepared: PreparedCall,
  answer: Answer | Lost,
  attempt: number,
): { value: T } | { thrown: unknown } | { waitMs: number } {
  const { status } = answer;
  const isOk = status !== undefined && isSuccess(status);
  const problem = isOk || status === undefined ? { fromApi: false } : readProblem(config, answer, call.path);
  const read = isOk ? readSuccess(call, prepared, answer) : undefined;
  const next = read ?? giveUpOrWait(call, prepared, answer, problem, attempt);
  if (config.onAttempt)
    tell(config.onAttempt, {
      method: call.method,
      url: prepared.printableUrl,
      attempt,
      ...(status !== undefined && { status }),
      ...('waitMs' in next && { waitMs: next.waitMs }),
      ...(!('value' in next) && { error: describeFailure(answer, problem, prepared.secrets) }),
    });
  return next;
}

/** What the call makes of a success; `undefined` where nothing legible is in it. */
function readSuccess<T>(
  call: Call<T>,
  prepared: PreparedCall,
  answer: Answer,
): { value: T } | { thrown: unknown } | undefined {
  try {
    const value = call.read(answer, prepared);
    return value === undefined ? undefined : { value };
  } catch (thrown) {
    return { thrown: toReaderError(call, prepared, answer, thrown) };
  }
}

/** What cannot be read is nobody's words: a failure of ours here must not hide what became of a paid request. */
function readProblem({ provider }: Config, answer: Answer, path: string): Problem {
  try {
    return provider.readProblem(answer, path);
  } catch {
    return { fromApi: false };
  }
}

function giveUpOrWait<T>(
  call: Call<T>,
  prepared: PreparedCall,
  answer: Answer | Lost,
  problem: Problem,
  attempt: number,
): { thrown: Error } | { waitMs: number } {
  const isPaid = call.paidModel !== undefined;
  const decision = decide(answer, problem.fromApi, isPaid, attempt, prepared.maxRetries);
  if (typeof decision === 'object') return decision;
  return { thrown: toError(call, prepared, answer, problem, decision === 'unknown', attempt) };
}

/** Calls a listener that must not change the course of things. */
function tell(listener: (attempt: Attempt) => unknown, attempt: Attempt): void {
  new Promise((resolve) => resolve(listener(attempt))).catch(() => {});
}
