import { describeProblem, number, text } from '../base/json.js';
import { isRecord, record } from '../base/record.js';
import type { Answer, Problem } from '../http/answer.js';

/**
 * Reads the API's two forms of error body: problem+json with `error` and `instance`, and the older
 * `statusCode`, `path`, `message`. A body counts as the API's only if it names the path of the request. A CDN in front of
 * the API may answer in JSON too, and what became of the request is then unknown.
 */
export function readProblem({ status, body }: Answer, path: string): Problem {
  if (!isRecord(body)) return { fromApi: false };
  const error = record(body.error);
  const said = describeProblem(error.message ?? body.message ?? body.error ?? body.title);
  const details = Array.isArray(error.data) ? describeProblem(error.data) : undefined;
  const message = said && details && !said.includes(details) ? `${said} (${details})` : (said ?? details);
  const code = codeOf(error) ?? text(body.code);
  const isOwn = (address: unknown) => text(address)?.split('?', 1)[0] === path;
  return {
    fromApi:
      (text(error.name) !== undefined && isOwn(body.instance)) ||
      (number(body.statusCode) === status && isOwn(body.path)),
    message,
    code,
    // the API's own kind is misspelt: err_insufficent_credits
    outOfCredits:
      status === 403 && /out of credits|insuffici?ent[ _](credits|balance|funds)/i.test(`${code} ${message}`),
  };
}

/** The API's code for what went wrong: the most specific one that is there. */
export function codeOf(error: unknown): string | undefined {
  const { code, name, data } = record(error);
  return text(record(data).kind) ?? text(code) ?? text(name);
}
