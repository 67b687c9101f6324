import { checkCallOptions } from '../base/call-options.js';
import {
  ApiError,
  ConnectionError,
  type OutcomeUnknownError,
  RequestTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
} from '../base/errors.js';
import { isError } from '../base/is-error.js';
import type { OptionNames } from '../base/option-names.js';
import { checkPositiveMs, outOfRange } from '../base/options.js';
import { compact } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { VideoJob } from '../base/results.js';
import { messageOf } from '../base/thrown.js';
import type { Config } from '../http/config.js';
import { UnsendableError } from '../http/failure.js';
import { once } from '../http/request.js';
import { isPassing, longestRetryAfterMs } from '../http/retry.js';
import { send } from '../http/send.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { updateJob } from '../job/job.js';
import { Clock } from '../time/clock.js';
import { longestWindowMs, toTime } from './log.js';
import { type LoggedRequest, type LogReader, logPath, toIsoTime } from './log-pages.js';
import { lookFor } from './look.js';
import { findKnownModel } from './models/find-model.js';
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

const optionNames: OptionNames<RecoverOptions> = { maxWaitMs: true, intervalMs: true, signal: true };

/** One request starts this long before the deadline, or a tenth of the search: it sees a row that came late. */
const longestLastRequestMs = 2_000;

export async function recoverVideo(
  config: Config,
  facts: OutcomeUnknownError | RecoverFacts,
  options: RecoverOptions = {},
): Promise<VideoJob | undefined> {
  checkCallOptions('recover the video', options, optionNames);
  const { maxWaitMs = 20 * 60_000, intervalMs = 15_000, signal } = options;
  checkMaxWait(maxWaitMs);
  checkPositiveMs('intervalMs', intervalMs);
  const startedAtMs = checkFacts(facts);
  const clock = new Clock(signal);
  const search: Search = { requests: 0, rows: 0 };
  const isOneLook = maxWaitMs === 0;
  const timeLeftMs = () => (isOneLook ? Infinity : maxWaitMs - clock.elapsedMs());
  const pause = (ms: number) => clock.sleep(Math.min(ms, timeLeftMs()));

  const ask: LogReader['ask'] = async (call) => {
    while (timeLeftMs() > 0) {
      const within = isOneLook ? { signal } : once(config, signal, Math.max(timeLeftMs(), 1));
      search.requests += 1;
      try {
        const page = await send(config, call, within);
        search.trouble = undefined;
        return page;
      } catch (error) {
        signal?.throwIfAborted();
        if (isOneLook || !mayPass(error)) throw error;
        search.trouble = error;
        const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        const pauseMs = Math.max(intervalMs, Math.min(askedMs, longestRetryAfterMs));
        const toLastRequestMs = timeLeftMs() - Math.min(longestLastRequestMs, maxWaitMs / 10);
        await pause(toLastRequestMs > 0 ? Math.min(pauseMs, toLastRequestMs) : pauseMs);
      }
    }
    search.isCutOff = true;
    return undefined;
  };

  do {
    for await (const rows of lookFor(startedAtMs, { ask, pause })) {
      search.rows += rows.length;
      const ofCreate = rows.filter((row) => isOfCreate(row, facts));
      for (const row of ofCreate) {
        const id = row.inferenceId ?? facts.inferenceId;
        if (row.status === 'failed') search.failed ??= row;
        else if (id) return toFoundJob(facts, row, id);
        else search.withoutId ??= row;
      }
    }
    search.wasWhole ||= !search.isCutOff;
    if (isOneLook) break;
    await pause(intervalMs);
  } while (timeLeftMs() > 0);
  // only a log that was read to its end can be without the row
  if (!search.wasWhole) throw unreadError(config, facts, search, maxWaitMs);
  if (search.withoutId) throw withoutIdError(config, facts, search.withoutId);
  if (search.failed) throw failedError(facts, search.failed);
  return undefined;
}

/** What a search has found out. */
interface Search {
  requests: number;
  rows: number;
  /** Whether one look read all of the log. */
  wasWhole?: boolean;
  /** Whether the deadline ended the last look. */
  isCutOff?: boolean;
  failed?: LoggedRequest;
  /** A row of the create that succeeded, and does not say under which id. */
  withoutId?: LoggedRequest;
  /** Why the last request brought nothing. */
  trouble?: unknown;
}

