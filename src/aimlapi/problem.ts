import { describeProblem } from '../http/problem-words.js';
import type { Answer, Problem } from '../http/response.js';
import { isRecord, record, text } from '../json.js';

/**
 * Reads the API's two forms of error body: problem+json with `error` and `instance`, and the older
 * `statusCode`, `path`, `message`. Only a body that names the request's own path is the API's: a CDN in front
 * of it may answer in JSON as well, and nobody knows what became of a request that such an answer ended.
 */
export function readProblem({ status, body }: Answer, path: string): Problem {
  if (!isRecord(body)) return { fromApi: false };
  const error = record(body.error);
  const data = record(error.data);
  const kind = text(data.kind);
  const message = messageOf(body);
  return {
    fromApi:
      (text(error.name) !== undefined && isPath(body.instance, path)) ||
      (Number(body.statusCode) === status && isPath(body.path, path)),
    message,
    code: kind ?? text(error.code) ?? text(error.name) ?? text(body.code),
    // the API's own kind is misspelt: err_insufficent_credits
    outOfCredits:
      status === 403 &&
      (/insuffici?ent_credits/i.test(kind ?? '') ||
        /out of credits|insufficient (credits|balance|funds)/i.test(message ?? '')),
  };
}

function isPath(instance: unknown, path: string): boolean {
  return typeof instance === 'string' && instance.split('?', 1)[0] === path;
}

function messageOf(body: Record<string, unknown>): string | undefined {
  const error = record(body.error);
  const said = describeProblem(error.message ?? body.message ?? body.error ?? body.title);
  const details = Array.isArray(error.data) ? describeProblem(error.data) : undefined;
  if (!details || said?.includes(details)) return said;
  return said ? `${said} (${details})` : details;
}
