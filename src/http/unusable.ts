import { UnexpectedResponseError } from '../base/errors.js';
import { type Answer, inferenceIdOf } from './answer.js';
import type { Request } from './request.js';

/** The error for a success in which something is missing. `paid`: the answer may have cost something. */
export function unusable(
  doing: string,
  issue: string,
  answer: Answer,
  { printableUrl: url, clientRequestId }: Request,
  paid = false,
): UnexpectedResponseError {
  const { status, raw } = answer;
  const message = `Cannot ${doing}: the API answered ${status}, but ${issue}`;
  const facts = { status, url, issues: [issue] };
  if (!paid) return new UnexpectedResponseError(message, facts, raw);
  return new UnexpectedResponseError(
    `${message}. It may have been paid for: all of the answer is in error.body`,
    { ...facts, clientRequestId, inferenceId: inferenceIdOf(answer) },
    raw,
  );
}
