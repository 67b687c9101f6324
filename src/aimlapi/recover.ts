import {
  ApiError,
  ConnectionError,
  type OutcomeUnknownError,
  RequestTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
} from '../base/errors.js';
import { checkPositiveMs, outOfRange } from '../base/options.js';
import { messageOf, printable } from '../base/redact.js';
import type { VideoJob } from '../base/results.js';
import type { Config as Transport } from '../http/config.js';
import { UnsendableError } from '../http/failure.js';
import { once } from '../http/request.js';
import { isPassing, longestRetryAfterMs } from '../http/retry.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { updateJob } from '../job/job.js';
import { Clock } from '../time/clock.js';
import { longestWindowMs, toTime } from './log.js';
import { type LoggedRequest, logPath } from './log-pages.js';
import { Look } from './look.js';
import { findModel } from './models/index.js';
import { costOfFailure } from './usage.js';

/** What is known of a create whose answer was lost; an `OutcomeUnknownError` holds it. */
export interface RecoverFacts {
  clientRequestId: string;
  /** ISO time of the first attempt, by this machine's clock. */
  startedAt: string;
  model: string;
  /** The API's id, where an answer named one. */
  inferenceId?: string | undefined;
}

export interface RecoverOptions {
  /**
   * Milliseconds until the search gives up; rows may come late. `0`: one look, which reads all pages, and repeats a
   * failed request as other calls do.
   * @defaultValue `1_200_000` (20 minutes)
   */
  maxWaitMs?: number | undefined;
  /** Milliseconds between two looks at the log. @defaultValue `15_000` */
  intervalMs?: number | undefined;
  /** Ends the search at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export async function recoverVideo(
  transport: Transport,
  facts: OutcomeUnknownError | RecoverFacts,
  options: RecoverOptions = {},
): Promise<VideoJob | undefined> {
  const { maxWaitMs = 20 * 60_000, intervalMs = 15_000, signal } = options;
  checkMaxWait(maxWaitMs);
  checkPositiveMs('intervalMs', intervalMs);
  const startedAtMs = checkFacts(facts);
  const isOneLook = maxWaitMs === 0;
  const clock = new Clock(signal);
  const timeLeftMs = () => (isOneLook ? Infinity : maxWaitMs - clock.elapsedMs());
  const search: Search = { requests: 0, rows: 0, wasWhole: false };
  let look: Look | undefined;
  do {
    let pauseMs = 0;
    try {
      look ??= new Look(transport, startedAtMs, !isOneLook);
      search.requests += 1;
      const within = isOneLook ? { signal } : once(transport, signal, Math.max(timeLeftMs(), 1));
      const job = findJob(search, facts, await look.readPage(within));
      if (job) return job;
      pauseMs = look.pauseMs;
      if (look.isOver) {
        search.wasWhole = true;
        if (isOneLook) break;
        look = undefined;
        pauseMs = intervalMs;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (isOneLook || !isTrouble(error)) throw error;
      search.trouble = error;
      pauseMs = pauseAfter(error, intervalMs, timeLeftMs() - Math.min(2_000, maxWaitMs / 10));
    }
    await clock.sleep(Math.min(pauseMs, timeLeftMs()));
  } while (timeLeftMs() > 0);
  // a log that was never read to its end is not one without the row
  if (!search.wasWhole) throw unreadError(transport, facts, search, maxWaitMs);
  if (search.failed) throw failedError(facts, search.failed);
  return undefined;
}

/** What a search has found out. */
interface Search {
  requests: number;
  rows: number;
  /** Whether one look read all of the log. */
  wasWhole: boolean;
  failed?: LoggedRequest;
  /** Why the last request brought nothing. */
  trouble?: unknown;
}

function checkMaxWait(maxWaitMs: number): void {
  if (typeof maxWaitMs === 'number' && maxWaitMs >= 0) return;
  throw outOfRange('maxWaitMs', 'milliseconds from 0 (which is one look) to Infinity', maxWaitMs);
}

/** Checks the facts; gives the start of the create. */
function checkFacts(facts: OutcomeUnknownError | RecoverFacts): number {
  const startedAtMs = toTime('startedAt', facts?.startedAt);
  checkClientRequestId(facts.clientRequestId);
  const nowMs = Date.now();
  if (nowMs - startedAtMs > longestWindowMs) {
    const [startedAt, now] = [startedAtMs, nowMs].map((ms) => new Date(ms).toISOString());
    throw new RangeError(
      `Cannot recover the video of client request id "${facts.clientRequestId}": it was started at ${startedAt}, and this machine's clock says ${now}. The request log goes back 92 days.`,
    );
  }
  if (typeof facts.model !== 'string' || findModel(facts.model)?.kind === 'image') {
    throw new TypeError(
      `Cannot recover "${printable(facts.model)}": it is no video model. For an image, findRequest tells what it cost.`,
    );
  }
  return startedAtMs;
}

/** Takes in a page; gives the job where the page has its row. */
function findJob(
  search: Search,
  facts: OutcomeUnknownError | RecoverFacts,
  rows: LoggedRequest[],
): VideoJob | undefined {
  search.trouble = undefined;
  search.rows += rows.length;
  for (const row of rows) {
    if (!isOfCreate(row, facts)) continue;
    const id = row.inferenceId ?? facts.inferenceId;
    if (row.status === 'failed') search.failed ??= row;
    else if (id) return toFoundJob(facts, row, id);
  }
  return undefined;
}

/** Milliseconds until the next request after trouble; that one is not put off beyond `lastMs` from now. */
function pauseAfter(trouble: unknown, intervalMs: number, lastMs: number): number {
  const askedMs = trouble instanceof ApiError ? (trouble.retryAfterMs ?? 0) : 0;
  const pauseMs = Math.max(intervalMs, Math.min(askedMs, longestRetryAfterMs));
  return lastMs > 0 ? Math.min(pauseMs, lastMs) : pauseMs;
}

function isOfCreate({ clientRequestId, inferenceId, model }: LoggedRequest, facts: RecoverFacts): boolean {
  const isNamed =
    clientRequestId === facts.clientRequestId || (!!inferenceId && inferenceId === facts.inferenceId);
  if (!isNamed) return false;
  // the log may go by names that are not known here
  const [logged, asked] = [findModel(model), findModel(facts.model)];
  return !logged || !asked || logged === asked;
}

/** It may pass: the log is read again. */
function isTrouble(error: unknown): boolean {
  return error instanceof ApiError
    ? isPassing(error.status) || !error.fromApi
    : (error instanceof ConnectionError && !(error instanceof UnsendableError)) ||
        error instanceof UnexpectedResponseError;
}

function toFoundJob(facts: RecoverFacts, row: LoggedRequest, id: string, status?: string): VideoJob {
  const known = {
    provider: 'aimlapi',
    id,
    model: row.model ?? facts.model,
    createdAt: row.createdAt || facts.startedAt,
    clientRequestId: facts.clientRequestId,
    inferenceId: id,
    usage: row.usage,
  } as const;
  return updateJob(known, { status }, row.raw);
}

/** The error where no look read all of the log. */
function unreadError(
  { baseUrl }: Transport,
  { clientRequestId }: RecoverFacts,
  { requests, rows, trouble }: Search,
  maxWaitMs: number,
): unknown {
  if (rows === 0 && trouble !== undefined) return trouble;
  const last = trouble === undefined ? '' : `. The last request failed: ${messageOf(trouble)}`;
  const message = `Cannot recover the video of client request id "${clientRequestId}": the request log was not read to its end within ${maxWaitMs} ms (maxWaitMs), and none of the ${rows} rows that were read has its job${last}. Look again with a larger maxWaitMs before you pay for another`;
  const facts = { method: 'GET', url: `${baseUrl}${logPath}`, attempts: requests };
  return new RequestTimeoutError(message, facts, trouble === undefined ? {} : { cause: trouble });
}

function failedError(facts: RecoverFacts, row: LoggedRequest): VideoFailedError {
  const id = facts.clientRequestId;
  const reason = 'the request log says that the create failed';
  const job = toFoundJob(facts, row, row.inferenceId ?? id, 'failed');
  const message = `Cannot recover the video of client request id "${id}": ${reason}. ${costOfFailure}`;
  return new VideoFailedError(message, job, { reason });
}
