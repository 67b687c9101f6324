import {
  ApiError,
  ConnectionError,
  JobError,
  PollStoppedError,
  PollTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
  type WanError,
} from '../base/errors.js';
import { excerpt } from '../base/excerpt.js';
import type { RequestOptions } from '../base/options.js';
import type { Provider, Video, VideoJob } from '../base/results.js';
import { longestId, shorten } from '../base/shorten.js';
import { messageOf } from '../base/thrown.js';
import { UnsendableError } from '../http/failure.js';
import { isPassing } from '../http/retry.js';
import type { DurationsOf } from './durations.js';
import { StrayAnswerError, unclaimedFailure } from './stray.js';

/** A wait ends when the same useless answer has come for this long, and nothing else. */
const patienceMs = 60_000;

/** Where a provider's jobs are asked for their status. */
export interface StatusSource {
  readonly provider: Provider;
  /** What the client has learned of how long jobs take. */
  readonly durationsOf: DurationsOf;
  /** Whether the provider bills a failed job, and where that is known from, as a sentence without a full stop. */
  readonly costOfFailure: string;
  /** One or two places to ask, the better one first. */
  readonly paths: readonly [string, ...string[]];
  /** One request, never repeated. The job that comes back remembers the path. */
  check(
    job: VideoJob,
    path: string,
    within: {
      signal?: AbortSignal | undefined;
      timeLeftMs: number;
      /** Asks for a new connection: the last answer on the old one belonged to another request. */
      isFresh: boolean;
      /** Milliseconds for the attempt, where the caller sets them. */
      timeoutMs?: number | undefined;
      headers?: RequestOptions['headers'];
    },
  ): Promise<VideoJob>;
}

/** What a wait knows between two checks. */
export interface Wait {
  readonly source: StatusSource;
  job: VideoJob;
  /** Where to ask next. */
  path: string;
  /** Failed checks in a row: the pauses grow with it. */
  troubles: number;
  trouble?: WanError | undefined;
  /** A useless answer, and since when no other answer has come. */
  standstill?: { answer: string; sinceMs: number } | undefined;
}

/** The path that answered last, else the best one. */
export function firstPath(paths: readonly [string, ...string[]], { statusPath }: VideoJob): string {
  return paths.find((path) => path === statusPath) ?? paths[0];
}

/** The video to end with. */
export function finishedVideo({ job, source }: Wait, polls: number): Video | undefined {
  if (job.state === 'failed') throw failedError(job, source.costOfFailure);
  return usableVideo(job, polls);
}

/** The video of a job. A stored link may have expired: then the first check brings a new one. */
export function usableVideo({ video }: VideoJob, polls: number): Video | undefined {
  const isExpired = polls === 0 && Date.parse(video?.expiresAt ?? '') <= Date.now();
  return isExpired ? undefined : video;
}

/** Takes the job of a check that was answered. */
export function accept(wait: Wait, job: VideoJob, elapsedMs: number): void {
  Object.assign(wait, { job, troubles: 0, trouble: undefined });
  const isEmpty = job.state === 'done' && !job.video;
  if (isStuck(wait, isEmpty ? 'done without a video' : undefined, elapsedMs)) {
    const said = `it has been "${job.status}" for ${patienceMs / 1000} s, but there is no video`;
    throw failedError(job, 'As the provider calls it done, it may have been billed', said);
  }
}

/** Notes a check that failed; throws where the failure ends the wait. */
export function endure(wait: Wait, error: unknown, elapsedMs: number): void {
  const { source, job } = wait;
  const kind = classify(error);
  if (!isTrouble(error) || kind === 'final') throw stoppedError(job, error);
  wait.troubles += 1;
  wait.trouble = error;
  // an outage does not contradict the failure that every answer told of
  if (error instanceof ConnectionError && wait.standstill?.answer === unclaimedFailure) return;
  if (kind === 'elsewhere') wait.path = source.paths.find((path) => path !== wait.path) ?? wait.path;
  const stray = error instanceof StrayAnswerError ? error : undefined;
  if (!isStuck(wait, kind === 'elsewhere' ? kind : stray?.answer, elapsedMs)) return;
  throw stray?.failedJob ? failedError(stray.failedJob, source.costOfFailure) : stoppedError(job, error);
}

/** Notes a useless answer (or another one, as `undefined`); whether nothing else has come for `patienceMs`. */
function isStuck(wait: Wait, answer: string | undefined, elapsedMs: number): boolean {
  const sinceMs = wait.standstill?.answer === answer ? (wait.standstill?.sinceMs ?? elapsedMs) : elapsedMs;
  wait.standstill = answer === undefined ? undefined : { answer, sinceMs };
  return elapsedMs - sinceMs >= patienceMs;
}

type Trouble = ApiError | ConnectionError | UnexpectedResponseError;

function isTrouble(error: unknown): error is Trouble {
  return [ApiError, ConnectionError, UnexpectedResponseError].some((type) => error instanceof type);
}

/** `final`: another check would end the same. `elsewhere`: the other path may know the job. `trouble`: it passes. */
function classify(error: unknown): 'final' | 'elsewhere' | 'trouble' {
  if (error instanceof UnsendableError) return 'final';
  if (!(error instanceof ApiError)) return 'trouble';
  const { status, fromApi } = error;
  if (status === 401 || status === 403) return fromApi ? 'final' : 'trouble';
  return status < 400 || isPassing(status) ? 'trouble' : 'elsewhere';
}

const keep = 'Give error.job to pollUntilDone to go on waiting';

function failedError(
  job: VideoJob,
  cost: string,
  said = job.error?.message ?? `status "${job.status}", without a reason`,
): VideoFailedError {
  const reason = excerpt(said);
  const facts = { reason, code: job.error?.code };
  const message = `Cannot give the video "${shorten(job.id, longestId)}": it failed: ${reason.replace(/\.$/, '')}. ${cost}`;
  return new VideoFailedError(message, job, facts);
}

export function timeoutError(
  { job, trouble }: { job: VideoJob; trouble?: WanError | undefined },
  waitedMs: number,
): PollTimeoutError {
  const last = trouble ? `; the last check failed: ${trouble.message}` : '';
  const message = `Cannot give the video "${shorten(job.id, longestId)}": it was still "${job.status}" after ${waitedMs} ms${last}. ${keep}`;
  const options = trouble && { cause: trouble };
  return new PollTimeoutError(message, job, { lastStatus: job.status, waitedMs }, options);
}

function stoppedError(job: VideoJob, cause: unknown): Error {
  if (cause instanceof JobError) return cause;
  const message = `Cannot go on waiting for the video "${shorten(job.id, longestId)}": ${messageOf(cause)}. ${keep}`;
  return new PollStoppedError(message, job, {}, { cause });
}
