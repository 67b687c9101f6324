import { vi } from 'vitest';
import { createWan, type Fetch, type Wan } from '../../src/index.js';

/** What a log answers for a page, before its headers. */
export interface LogAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface LogRequest {
  startMs: number;
  endMs: number;
  offset: number;
  /** By `performance.now()`. */
  atMs: number;
}

interface LogOptions {
  /** Milliseconds that the API's clock is ahead of this machine's. */
  aheadMs?: number;
  /** Milliseconds that an answer takes. */
  latencyMs?: number;
  /** The `Date` of an answer; `undefined` for none. */
  date?: (apiMs: number) => string | undefined;
}

export const minute = 60_000;
export const day = 24 * 60 * minute;
export const model = 'alibaba/wan2.2-t2v-plus';

/** A client of a log that answers as it is told, by a clock of its own. */
export function serveLog(
  answer: (request: LogRequest, apiMs: number) => LogAnswer | Promise<LogAnswer>,
  { aheadMs = 0, latencyMs = 0, date = (apiMs) => new Date(apiMs).toUTCString() }: LogOptions = {},
): { wan: Wan; requests: LogRequest[] } {
  const requests: LogRequest[] = [];
  const fetch: Fetch = async (url) => {
    const query = new URL(url).searchParams;
    const time = (name: string) => Date.parse(query.get(name) ?? '');
    const request = {
      startMs: time('start'),
      endMs: time('end'),
      offset: Number(query.get('offset')),
      atMs: performance.now(),
    };
    requests.push(request);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const apiMs = Date.now() + aheadMs;
    const { status = 200, headers = {}, body } = await answer(request, apiMs);
    const told = date(apiMs);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { ...(told !== undefined && { date: told }), ...headers } });
  };
  return { wan: createWan({ apiKey: 'k-12345678', fetch }), requests };
}

/** The page of those rows that are in the window; they are newest first. */
export function pageOf(
  rows: readonly { created: string }[],
  { startMs, endMs, offset }: LogRequest,
): LogAnswer {
  const isWithin = ({ created }: { created: string }) =>
    Date.parse(created) >= startMs && Date.parse(created) <= endMs;
  return cutPage(rows.filter(isWithin), offset);
}

/** The page of these rows, as the API gives it. */
export function cutPage(rows: readonly object[], offset: number): LogAnswer {
  const data = rows.slice(offset, offset + 100);
  const pagination = { limit: 100, offset, total: rows.length, has_more: offset + 100 < rows.length };
  return { body: { data, pagination } };
}

export function rowOf(fields: object = {}): { created: string } {
  const created = new Date().toISOString();
  return Object.assign({ created }, fieldsOfRow, fields);
}

const fieldsOfRow = {
  status: 'succeeded',
  model,
  cost: { usd: 0.1, credits: 200_000 },
  inference_id: 'video-1',
  client_request_id: 'order-1',
};

/** Somebody else's rows. */
export function otherRows(count: number, fields: object = {}): { created: string }[] {
  return Array.from({ length: count }, (_, index) =>
    rowOf({ inference_id: `other-${index}`, client_request_id: null, ...fields }),
  );
}

export function factsOf(startedAt: Date | number = Date.now(), clientRequestId = 'order-1') {
  return { clientRequestId, startedAt: new Date(startedAt).toISOString(), model };
}

/** Runs the fake clock on until the promise has settled; gives what it rejects with as `error`. */
export async function outcomeOf<T>(promise: Promise<T>, stepMs = 1000) {
  let outcome: { value?: T; error?: unknown } | undefined;
  promise.then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  const before = performance.now();
  while (!outcome) await vi.advanceTimersByTimeAsync(stepMs);
  return { ...outcome, tookMs: performance.now() - before };
}
