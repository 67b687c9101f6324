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
import { excerpt } from '../base/excerpt.js';
import { record } from '../base/record.js';
import { messageOf, redactCause } from '../base/thrown.js';
import { type Answer, inferenceIdOf, isSuccess, type Lost, type Problem } from './answer.js';
import type { PreparedCall } from './request.js';
import { retryAfterMs } from './retry-after.js';

/** Thrown by a reader when a success lacks something. The call then ends with an error that holds the whole answer. */
export class UnusableAnswer {
  /** `makeError` may make another error than the usual one. */
  constructor(
    readonly issue: string,
    readonly makeError = (...facts: UnexpectedResponse): Error => new UnexpectedResponseError(...facts),
  ) {}
}

/** What an {@link UnexpectedResponseError} is made from. */
export type UnexpectedResponse = ConstructorParameters<typeof UnexpectedResponseError>;

/** Fetch itself refuses the request: another attempt would end the same. */
export class UnsendableError extends ConnectionError {}

/** Characters of a lost answer that its error keeps. */
const longestLostBody = 65_536;
/** Characters of a page in which its title is looked for. */
const longestTitleSearch = 65_536;

const errorByStatus: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  403: PermissionError,
  429: RateLimitError,
};

/** The error for what a reader threw. */
export function toReaderError<T>(call: PreparedCall<T>, answer: Answer, thrown: unknown): unknown {
  const { issue: told, makeError } =
    thrown instanceof UnusableAnswer
      ? thrown
      : new UnusableAnswer(`it cannot be read (${messageOf(thrown)})`);
  // a foreign id in the answer may be the key itself
  const issue = excerpt(told, call.secrets);
  const { status, raw } = answer;
  const message = `Cannot ${call.doing}: the API answered ${status}, but ${issue}`;
  const facts = { status, url: call.printableUrl, issues: [issue] };
  if (call.paid === undefined) return makeError(message, facts, raw);
  const ids = { clientRequestId: call.clientRequestId, inferenceId: inferenceIdOf(answer) };
  const advice = 'It may have been paid for: all of the answer is in error.body';
  return makeError(`${message}. ${advice}`, { ...facts, ...ids }, raw);
}

/** The error of a call whose last attempt had no result. */
export function toError<T>(
  call: PreparedCall<T>,
  answer: Answer | Lost,
  problem: Problem,
  isOutcomeUnknown: boolean,
  attempts: number,
): Error {
  const { doing, method, paid, printableUrl: url, clientRequestId, clean, secrets } = call;
  const { status, error } = answer;
  const told = describeFailure(answer, problem, secrets);
  const called = `Cannot ${doing}: ${method} ${url}`;
  const options = error === undefined ? {} : { cause: redactCause(error, secrets) };
  if (isOutcomeUnknown) {
    const facts = {
      clientRequestId,
      model: paid?.model ?? '',
      startedAt: new Date(call.startedAtMs).toISOString(),
      status,
      inferenceId: status === undefined ? undefined : inferenceIdOf(answer),
    };
    const advice = call.config.provider.adviceOnLoss(clientRequestId);
    const message = `${called} got no usable answer (${told}). It may have been paid for, so it was not sent again. ${advice}`;
    const body = status === undefined ? undefined : answer.text.slice(0, longestLostBody);
    return new OutcomeUnknownError(message, facts, body, options);
  }
  const connection = { method, url, attempts };
  if (status === undefined && answer.wasSent === 'never') {
    const message = `${called} was refused by fetch itself (${told}). Nothing was sent, and another attempt would end the same`;
    return new UnsendableError(message, connection, options);
  }
  if (status === undefined || (error !== undefined && isSuccess(status))) {
    const Type = answer.isTimeout ? RequestTimeoutError : ConnectionError;
    return new Type(`${called} got no whole answer (attempt ${attempts}: ${told})`, connection, options);
  }
  const message = `${called} answered ${told}`;
  const sent = { status, url, clientRequestId: clientRequestId || undefined };
  const { headers, text, raw = text } = answer;
  if (isSuccess(status)) return new UnexpectedResponseError(message, { ...sent, issues: [told] }, text);
  const Type = problem.outOfCredits ? InsufficientCreditsError : (errorByStatus[status] ?? ApiError);
  const facts = {
    ...sent,
    code: clean(problem.code),
    fromApi: problem.fromApi,
    requestId: headers.get('x-request-id') ?? inferenceIdOf(answer),
    retryAfterMs: retryAfterMs(headers),
  };
  return new Type(message, facts, raw);
}

/** What went wrong, in a few words. */
export function describeFailure(
  answer: Answer | Lost,
  { message }: Problem,
  secrets: readonly string[],
): string {
  const cause = record(answer.error).cause ?? answer.error;
  const hint = /(HEADERS|BODY)_TIMEOUT/.test(String(record(cause).code))
    ? "; Node's fetch ends after 300 s, aimlapi-wan/undici does not"
    : '';
  if (answer.status === undefined) return messageOf(cause, secrets) + hint;
  return excerpt(message ? `${answer.status}: ${message}` : describeAnswer(answer), secrets) + hint;
}

/** Describes an answer that holds no message of the API. */
function describeAnswer({ status, headers, text, error }: Answer): string {
  if (status >= 300 && status < 400) return `${status}: a redirect, which is never followed`;
  const length = `${text.length} characters`;
  if (error !== undefined)
    return `${status} with a body that breaks off after ${length}: ${messageOf(error)}`;
  const type = headers.get('content-type')?.split(';', 1)[0] || 'no content type';
  // the limits keep the time linear: a page may repeat "<title" thousands of times
  const title = /<title[^>]{0,200}>([^<]{1,80})/i.exec(text.slice(0, longestTitleSearch))?.[1]?.trim();
  return `${status} with ${length} of ${type}${title ? ` ("${title}")` : ''}, not the API's own words`;
}
