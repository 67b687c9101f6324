import { UnexpectedResponseError } from '../errors.js';
import { checkClientRequestId } from '../http/request.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { isRecord, number, record, text } from '../json.js';
import type { RequestOptions } from '../options.js';
import type { Usage } from '../results.js';
import { usageOf } from './usage.js';

/** A row of the API's request log. */
export interface LoggedRequest {
  /** ISO time. */
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

export interface FindRequestInput {
  /** The id that the request carried. */
  clientRequestId: string;
  /** Where to begin: a Date or an ISO time, at most 92 days before `until`. */
  since: string | Date;
  /** Where to end. @defaultValue now, and 10 minutes for a clock that is slow */
  until?: string | Date | undefined;
  /** Only rows of this model, by its long or short id. */
  model?: string | undefined;
}

const dayMs = 24 * 60 * 60_000;
/** The longest window that the log takes. */
const maxWindowDays = 92;
/** This machine's clock and the API's may differ by this much. */
export const skewMs = 10 * 60_000;
const pageSize = 100;

export async function findRequest(
  transport: Transport,
  { clientRequestId, since, until, model }: FindRequestInput,
  options?: RequestOptions,
): Promise<LoggedRequest[]> {
  checkClientRequestId(clientRequestId);
  const start = toTime('since', since);
  const end = until === undefined ? Date.now() + skewMs : toTime('until', until);
  checkWindow(start, end);
  const rows: LoggedRequest[] = [];
  for await (const row of readLog(transport, { start, end }, options)) {
    const asked = model === undefined || row.model === model || row.model === `alibaba/${model}`;
    if (asked && row.clientRequestId === clientRequestId) rows.push(row);
  }
  return rows;
}

/** The rows of a window, newest first. */
export async function* readLog(
  transport: Transport,
  { start, end }: { start: number; end: number },
  options?: RequestOptions,
): AsyncGenerator<LoggedRequest> {
  for (let offset = 0; ; ) {
    const page = await send(
      transport,
      {
        method: 'GET',
        path: '/v2/logs',
        query: {
          start: new Date(start).toISOString(),
          end: new Date(end).toISOString(),
          limit: String(pageSize),
          offset: String(offset),
        },
        doing: 'read the request log',
        read: ({ body, status }, request) => {
          if (body === undefined) return undefined;
          const { data, pagination } = record(body);
          if (Array.isArray(data))
            return { rows: data.filter(isRecord), more: record(pagination).has_more === true };
          const issue = 'data is no list';
          throw new UnexpectedResponseError(
            `Cannot read the request log: the API answered ${status}, but ${issue}`,
            { status, url: request.printableUrl, issues: [issue] },
            body,
          );
        },
      },
      options,
    );
    yield* page.rows.map(toLoggedRequest);
    // a server may give less than was asked for
    offset += page.rows.length;
    if (!page.more || page.rows.length === 0) return;
  }
}

function toLoggedRequest(raw: Record<string, unknown>): LoggedRequest {
  const cost = record(raw.cost);
  const usage = usageOf(number(cost.credits), number(cost.usd));
  const model = text(raw.model);
  const inferenceId = text(raw.inference_id);
  const clientRequestId = text(raw.client_request_id);
  return {
    createdAt: text(raw.created) ?? '',
    status: raw.status === 'failed' ? 'failed' : 'succeeded',
    ...(model && { model }),
    ...(inferenceId && { inferenceId }),
    ...(clientRequestId && { clientRequestId }),
    ...(usage && { usage }),
    raw,
  };
}

/** Milliseconds since 1970 of a time that the caller gives. */
export function toTime(name: string, value: unknown): number {
  const time = value instanceof Date || typeof value === 'string' ? new Date(value).getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new TypeError(`Cannot use ${name}: it takes a Date or an ISO time such as "2026-01-31T12:00:00Z".`);
}

export function checkWindow(start: number, end: number): void {
  if (start <= end && end - start <= maxWindowDays * dayMs) return;
  const [from, to] = [new Date(start).toISOString(), new Date(end).toISOString()];
  throw new RangeError(
    `Cannot search the request log from ${from} to ${to}: it takes a window of at most ${maxWindowDays} days that begins before it ends.`,
  );
}
