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
} from '../base/errors.js';
import { record } from '../base/json.js';
import { clean, excerpt, messageOf, redactCause } from '../base/redact.js';
import { type Answer, inferenceIdOf, isSuccess, type Problem } from './answer.js';
import { markUnsendable } from './global-fetch.js';
import type { Call, Request } from './request.js';
import type { Verdict } from './retry.js';
import { retryAfterMs } from './retry-after.js';

/** What one attempt brought: an answer, a failure, or an answer that breaks off in a failure. */
export interface Outcome {
  readonly answer?: Answer;
  readonly error?: unknown;
  readonly timedOut: boolean;
}

const errorByStatus: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  403: PermissionError,
  429: RateLimitError,
};

/** The error that a call ends with. */
export function toError<T>(
  { doing, method, paidModel = '' }: Call<T>,
  { printableUrl: url, clientRequestId, startedAt, adviceOnLoss, secrets }: Request,
  outcome: Outcome,
  problem: Problem,
  verdict: Verdict,
  attempts: number,
): Error {
  const { answer, error, timedOut } = outcome;
  const told = describe(outcome, problem, secrets);
  const called = `Cannot ${doing}: ${method} ${url}`;
  const options = error === undefined ? {} : { cause: redactCause(error, secrets) };
  const inferenceId = answer && inferenceIdOf(answer);
  if (verdict === 'unknown') {
    return new OutcomeUnknownError(
      `${called} got no usable answer (${told}). It may have been paid for, so it was not sent again. ${adviceOnLoss(clientRequestId)}`,
      {
        clientRequestId,
        model: paidModel,
        startedAt: new Date(startedAt).toISOString(),
        status: answer?.status,
        inferenceId,
      },
      answer?.text.slice(0, 65_536),
      options,
    );
  }
  if (!answer && verdict === 'fail') {
    const message = `${called} was refused by fetch itself (${told}). Nothing was sent, and another attempt would end the same`;
    return markUnsendable(new ConnectionError(message, { method, url, attempts }, options));
  }
  if (!answer || (error !== undefined && isSuccess(answer.status))) {
    const Type = timedOut ? RequestTimeoutError : ConnectionError;
    const message = `${called} got no whole answer (attempt ${attempts}: ${told})`;
    return new Type(message, { method, url, attempts }, options);
  }
  const message = `${called} answered ${told}`;
  const { status, headers, text, raw = text } = answer;
  if (isSuccess(status)) {
    return new UnexpectedResponseError(
      message,
      { status, url, issues: [told], clientRequestId: clientRequestId || undefined },
      text,
    );
  }
  const Type = problem.outOfCredits ? InsufficientCreditsError : (errorByStatus[status] ?? ApiError);
  const facts = {
    status,
    code: clean(problem.code, secrets),
    url,
    fromApi: problem.fromApi,
    requestId: headers.get('x-request-id') ?? inferenceId,
    clientRequestId: clientRequestId || undefined,
    retryAfterMs: retryAfterMs(headers),
  };
  return new Type(message, facts, raw);
}

/** What went wrong on the way, in a few words. */
export function describe(
  { answer, error }: Pick<Outcome, 'answer' | 'error'>,
  { message }: Problem,
  secrets: readonly string[],
): string {
  const cause = record(error).cause ?? error;
  const hint = /(HEADERS|BODY)_TIMEOUT/.test(String(record(cause).code))
    ? "; Node's fetch ends after 300 s, aimlapi-wan/undici does not"
    : '';
  if (!answer) return messageOf(cause, secrets) + hint;
  return excerpt(message ? `${answer.status}: ${message}` : describeAnswer(answer, error), secrets) + hint;
}

/** A few words on an answer that holds no message of the API. */
function describeAnswer({ status, headers, text }: Answer, cut: unknown): string {
  if (status >= 300 && status < 400) return `${status}: a redirect, which is never followed`;
  const length = `${text.length} characters`;
  if (cut !== undefined) return `${status} with a body that breaks off after ${length}: ${messageOf(cut)}`;
  const type = headers.get('content-type')?.split(';', 1)[0] || 'no content type';
  // bounded: an expression without limits takes the square of the length for a page of "<title<title"
  const title = /<title[^>]{0,200}>([^<]{1,80})/i.exec(text.slice(0, 65_536))?.[1]?.trim();
  return `${status} with ${length} of ${type}${title ? ` ("${title}")` : ''}, not the API's own words`;
}
