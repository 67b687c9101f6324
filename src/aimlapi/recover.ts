import { startClock } from '../clock.js';
import {
  ApiError,
  ConnectionError,
  type OutcomeUnknownError,
  UnexpectedResponseError,
  VideoFailedError,
  type WanError,
} from '../errors.js';
import { checkClientRequestId, defaultTimeoutMs } from '../http/request.js';
import type { Transport } from '../http/transport.js';
import { checkPositiveMs } from '../options.js';
import type { VideoJob } from '../results.js';
import { sleep } from '../sleep.js';
import { checkWindow, type LoggedRequest, readLog, skewMs, toTime } from './log.js';
import { isImageModel, isOtherModel } from './models/index.js';

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
  checkWindow(Math.min(startedAt, Date.now()), Date.now());
  if (typeof facts.model !== 'string' || isImageModel(facts.model)) {
    throw new TypeError(
      `Cannot recover "${facts.model}": it is no video model. An image has no id to ask for; findRequest tells what it cost.`,
    );
  }
  const clock = startClock(sleep, signal);
  let legible: { failed?: LoggedRequest | undefined } | undefined;
  for (;;) {
    const look = await lookFor(transport, facts, startedAt, maxWaitMs - clock.elapsedMs(), signal);
    if ('job' in look) return look.job;
    if (!look.trouble) legible = look;
    const asked = look.trouble instanceof ApiError ? (look.trouble.retryAfterMs ?? 0) : 0;
    await clock.sleep(Math.min(Math.max(intervalMs, asked), maxWaitMs - clock.elapsedMs()));
    if (clock.elapsedMs() < maxWaitMs) continue;
    // a log that could never be read is not one without the row
    if (!legible) throw look.trouble;
    if (legible.failed) throw failedError(facts, legible.failed);
    return undefined;
  }
}

type Look = { job: VideoJob } | { failed?: LoggedRequest | undefined; trouble?: WanError };

/** One look at the log, around the time of the create. */
async function lookFor(
  transport: Transport,
  facts: RecoverFacts,
  startedAt: number,
  timeLeftMs: number,
  signal: AbortSignal | undefined,
): Promise<Look> {
  // a create may be tried again for a while after its first attempt
  const window = { start: startedAt - skewMs, end: Math.min(Date.now() + skewMs, startedAt + triesMs) };
  const options = {
    signal,
    timeoutMs: Math.min(transport.timeoutMs ?? defaultTimeoutMs, timeLeftMs),
    maxRetries: 0,
  };
  let failed: LoggedRequest | undefined;
  try {
    for await (const row of readLog(transport, window, options)) {
      const isOurs =
        row.clientRequestId === facts.clientRequestId ||
        (row.inferenceId !== undefined && row.inferenceId === facts.inferenceId);
      if (!isOurs || isOtherModel(row.model, facts.model)) continue;
      if (row.status === 'failed') failed = row;
      else if (row.inferenceId) return { job: toFoundJob(facts, row, row.inferenceId) };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (isPassing(error)) return { trouble: error };
    throw error;
  }
  return { failed };
}

function isPassing(error: unknown): error is WanError {
  if (error instanceof ConnectionError || error instanceof UnexpectedResponseError) return true;
  if (!(error instanceof ApiError)) return false;
  return error.status >= 500 || [408, 425, 429].includes(error.status) || !error.fromApi;
}

function toFoundJob(facts: RecoverFacts, row: LoggedRequest, id: string): VideoJob {
  const { clientRequestId } = facts;
  return {
    provider: 'aimlapi',
    id,
    state: 'running',
    status: 'unknown',
    model: row.model ?? facts.model,
    createdAt: row.createdAt || facts.startedAt,
    clientRequestId,
    inferenceId: id,
    ...(row.usage && { usage: row.usage }),
    raw: row.raw,
  };
}

function failedError(facts: RecoverFacts, row: LoggedRequest): VideoFailedError {
  const reason = 'the request log says that the create failed; it was billed nothing';
  const message = `Cannot recover the video of client request id "${facts.clientRequestId}": ${reason}`;
  const job = toFoundJob(facts, row, row.inferenceId ?? facts.clientRequestId);
  return new VideoFailedError(message, { ...job, state: 'failed', status: 'failed' }, { reason });
}
