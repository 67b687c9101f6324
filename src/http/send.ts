import { checkCallOptions } from '../base/call-options.js';
import type { FetchResponse } from '../base/fetch.js';
import type { RequestOptions } from '../base/options.js';
import { notePayment, type Payment } from '../base/payment.js';
import { randomId } from '../base/random-id.js';
import { compact } from '../base/record.js';
import { messageOf, toReadable } from '../base/thrown.js';
import { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import {
  type Answer,
  discard,
  isSuccess,
  type Lost,
  type Problem,
  readAnswer,
  runQuietly,
} from './answer.js';
import type { Config } from './config.js';
import { describeFailure, toError, toReaderError } from './failure.js';
import { checkGlobalFetch, isArgumentError } from './global-fetch.js';
import { lineUp } from './line-up.js';
import { type Purchase, pay } from './pay.js';
import { type Call, clientRequestIdOf, type PreparedCall, prepare, requestOptionNames } from './request.js';
import { decide, isUnpaid, neverLeft } from './retry.js';
import { createTracer, traceAttempt } from './trace.js';

/** What follows an attempt: the call ends with a value or an error, or it is sent again after a pause. */
type Next<T> = { value: T } | { error: unknown } | { waitMs: number };

/** Sends one call as often as the sending table allows; a paid one within the functions of `aroundCreate`. */
export async function send<T>(config: Config, call: Call<T>, options: RequestOptions = {}): Promise<T> {
  const payment = call.paid && { mayBePaid: false };
  let purchase: Purchase | undefined;
  try {
    checkCallOptions(call.doing, options, requestOptionNames);
    options.signal?.throwIfAborted();
    if (call.paid && payment) purchase = toPurchase(config, call.paid, call, options, payment);
  } catch (error) {
    if (payment) notePayment(error, payment);
    throw error;
  }
  if (!purchase) return attemptAll(config, call, options);
  const { create } = purchase;
  const { account } = config;
  const attempt = () =>
    attemptAll(config, call, { ...options, clientRequestId: create.clientRequestId }, payment);
  const buying = purchase;
  const paying = () => pay(buying, () => (account ? account(create, attempt) : attempt()));
  const trace = createTracer(config);
  return trace ? trace(create, paying) : paying();
}

function toPurchase(
  { aroundCreate }: Config,
  { kind, model, body }: NonNullable<Call<unknown>['paid']>,
  { doing, body: json = '' }: Pick<Call<unknown>, 'doing' | 'body'>,
  options: RequestOptions,
  payment: Payment,
): Purchase {
  const clientRequestId = clientRequestIdOf(options) ?? randomId();
  const startedAt = new Date().toISOString();
  // the limit counts by these facts: a function that was given them must not change them
  const create = Object.freeze({ kind, model, body, clientRequestId, startedAt, signal: options.signal });
  return { create, json, around: aroundCreate, doing, payment };
}

async function attemptAll<T>(
  config: Config,
  call: Call<T>,
  options: RequestOptions,
  payment?: Payment,
): Promise<T> {
  const { signal } = options;
  const prepared = await prepare(config, call, options, payment);
  for (let attempt = 1; ; attempt += 1) {
    checkGlobalFetch(config.fetch);
    const leaveLine =
      call.method === 'POST' ? await lineUp('create', config.fetch, config.baseUrl, signal) : undefined;
    // do not keep the answer in a variable: requests that wait long move to the old generation, and V8 would free the
    // answer late
    const tried = traceAttempt(prepared, attempt, () => tryOnce(prepared, signal)).then((answer) =>
      chooseNext(prepared, answer, attempt),
    );
    const next = await (leaveLine ? tried.finally(leaveLine) : tried);
    if ('value' in next) return next.value;
    if ('error' in next) throw next.error;
    await sleep(next.waitMs, signal);
  }
}

/** One attempt. It rejects only when the caller's signal aborts, with the signal's reason. */
async function tryOnce<T>(
  { config: { fetch }, url, init, timeoutMs, maxBytes, payment }: PreparedCall<T>,
  signal: AbortSignal | undefined,
): Promise<Answer | Lost> {
  const deadline = new Deadline(timeoutMs, 'no whole answer', signal);
  let sent: Promise<FetchResponse> | undefined;
  try {
    signal?.throwIfAborted();
    if (payment) payment.mayBePaid = true;
    sent = Promise.resolve(fetch(url, { ...init, signal: deadline.signal }));
    const answer = await readAnswer(await deadline.until(sent), deadline, maxBytes);
    if (answer.error !== undefined) signal?.throwIfAborted();
    return answer;
  } catch (thrown) {
    // a fetch that ignores its signal may still answer: the answer is closed, so that its connection is free again
    sent?.then(discard, () => {});
    signal?.throwIfAborted();
    const error = toReadable(thrown);
    const isTimeout = deadline.signal.aborted;
    const isUnsent = neverLeft(error);
    return {
      error,
      isTimeout,
      wasSent: isArgumentError(fetch, error, url) ? 'never' : isUnsent ? 'no' : 'perhaps',
    };
  } finally {
    deadline.end();
  }
}

function chooseNext<T>(call: PreparedCall<T>, answer: Answer | Lost, attempt: number): Next<T> {
  const { method, printableUrl: url, config } = call;
  const { onAttempt } = config;
  const problem = readProblem(call, answer);
  const next = readSuccess(call, answer) ?? retryOrFail(call, answer, problem, attempt);
  if (onAttempt) {
    const waitMs = 'waitMs' in next ? next.waitMs : undefined;
    const isRead = 'error' in next && answer.status !== undefined && isSuccess(answer.status);
    const tell = () =>
      isRead ? messageOf(next.error, call.secrets) : describeFailure(answer, problem, call.secrets);
    const error = 'value' in next ? undefined : tell();
    // a listener that throws must not change how the call goes on
    runQuietly(() => onAttempt(compact({ method, url, attempt, status: answer.status, waitMs, error })));
  }
  return next;
}

/** What the sending table says after an attempt without a result. */
function retryOrFail<T>(
  call: PreparedCall<T>,
  answer: Answer | Lost,
  problem: Problem,
  attempt: number,
): { error: Error } | { waitMs: number } {
  const { fromApi } = problem;
  if (call.payment) call.payment.mayBePaid = !isUnpaid(answer, fromApi);
  const decision = decide(answer, fromApi, call.paid !== undefined, attempt, call.maxRetries);
  if (typeof decision === 'object') return decision;
  return { error: toError(call, answer, problem, decision === 'unknown', attempt) };
}

/** What the call's reader makes of a success; `undefined` where the answer is no success, or illegible. */
function readSuccess<T>(
  call: PreparedCall<T>,
  answer: Answer | Lost,
): { value: T } | { error: unknown } | undefined {
  if (answer.status === undefined || !isReadable(call, answer.status)) return undefined;
  try {
    const value = call.read(answer, call);
    return value === undefined ? undefined : { value };
  } catch (thrown) {
    return { error: toReaderError(call, answer, thrown) };
  }
}

function isReadable<T>({ takesNotModified }: PreparedCall<T>, status: number): boolean {
  return isSuccess(status) || (status === 304 && takesNotModified === true);
}

/** An answer that the provider's reader cannot read counts as one of a proxy. */
function readProblem<T>({ config, path }: PreparedCall<T>, answer: Answer | Lost): Problem {
  try {
    if (answer.status !== undefined && !isSuccess(answer.status)) {
      const problem = config.provider.readProblem(answer, path);
      // an answer that breaks off proves nothing
      return answer.error === undefined ? problem : { ...problem, fromApi: false };
    }
  } catch {
    // an error of the reader must not hide what became of a paid request
  }
  return { fromApi: false };
}
