import { idOf, isRecord, text } from '../base/json.js';

/** The words in an error of any shape: a string, `{ message }`, `{ detail: [{ loc, msg }] }`, a list of those. */
export function describeProblem(error: unknown): string | undefined {
  if (Array.isArray(error)) return error.map(describeProblem).filter(Boolean).join('; ') || undefined;
  if (!isRecord(error)) return String(error ?? '').trim() || undefined;
  const said = describeProblem(
    error.message ?? error.msg ?? error.detail ?? error.error_message ?? error.error,
  );
  const where = error.path ?? error.loc;
  const field = Array.isArray(where) ? where.map(idOf).filter(Boolean).join('.') : '';
  if (!said) return text(error.name) ?? text(error.code);
  return field ? `${field}: ${said}` : said;
}
