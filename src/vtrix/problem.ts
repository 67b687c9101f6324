import { describeProblem, text } from '../base/json.js';
import { isRecord, record } from '../base/record.js';
import type { Answer, Problem } from '../http/answer.js';

/**
 * Reads Vtrix's error bodies: `{ error: { code, message }, request_id }`, or a bare `{ message }`. Only the first form
 * counts as Vtrix's own words: a server in between does not know Vtrix's `request_id`.
 */
export function readProblem({ status, body }: Answer): Problem {
  if (!isRecord(body)) return { fromApi: false };
  const error = record(body.error);
  const code = codeOf(error);
  const message = describeProblem(body.error ?? body.error_message ?? body.message);
  return {
    fromApi: code !== undefined && message !== undefined && text(body.request_id) !== undefined,
    message,
    code,
    outOfCredits: status === 403 && /balance|insufficient|credit/i.test(message ?? ''),
  };
}

/** Codes come as texts and as numbers. */
export function codeOf(error: unknown): string | undefined {
  const { code } = record(error);
  return typeof code === 'number' ? String(code) : text(code);
}
