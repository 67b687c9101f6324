import { Clock } from '../clock.js';
import {
  ApiError,
  ConnectionError,
  type OutcomeUnknownError,
  UnexpectedResponseError,
  VideoFailedError,
} from '../errors.js';
import { once } from '../http/once.js';
import { checkClientRequestId } from '../http/request.js';
import { isPassing } from '../http/retry.js';
import type { Transport } from '../http/transport.js';
import { updateJob } from '../job/job.js';
import { checkPositiveMs } from '../options.js';
import type { VideoJob } from '../results.js';
import { type LoggedRequest, readLog, skewMs, toTime, toWindow } from './log.js';
import { findModel } from './models/index.js';

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
  /** Milliseconds until the search gives up; rows may come late. @defaultValue `1_200_000` (20 minutes) */
  maxWaitMs?: number | undefined;
  /** Milliseconds between two looks at the log. @defaultValue `15_000` */
  intervalMs?: number | undefined;
  /** Ends the search at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const minuteMs = 60_000;
/** A create may be tried again for this long after its first attempt. */
const triesMs = 120 * minuteMs;

export async function recoverVideo(
  transport: Transport,
  facts: OutcomeUnknownError | RecoverFacts,
  { maxWaitMs = 20 * minuteMs, intervalMs = 15_000, signal }: RecoverOptions = {},
): Promise<VideoJob | undefined> {
  checkPositiveMs('maxWaitMs', maxWaitMs);
  checkPositiveMs('intervalMs', intervalMs);
  const startedAt = toTime('startedAt', facts?.startedAt);
  checkClientRequestId(facts.clientRequestId);
  // a clock that runs ahead is no fault of the facts
  toWindow(Math.min(startedAt, Date.now()), Date.now());
  if (typeof facts.model !== 'string' || findModel(facts.model)?.kind === 'image') {
    throw new TypeError(
      `Cannot recover "${facts.model}": it is no video model. For an image, findRequest tells what it cost.`,
    );
  }
  const clock = new Clock(signal);
  let trouble: unknown;
  let wasLegible = false;
  let failed: LoggedRequest | undefined;
  do {
    let retryAfterMs = 0;
    const end = Math.min(Date.now() + skewMs, startedAt + triesMs);
    const options = once(transport, signal, maxWaitMs - clock.elapsedMs());
    try {
      for await (const row of readLog(transport, startedAt - skewMs, end, options)) {
        if (!isOfCreate(row, facts)) continue;
        if (row.status === 'failed') failed = row;
        else if (row.inferenceId) return toFoundJob(facts, row, row.inferenceId);
      }
      wasLegible = true;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isTrouble(error)) throw error;
      trouble = error;
      if (error instanceof ApiError) retryAfterMs = error.retryAfterMs ?? 0;
    }
    await clock.sleep(Math.min(Math.max(intervalMs, retryAfterMs), maxWaitMs - clock.elapsedMs()));
  } while (clock.elapsedMs() < maxWaitMs);
  // a log that could never be read is not one without the row
  if (!wasLegible) throw trouble;
  if (failed) throw failedError(facts, failed);
  return undefined;
}

function isOfCreate({ clientRequestId, inferenceId, model }: LoggedRequest, facts: RecoverFacts): boolean {
  // the log may go by names that are not known here
  const [logged, asked] = [findModel(model), findModel(facts.model)];
  if (logged && asked && logged !== asked) return false;
  return clientRequestId === facts.clientRequestId || (!!inferenceId && inferenceId === facts.inferenceId);
}

/** It may pass: the log is read again. */
function isTrouble(error: unknown): boolean {
  return error instanceof ApiError
    ? isPassing(error.status) || !error.fromApi
    : error instanceof ConnectionError || error instanceof UnexpectedResponseError;
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

function failedError(facts: RecoverFacts, row: LoggedRequest): VideoFailedError {
  const id = facts.clientRequestId;
  const reason = 'the request log says that the create failed; it was billed nothing';
  const job = toFoundJob(facts, row, row.inferenceId ?? id, 'failed');
  return new VideoFailedError(`Cannot recover the video of client request id "${id}": ${reason}`, job, {
    reason,
  });
}
