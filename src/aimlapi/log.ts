import { checkClientRequestId } from '../http/request.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { unusable } from '../http/unusable.js';
import { compact, isRecord, number, record, text } from '../json.js';
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

/** This machine's clock and the API's may differ by this much. */
export const skewMs = 10 * 60_000;

export async function findRequest(
  transport: Transport,
  { clientRequestId, since, until, model }: FindRequestInput,
  options?: RequestOptions,
): Promise<LoggedRequest[]> {
  checkClientRequestId(clientRequestId);
  const start = toTime('since', since);
  const end = until === undefined ? Date.now() + skewMs : toTime('until', until);
  const models = [model, `alibaba/${model}`];
  const rows: LoggedRequest[] = [];
  for await (const row of readLog(transport, start, end, options)) {
    const asked = model === undefined || models.includes(row.model);
    if (asked && row.clientRequestId === clientRequestId) rows.push(row);
  }
  return rows;
}

/** The rows of a window, newest first. */
export async function* readLog(
  transport: Transport,
  start: number,
  end: number,
  options?: RequestOptions,
): AsyncGenerator<LoggedRequest> {
  const doing = 'read the request log';
  const window = { ...toWindow(start, end), limit: '100' };
  for (let offset = 0; ; ) {
    const { rows, more } = await send(
      transport,
      {
        method: 'GET',
        path: '/v2/logs',
        query: `?${new URLSearchParams({ ...window, offset: String(offset) })}`,
        doing,
        read(answer, request) {
          if (answer.body === undefined) return undefined;
          const { data, pagination } = record(answer.body);
          if (!Array.isArray(data)) throw unusable(doing, 'data is no list', answer, request);
          return { rows: data.filter(isRecord), more: record(pagination).has_more === true };
        },
      },
      options,
    );
    yield* rows.map(toLoggedRequest);
    // a server may give less than was asked for
    offset += rows.length;
    if (!more || rows.length === 0) return;
  }
}

function toLoggedRequest(raw: Record<string, unknown>): LoggedRequest {
  const { credits, usd } = record(raw.cost);
  const facts = compact({
    createdAt: text(raw.created) ?? '',
    model: text(raw.model),
    inferenceId: text(raw.inference_id),
    clientRequestId: text(raw.client_request_id),
    usage: usageOf(number(credits), number(usd)),
  });
  return { ...facts, status: raw.status === 'failed' ? 'failed' : 'succeeded', raw };
}

/** Milliseconds since 1970 of a time that the caller gives. */
export function toTime(name: string, value: unknown): number {
  const time = value instanceof Date || typeof value === 'string' ? new Date(value).getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new TypeError(`Cannot use ${name}: it takes a Date or an ISO time such as "2026-01-31T12:00:00Z".`);
}

/** A window as the log takes it. */
export function toWindow(startMs: number, endMs: number): { start: string; end: string } {
  const start = new Date(startMs).toISOString();
  const end = new Date(endMs).toISOString();
  if (startMs <= endMs && endMs - startMs <= 92 * 86_400_000) return { start, end };
  throw new RangeError(
    `Cannot search the request log from ${start} to ${end}: it takes at most 92 days, the earlier time first.`,
  );
}
