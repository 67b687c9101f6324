import {
  ApiError,
  AuthenticationError,
  ConnectionError,
  InsufficientCreditsError,
  OutcomeUnknownError,
  PermissionError,
  RateLimitError,
  RequestTimeoutError,
  UnexpectedResponseError,
} from '../errors.js';
import { record } from '../json.js';
import { redact, redactCause, show } from '../redact.js';
import type { Call, Request } from './request.js';
import { type Answer, isSuccess, type Problem } from './response.js';
import { type Failure, neverLeft, type Verdict } from './retry.js';
import { retryAfterMs } from './retry-after.js';

/** What one attempt brought: an answer, a failure, or an answer that breaks off in a failure. */
export interface Outcome {
  readonly answer?: Answer;
  readonly error?: unknown;
  readonly timedOut: boolean;
}

export function toFailure({ answer, error, timedOut }: Outcome, { fromApi }: Problem): Failure {
  if (!answer) return { kind: !timedOut && neverLeft(error) ? 'unsent' : 'lost' };
  return { kind: 'answered', status: answer.status, fromApi, retryAfterMs: retryAfterMs(answer.headers) };
}

/** The error that a call ends with. */
export function toError<T>(
  call: Call<T>,
  request: Request,
  outcome: Outcome,
  problem: Problem,
  verdict: Verdict,
  attempts: number,
): Error {
  const { answer } = outcome;
  if (verdict === 'unknown') return toOutcomeUnknownError(call, request, outcome, problem);
  if (answer && !isSuccess(answer.status)) return toApiError(call, request, answer, problem);
  const { method, doing } = call;
  const { printableUrl: url, secrets, clientRequestId } = request;
  const told = describe(outcome, problem, secrets);
  if (!answer || outcome.error !== undefined) {
    const Type = outcome.timedOut ? RequestTimeoutError : ConnectionError;
    const times = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    const message = `Cannot ${doing}: ${method} ${url} got no whole answer in ${times} (${told})`;
    return new Type(message, { method, url, attempts }, causeOf(outcome, secrets));
  }
  const message = `Cannot ${doing}: ${method} ${url} answered ${told}`;
  const facts = { status: answer.status, url, issues: [told], clientRequestId };
  return new UnexpectedResponseError(message, facts, answer.text);
}

function toOutcomeUnknownError<T>(
  call: Call<T>,
  request: Request,
  outcome: Outcome,
  problem: Problem,
): OutcomeUnknownError {
  const { answer } = outcome;
  const { clientRequestId, startedAt, printableUrl, secrets } = request;
  const message =
    `Cannot ${call.doing}: the answer of ${call.method} ${printableUrl} was lost (${describe(outcome, problem, secrets)}). ` +
    `It may have been made and paid for, so it was not sent again. ${request.adviceOnLoss}`;
  const facts = {
    clientRequestId,
    model: call.paidModel ?? '',
    startedAt,
    status: answer?.status,
    inferenceId: answer?.headers.get('x-inference-id') ?? undefined,
  };
  return new OutcomeUnknownError(message, facts, answer?.text.slice(0, 65_536), causeOf(outcome, secrets));
}

const errorByStatus: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  403: PermissionError,
  429: RateLimitError,
};

function toApiError<T>(call: Call<T>, request: Request, answer: Answer, problem: Problem): ApiError {
  const { status, headers } = answer;
  const { printableUrl: url, clientRequestId, secrets } = request;
  const facts = {
    status,
    code: problem.code === undefined ? undefined : redact(problem.code, secrets),
    url,
    fromApi: problem.fromApi,
    requestId: headers.get('x-request-id') ?? headers.get('x-inference-id') ?? undefined,
    clientRequestId,
    retryAfterMs: retryAfterMs(headers),
  };
  const Type = problem.outOfCredits ? InsufficientCreditsError : (errorByStatus[status] ?? ApiError);
  const message = `Cannot ${call.doing}: ${call.method} ${url} answered ${describe({ answer }, problem, secrets)}`;
  return new Type(message, facts, answer.body ?? answer.text);
}

function causeOf({ error }: Outcome, secrets: readonly string[]): ErrorOptions {
  return error === undefined ? {} : { cause: redactCause(error, secrets) };
}

/** What went wrong on the way, in a few words. */
export function describe(
  outcome: Pick<Outcome, 'answer' | 'error'>,
  problem: Problem,
  secrets: readonly string[],
): string {
  const { code } = record(record(outcome.error).cause);
  const limited = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  const hint = limited ? "; Node's own fetch gives up after 300 s, that of aimlapi-wan/undici does not" : '';
  return describeFailure(outcome, problem, secrets) + hint;
}

function describeFailure(
  { answer, error }: Pick<Outcome, 'answer' | 'error'>,
  problem: Problem,
  secrets: readonly string[],
): string {
  if (answer && problem.message) return redact(`${answer.status}: ${problem.message}`, secrets);
  if (answer) return redact(describeAnswer(answer), secrets);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return redact(show(cause), secrets);
  return redact(cause.message || ('code' in cause ? String(cause.code) : cause.name), secrets);
}

/** A few words on an answer that holds no message of the API. */
function describeAnswer({ status, headers, text, cut }: Answer): string {
  if (status >= 300 && status < 400) return `${status}: a redirect, which is never followed`;
  if (cut !== undefined) {
    const why = cut instanceof Error ? cut.message : String(cut);
    return `${status} with a body that breaks off after ${text.length} characters: ${why}`;
  }
  if (text === '') return `${status} with an empty body`;
  const type = headers.get('content-type')?.split(';')[0]?.trim() || 'no content type';
  const title = /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.trim();
  return `${status} with ${text.length} characters of ${type}${title ? ` ("${title}")` : ''}, not the API's own words`;
}