function checkMaxWait(maxWaitMs: number): void {
  if (typeof maxWaitMs === 'number' && maxWaitMs >= 0) return;
  throw outOfRange('maxWaitMs', 'milliseconds from 0 (which is one look) to Infinity', maxWaitMs);
}

/** Checks the facts; gives the start of the create. */
function checkFacts(facts: OutcomeUnknownError | RecoverFacts): number {
  if (facts?.clientRequestId === undefined && facts?.startedAt === undefined) {
    const given = isError(facts) ? 'a copy of an error, which has lost them' : printable(facts);
    throw new TypeError(
      `Cannot recover the video: it takes the OutcomeUnknownError itself, or { clientRequestId, startedAt, model } of it, not ${given}.`,
    );
  }
  const startedAtMs = toTime('startedAt', facts?.startedAt);
  checkClientRequestId(facts.clientRequestId);
  const nowMs = Date.now();
  if (nowMs - startedAtMs > longestWindowMs) {
    throw new RangeError(
      `${cannotRecover(facts)}: it was started at ${toIsoTime(startedAtMs)}, and this machine's clock says ${toIsoTime(nowMs)}. The request log goes back 92 days.`,
    );
  }
  if (typeof facts.model !== 'string' || findKnownModel(facts.model)?.kind === 'image') {
    throw new TypeError(
      `Cannot recover "${printable(facts.model)}": it is no video model. For an image, findRequest tells what it cost.`,
    );
  }
  return startedAtMs;
}

function isOfCreate({ clientRequestId, inferenceId, model }: LoggedRequest, facts: RecoverFacts): boolean {
  const isNamed =
    clientRequestId === facts.clientRequestId || (!!inferenceId && inferenceId === facts.inferenceId);
  // the log may name a model in a way that is not known here
  const [logged, asked] = [findKnownModel(model), findKnownModel(facts.model)];
  return isNamed && (!logged || !asked || logged === asked);
}

/** Whether the next answer may be another one, so that the log is asked again. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return isPassing(error.status) || !error.fromApi;
  if (error instanceof ConnectionError) return !(error instanceof UnsendableError);
  return error instanceof UnexpectedResponseError;
}

function toFoundJob(facts: RecoverFacts, row: LoggedRequest, id: string, status?: string): VideoJob {
  const known = compact({
    provider: 'aimlapi',
    id,
    model: row.model ?? facts.model,
    createdAt: row.createdAt || facts.startedAt,
    clientRequestId: facts.clientRequestId,
    inferenceId: id,
  } as const);
  return updateJob(known, { status, usage: row.usage }, row.raw);
}

function cannotRecover({ clientRequestId }: RecoverFacts): string {
  return `Cannot recover the video of client request id "${clientRequestId}"`;
}

/** The error where no look read all of the log. */
function unreadError(
  { baseUrl }: Config,
  facts: RecoverFacts,
  { requests, rows, trouble }: Search,
  maxWaitMs: number,
): unknown {
  if (rows === 0 && trouble !== undefined) return trouble;
  const last = trouble === undefined ? '' : `. Last trouble: ${messageOf(trouble)}`;
  const message = `${cannotRecover(facts)}: the request log was not read to its end within ${maxWaitMs} ms, and its job is not among the ${rows} rows that were${last}. Look again with a larger maxWaitMs before you pay for another`;
  return new RequestTimeoutError(
    message,
    { method: 'GET', url: `${baseUrl}${logPath}`, attempts: requests },
    trouble === undefined ? {} : { cause: trouble },
  );
}

function withoutIdError(
  { baseUrl }: Config,
  { clientRequestId }: RecoverFacts,
  { raw }: LoggedRequest,
): UnexpectedResponseError {
  const issue = 'the request log says that it was made, and does not say under which id';
  const message = `Cannot recover the video of client request id "${clientRequestId}": ${issue}. It may have been paid for: the row is in error.body`;
  const facts = { status: 200, url: `${baseUrl}${logPath}`, issues: [issue], clientRequestId };
  return new UnexpectedResponseError(message, facts, raw);
}

function failedError(facts: RecoverFacts, row: LoggedRequest): VideoFailedError {
  const reason = 'the request log says that the create failed';
  const job = toFoundJob(facts, row, row.inferenceId ?? facts.clientRequestId, 'failed');
  return new VideoFailedError(`${cannotRecover(facts)}: ${reason}. ${costOfFailure}`, job, { reason });
}
