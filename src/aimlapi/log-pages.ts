import type { FetchHeaders } from '../base/fetch.js';
import { compact, idOf, isRecord, number, record, text } from '../base/json.js';
import type { RequestOptions } from '../base/options.js';
import type { Usage } from '../base/results.js';
import { exactBodyOf } from '../http/answer.js';
import type { Config as Transport } from '../http/config.js';
import { UnusableAnswer } from '../http/failure.js';
import { send } from '../http/send.js';
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
}

export const logPath = '/v2/logs';

const doing = 'read the request log';
const pageRows = 100;
// the API takes 200 requests in 60 s, and does not say for how long it refuses more
const pagesAtOnce = 50;
const pagePauseMs = 400;
/** New rows push older ones into the next page, so that a page may repeat. After this many in a row it is a loop. */
const maxRepeatedPages = 20;
const maxRows = 1_000_000;
const maxRemembered = 100_000;

interface Page {
  rows: LoggedRequest[];
  /** Entries of the page, legible or not. */
  count: number;
  /** `undefined` where the page does not say. */
  saysMore: boolean | undefined;
  total: number | undefined;
  apiTimeMs: number | undefined;
}

/** A window of the log, newest row first. After an error, the next read asks for the same page again. */
export class LogPages {
  /** Whether the last page was read. */
  isOver = false;
  /** How far the API's clock is ahead of this machine's, by the `Date` of the last answer. */
  aheadMs = 0;
  readonly #transport: Transport;
  readonly #query: Record<string, string>;
  readonly #hasDeadline: boolean;
  /** The last rows, to notice pages that repeat. */
  readonly #seen = new Set<string>();
  #offset = 0;
  #pages = 0;
  #repeatedPages = 0;

  /** `hasDeadline`: the caller stops reading at some time, so that a log without an end is no error here. */
  constructor(transport: Transport, { startMs, endMs }: LogWindow, hasDeadline = false) {
    this.#transport = transport;
    const [start, end] = [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
    this.#query = { start, end, limit: String(pageRows) };
    this.#hasDeadline = hasDeadline;
  }

  /** Milliseconds to wait before the next page. */
  get pauseMs(): number {
    return this.#pages < pagesAtOnce ? 0 : pagePauseMs;
  }

  async read(options?: RequestOptions): Promise<LoggedRequest[]> {
    const query = new URLSearchParams({ ...this.#query, offset: String(this.#offset) });
    const page = await send(
      this.#transport,
      {
        method: 'GET',
        path: logPath,
        query: `?${query}`,
        doing,
        read: (answer) => {
          if (answer.body === undefined) return undefined;
          const read = toPage(exactBodyOf(answer), answer.headers);
          this.#advance(read);
          return read;
        },
      },
      options,
    );
    if (page.apiTimeMs !== undefined) this.aheadMs = page.apiTimeMs - Date.now();
    return page.rows;
  }

  #advance({ rows, count, saysMore, total }: Page): void {
    const offset = this.#offset + count;
    const isAll = total === undefined || offset >= total;
    const isMore = saysMore ?? (total === undefined ? count >= pageRows : !isAll);
    if (isMore && count === 0 && !isAll)
      throw new UnusableAnswer(`only ${offset} of the ${total} rows are there`);
    const isRepeated = !addNew(this.#seen, rows);
    this.#repeatedPages = isRepeated ? this.#repeatedPages + 1 : 0;
    // some servers say for ever that there is more
    const isOver = !isMore || count === 0 || (isRepeated && total !== undefined && isAll);
    if (!isOver && !this.#hasDeadline) {
      if (this.#repeatedPages >= maxRepeatedPages)
        throw new UnusableAnswer('it gives the same rows again and again');
      if (offset >= maxRows)
        throw new UnusableAnswer(`there are over ${maxRows} rows; ask for a shorter time`);
    }
    this.isOver = isOver;
    // a server may give less than was asked for
    this.#offset = offset;
    this.#pages += 1;
  }
}

/** Whether one of the rows was not seen yet. */
function addNew(seen: Set<string>, rows: LoggedRequest[]): boolean {
  if (seen.size > maxRemembered) seen.clear();
  const sizeBefore = seen.size;
  for (const { createdAt, inferenceId, clientRequestId } of rows) {
    // cut, because a set of very long texts would fill the memory
    seen.add([createdAt, inferenceId, clientRequestId].map((part) => part?.slice(0, 200)).join(' '));
  }
  return seen.size > sizeBefore;
}

function toPage(body: unknown, headers: FetchHeaders): Page {
  const { data, pagination } = record(body);
  if (!Array.isArray(data)) throw new UnusableAnswer('data is no list');
  const { has_more, total } = record(pagination);
  return {
    rows: data.filter(isRecord).map(toLoggedRequest),
    count: data.length,
    saysMore: toBoolean(has_more),
    total: number(total),
    apiTimeMs: toApiTimeMs(headers),
  };
}

function toBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}

function toLoggedRequest(raw: Record<string, unknown>): LoggedRequest {
  const { credits, usd } = record(raw.cost);
  const facts = compact({
    createdAt: toIsoTime(raw.created),
    model: text(raw.model),
    inferenceId: idOf(raw.inference_id),
    clientRequestId: idOf(raw.client_request_id),
    usage: usageOf(number(credits), number(usd)),
  });
  return { ...facts, status: raw.status === 'failed' ? 'failed' : 'succeeded', raw };
}

function toIsoTime(value: unknown): string {
  const time = text(value);
  return time && time.length <= 40 && !Number.isNaN(Date.parse(time)) ? time : '';
}

/** The API's time when it sent the answer. */
function toApiTimeMs(headers: FetchHeaders): number | undefined {
  const date = headers.get('date') ?? '';
  const age = headers.get('age') ?? '0';
  if (!/^[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/i.test(date) || !/^\d{1,5}$/.test(age)) {
    return undefined;
  }
  const timeMs = Date.parse(date);
  // a cache gives the time of the answer that it has kept
  return Number.isNaN(timeMs) ? undefined : timeMs + Number(age) * 1000;
}
