import { checkCallOptions } from '../base/call-options.js';
import {
  ApiError,
  ConnectionError,
  type OutcomeUnknownError,
  RequestTimeoutError,
  UnexpectedResponseError,
} from '../base/errors.js';
import { isError } from '../base/is-error.js';
import type { OptionNames } from '../base/option-names.js';
import { checkPositiveMs, outOfRange } from '../base/options.js';
import { printable } from '../base/redact.js';
import type { VideoJob } from '../base/results.js';
import { messageOf } from '../base/thrown.js';
import type { Config } from '../http/config.js';
import { UnsendableError } from '../http/failure.js';
import { once } from '../http/request.js';
import { isPassing, longestRetryAfterMs } from '../http/retry.js';
import { send } from '../http/send.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { Clock } from '../time/clock.js';
import { longestWindowMs, toTime } from './log.js';
import { type LogReader, logPath, toIsoTime } from './log-pages.js';
import {
  cannotRecover,
  findJob,
  type RecoverFacts,
  type RowsOfCreate,
  throwIfFound,
} from './logged-create.js';
import { lookFor } from './look.js';
import { findKnownModel } from './models/find-model.js';

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
      const job = findJob(facts, rows, search);
      if (job) return job;
    }
    search.wasWhole ||= !search.isCutOff;
    if (isOneLook) break;
    await pause(intervalMs);
  } while (timeLeftMs() > 0);
  // only a log that was read to its end can be without the row
  if (!search.wasWhole) throw unreadError(config, facts, search, maxWaitMs);
  throwIfFound(config, facts, search);
  return undefined;
}

/** What a search has found out. */
interface Search extends RowsOfCreate {
  requests: number;
  /** Whether one look read all of the log. */
  wasWhole?: boolean;
  /** Whether the deadline ended the last look. */
  isCutOff?: boolean;
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

/** Whether the next answer may be another one, so that the log is asked again. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return isPassing(error.status) || !error.fromApi;
  if (error instanceof ConnectionError) return !(error instanceof UnsendableError);
  return error instanceof UnexpectedResponseError;
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
