import { UnexpectedResponseError } from '../errors.js';
import type { Request } from './request.js';
import type { Answer } from './response.js';

/** The error for a success in which something is missing. `paid`: the answer may have cost something. */
export function unusable(
  doing: string,
  issue: string,
  { status, headers, body }: Answer,
  { printableUrl: url, clientRequestId }: Request,
  paid = false,
): UnexpectedResponseError {
  const message = `Cannot ${doing}: the API answered ${status}, but ${issue}`;
  const facts = { status, url, issues: [issue] };
  if (!paid) return new UnexpectedResponseError(message, facts, body);
  const inferenceId = headers.get('x-inference-id') ?? undefined;
  return new UnexpectedResponseError(
    `${message}. It may have been paid for: all of the answer is in error.body`,
    { ...facts, clientRequestId, inferenceId },
    body,
  );
}
