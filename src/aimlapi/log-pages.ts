import type { FetchHeaders } from '../base/fetch.js';
import { idOf, number, text } from '../base/json.js';
import { compact, isRecord, record } from '../base/record.js';
import type { Usage } from '../base/results.js';
import { type Answer, exactBodyOf } from '../http/answer.js';
import { UnusableAnswer } from '../http/failure.js';
import type { Call } from '../http/request.js';
import { usageOf } from './usage.js';

/** A row of the API's request log. */
export interface LoggedRequest {
  /** ISO time; empty where the row has none that can be read. */
  createdAt: string;
  /** A failed request is billed nothing. */
  status: 'succeeded' | 'failed';
  model?: string;
  /** For a video, the id of its job. */
  inferenceId?: string;
  clientRequestId?: string;
  usage?: Usage;
  /** The untouched row. */
  raw: unknown;
}

/** Milliseconds since 1970, by the API's clock. */
export interface LogWindow {
  startMs: number;
  endMs: number;
  /** Further parts of the query: the API leaves out the rows that they do not fit. */
  filters?: readonly [name: string, value: string][];
}

/** How the log is asked for its pages. */
export interface LogReader {
  /** Asks for one page until it has it. `undefined`: no time is left, and the reading ends. */
  ask(call: Call<LogPage>): Promise<LogPage | undefined>;
  pause(ms: number): Promise<void>;
}

interface LogPage {
  rows: LoggedRequest[];
  isLast: boolean;
  /** How far the API's clock is ahead of this machine's, where the answer tells the time. */
  aheadMs: number | undefined;
}

export const logPath = '/v2/logs';

const pageRows = 100;
/** Pages that are read without a pause. The API takes 200 requests in 60 s. */
const pagesAtOnce = 50;
const pagePauseMs = 400;
/** New rows push older ones into the next page, so that a page may repeat. After this many in a row it is a loop. */
const maxRepeatedPages = 20;
/** More rows are refused. */
const maxRows = 1_000_000;
/** Rows that are remembered to notice repeated pages: more would fill the memory. */
const maxRemembered = 100_000;
/** Characters of each fact of a row that are remembered. */
const longestFact = 200;
/** Characters of a time. */
const longestTime = 40;

export function toIsoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * Gives the rows of a window of the log, page by page, newest first. Returns how many milliseconds the API's clock is
 * ahead (0 where no answer tells), or `undefined` where the log was not read to its end.
 */
export async function* readLog(
  { startMs, endMs, filters = [] }: LogWindow,
  { ask, pause }: LogReader,
): AsyncGenerator<LoggedRequest[], number | undefined, undefined> {
  // the rows so far, to notice pages that repeat
  const seen = new Set<string>();
  let offset = 0;
  let repeatedPages = 0;
  let aheadMs = 0;

  const read = (answer: Answer): LogPage => {
    const { data, pagination } = record(answer.body);
    if (!Array.isArray(data)) throw new UnusableAnswer('data is no list');
    const { data: exact } = record(exactBodyOf(answer));
    const exactRows = Array.isArray(exact) ? exact.filter(isRecord) : [];
    const rows = data.filter(isRecord).map((raw, index) => toLoggedRequest(raw, exactRows[index] ?? raw));
    const { has_more, total: count } = record(pagination);
    const total = number(count);
    const end = offset + data.length;
    const says = (isMore: boolean) => has_more === isMore || has_more === String(isMore);
    const isMore =
      says(true) || (!says(false) && (total === undefined ? data.length >= pageRows : end < total));
    const isAll = total !== undefined && end >= total;
    if (isMore && data.length === 0 && total !== undefined && !isAll)
      throw new UnusableAnswer(`only ${end} of the ${total} rows are there`);
    const isRepeated = !addNew(seen, rows);
    repeatedPages = isRepeated ? repeatedPages + 1 : 0;
    // some servers always say that there is more
    const isLast = !isMore || data.length === 0 || (isRepeated && isAll);
    // a server may give fewer rows than it was asked for
    offset = end;
    if (!isLast && repeatedPages >= maxRepeatedPages)
      throw new UnusableAnswer('it gives the same rows again and again');
    if (!isLast && end >= maxRows)
      throw new UnusableAnswer(`there are over ${maxRows} rows; ask for a shorter time`);
    return { rows, isLast, aheadMs: toAheadMs(answer.headers) };
  };

  for (let pages = 1; ; pages += 1) {
    const page = await ask({
      method: 'GET',
      path: logPath,
      query: `?${new URLSearchParams([
        ['start', toIsoTime(startMs)],
        ['end', toIsoTime(endMs)],
        ...filters,
        ['limit', String(pageRows)],
        ['offset', String(offset)],
      ])}`,
      doing: 'read the request log',
      read: (answer) => (answer.body === undefined ? undefined : read(answer)),
    });
    if (!page) return undefined;
    aheadMs = page.aheadMs ?? aheadMs;
    yield page.rows;
    if (page.isLast) return aheadMs;
    await pause(pages < pagesAtOnce ? 0 : pagePauseMs);
  }
}

/** Whether one of the rows was not seen yet. */
function addNew(seen: Set<string>, rows: LoggedRequest[]): boolean {
  if (seen.size > maxRemembered) seen.clear();
  const sizeBefore = seen.size;
  for (const { createdAt, inferenceId, clientRequestId } of rows) {
    // cut, because a set of very long texts would fill the memory
    seen.add([createdAt, inferenceId, clientRequestId].map((part) => part?.slice(0, longestFact)).join(' '));
  }
  return seen.size > sizeBefore;
}

/** `exact`: the row with long numbers as texts. */
function toLoggedRequest(raw: Record<string, unknown>, exact: Record<string, unknown>): LoggedRequest {
  const { credits, usd } = record(raw.cost);
  const created = text(raw.created) ?? '';
  const facts = compact({
    createdAt: created.length <= longestTime && Date.parse(created) ? created : '',
    model: text(raw.model),
    inferenceId: idOf(exact.inference_id),
    clientRequestId: idOf(exact.client_request_id),
    usage: usageOf(number(credits), number(usd)),
  });
  return { ...facts, status: raw.status === 'failed' ? 'failed' : 'succeeded', raw };
}

function toAheadMs(headers: FetchHeaders): number | undefined {
  const date = headers.get('date');
  const timeMs = Date.parse(date ?? '');
  // Date.parse also reads what is no time of HTTP, such as "5"
  if (Number.isNaN(timeMs) || new Date(timeMs).toUTCString() !== date) return undefined;
  // a cache gives the time of the answer that it has kept
  const ageSeconds = number(headers.get('age')) ?? 0;
  return timeMs + ageSeconds * 1000 - Date.now();
}
