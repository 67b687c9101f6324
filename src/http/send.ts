import { WanError } from '../base/errors.js';
import { record } from '../base/json.js';
import type { Attempt, Fetch, FetchResponse, RequestOptions } from '../base/options.js';
import { messageOf } from '../base/redact.js';
import { type Connection, Deadline, type ReservingFetch, reserve } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';
import { type Answer, discard, isSuccess, type Problem, readAnswer } from './answer.js';
import { checkGlobalFetch, isArgumentError } from './global-fetch.js';
import { describe, type Outcome, toError } from './outcome.js';
import { type Call, prepare, type Request } from './request.js';
import { type Failure, judge, neverLeft, retryDelayMs } from './retry.js';
import { retryAfterMs } from './retry-after.js';
import type { Transport } from './transport.js';
import { unusable } from './unusable.js';

/** What follows an attempt: the end, in one way or the other, or a pause. */
type Step<T> = { value: T } | { thrown: unknown } | { waitMs: number };

/** Sends one call as often as the sending table allows. */
export async function send<T>(transport: Transport, call: Call<T>, options: RequestOptions = {}): Promise<T> {
  const { signal } = options;
  signal?.throwIfAborted();
  const request = await prepare(transport, call, options);
  for (let attempt = 1; ; attempt += 1) {
    checkGlobalFetch(transport.fetch);
    const deadline = new Deadline(request.timeoutMs, 'no whole answer', signal);
    const connection = transport.fetch[reserve] && (await takeTurn(transport.fetch, request, deadline));
    // no answer stays in hand here: what thousands in line hold grows old, and would keep it long after it was read
    const step = await exchange(transport.fetch, request, deadline, connection, call.maxBytes, signal).then(
      (outcome) => conclude(transport, call, request, outcome, attempt),
    );
    if ('value' in step) return step.value;
    if ('thrown' in step) throw step.thrown;
    await sleep(step.waitMs, signal);
  }
}

/** A connection, where the fetch gives one ahead; why there is none, it says when it is called. */
async function takeTurn(
  fetch: ReservingFetch,
  { url, init }: Request,
  deadline: Deadline,
): Promise<Connection | undefined> {
  try {
    return await fetch[reserve]?.(url, init.method, deadline);
  } catch {
    return undefined;
  }
}

/** What follows from an attempt; whoever listens is told. */
function conclude<T>(
  transport: Transport,
  call: Call<T>,
  request: Request,
  outcome: Outcome,
  attempt: number,
): Step<T> {
  const { answer } = outcome;
  const failed = answer && !isSuccess(answer.status);
  const problem = failed ? readProblem(transport, answer, call.path) : { fromApi: false };
  const step = nextStep(transport, call, request, outcome, problem, attempt);
  if (transport.onAttempt)
    tell(transport.onAttempt, {
      method: call.method,
      url: request.printableUrl,
      attempt,
      ...(answer && { status: answer.status }),
      ...('waitMs' in step && { waitMs: step.waitMs }),
      ...(!('value' in step) && { error: describe(outcome, problem, request.secrets) }),
    });
  return step;
}

/** What cannot be read is nobody's words: a failure of ours here must not hide what became of a paid request. */
function readProblem({ provider }: Transport, answer: Answer, path: string): Problem {
  try {
    return provider.readProblem(answer, path);
  } catch {
    return { fromApi: false };
  }
}

/** One attempt. Only the caller's abort is thrown. */
async function exchange(
  fetch: Fetch,
  { url, init }: Request,
  deadline: Deadline,
  connection: Connection | undefined,
  maxBytes: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  let sent: Promise<FetchResponse> | undefined;
  try {
    if (!connection) signal?.throwIfAborted();
    sent = connection
      ? connection.send(url, init, deadline)
      : Promise.resolve(fetch(url, { ...init, signal: deadline.signal }));
    const answer = await readAnswer(await deadline.until(sent), deadline, maxBytes);
    if (answer.cut === undefined) return { answer, timedOut: false };
    signal?.throwIfAborted();
    return { answer, error: toReadable(answer.cut), timedOut: deadline.over !== undefined };
  } catch (error) {
    // an answer that comes after all, from a fetch that does not heed its signal, is not left open
    sent?.then(discard, () => {});
    signal?.throwIfAborted();
    return { error: toReadable(error), timedOut: deadline.over !== undefined };
  } finally {
    deadline.end();
  }
}

function nextStep<T>(
  { fetch }: Transport,
  call: Call<T>,
  request: Request,
  outcome: Outcome,
  problem: Problem,
  attempt: number,
): Step<T> {
  const { answer, error, timedOut } = outcome;
  const paid = call.paidModel !== undefined;
  if (answer && isSuccess(answer.status)) {
    try {
      const value = call.read(answer, request);
      if (value !== undefined) return { value };
    } catch (thrown) {
      if (thrown instanceof WanError) return { thrown };
      const issue = `it cannot be read (${messageOf(thrown)})`;
      return { thrown: unusable(call.doing, issue, answer, request, paid) };
    }
  }
  const failure: Failure = answer
    ? {
        kind: 'answered',
        status: answer.status,
        fromApi: problem.fromApi,
        retryAfterMs: retryAfterMs(answer.headers),
      }
    : isArgumentError(fetch, error, request.url)
      ? { kind: 'unsendable' }
      : { kind: !timedOut && neverLeft(error) ? 'unsent' : 'lost' };
  const waitMs = retryDelayMs(failure, paid, attempt, request.maxRetries);
  if (waitMs !== undefined) return { waitMs };
  return { thrown: toError(call, request, outcome, problem, judge(failure, paid), attempt) };
}

/** What was thrown, unless any attempt to look at it throws as well. */
function toReadable(thrown: unknown): unknown {
  try {
    for (const error of [thrown, record(thrown).cause].flatMap(withItsErrors)) {
      for (const name of ['name', 'message', 'cause', 'errors', 'code', 'syscall'])
        String(Reflect.get(Object(error), name));
    }
    return thrown;
  } catch {
    return new Error('fetch failed with what cannot be shown');
  }
}

function withItsErrors(error: unknown): unknown[] {
  const { errors } = record(error);
  return Array.isArray(errors) ? [error, ...errors] : [error];
}

/** Calls a listener that must not change the course of things. */
function tell(listener: (attempt: Attempt) => unknown, attempt: Attempt): void {
  new Promise((resolve) => resolve(listener(attempt))).catch(() => {});
}
