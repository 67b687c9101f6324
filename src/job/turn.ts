import {
  ApiError,
  ConnectionError,
  JobError,
  PollStoppedError,
  PollTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
  WanError,
} from '../base/errors.js';
import { excerpt, messageOf } from '../base/redact.js';
import type { Video, VideoJob } from '../base/results.js';
import { UnsendableError } from '../http/failure.js';
import { isPassing } from '../http/retry.js';
import { StrayAnswerError, unclaimedFailure } from './stray.js';

/** How long a wait puts up with one and the same answer that brings it no further. */
const patienceMs = 60_000;

/** What a wait knows between two checks. */
export interface Wait {
  job: VideoJob;
  readonly costOfFailure: string;
  /** Where to ask next. */
  path: string;
  /** Checks in a row that brought nothing; the pauses grow with it. */
  troubles: number;
  trouble?: WanError | undefined;
  /** The answer that brings it no further, since when nothing else has come, and how often it came. */
  standstill?: { answer: string; sinceMs: number; times: number } | undefined;
}

export function startWait(job: VideoJob, paths: readonly [string, ...string[]], costOfFailure: string): Wait {
  const path = paths.find((each) => each === job.statusPath) ?? paths[0];
  return { job, costOfFailure, path, troubles: 0 };
}

/** The video to end with. A stored link that has expired is no such thing: the next check brings a new one. */
export function finishedVideo({ job, costOfFailure }: Wait, polls: number): Video | undefined {
  if (job.state === 'failed') throw failedError(job, costOfFailure);
  const { video } = job;
  const expired = polls === 0 && Date.parse(video?.expiresAt ?? '') <= Date.now();
  return expired ? undefined : video;
}

/** Takes in a check that was answered. */
export function accept(wait: Wait, job: VideoJob, elapsedMs: number): void {
  wait.job = job;
  wait.troubles = 0;
  wait.trouble = undefined;
  const isEmpty = job.state === 'done' && !job.video;
  if (isStuck(wait, isEmpty ? 'done without a video' : undefined, elapsedMs)) {
    const said = `it has been "${job.status}" for ${patienceMs / 1000} s, but there is no video`;
    throw failedError(job, 'As the provider calls it done, it may have been billed', said);
  }
}

/** Takes in a check that failed; throws what ends the wait. */
export function endure(wait: Wait, error: unknown, paths: readonly string[], elapsedMs: number): void {
  const kind = classify(error);
  if (!isTrouble(error) || kind === 'final') throw stoppedError(wait.job, error);
  wait.troubles += 1;
  wait.trouble = error;
  const stray = error instanceof StrayAnswerError ? error : undefined;
  // no answer takes nothing back of what every answer said
  if (error instanceof ConnectionError && wait.standstill?.answer === unclaimedFailure) return;
  if (kind === 'elsewhere') wait.path = paths[(paths.indexOf(wait.path) + 1) % paths.length] ?? wait.path;
  const answer = kind === 'elsewhere' ? kind : stray?.answer;
  // the paths take turns: each has to have been asked
  if (!isStuck(wait, answer, elapsedMs, kind === 'elsewhere' ? paths.length : 1)) return;
  throw stray?.failedJob ? failedError(stray.failedJob, wait.costOfFailure) : stoppedError(wait.job, error);
}

/** Notes an answer that brings the wait no further; whether nothing else has come for too long. */
function isStuck(wait: Wait, answer: string | undefined, elapsedMs: number, leastTimes = 1): boolean {
  if (answer === undefined) {
    wait.standstill = undefined;
    return false;
  }
  const before = wait.standstill?.answer === answer ? wait.standstill : { sinceMs: elapsedMs, times: 0 };
  const times = before.times + 1;
  wait.standstill = { answer, sinceMs: before.sinceMs, times };
  return times >= leastTimes && elapsedMs - before.sinceMs >= patienceMs;
}

type Trouble = ApiError | ConnectionError | UnexpectedResponseError;

function isTrouble(error: unknown): error is Trouble {
  return [ApiError, ConnectionError, UnexpectedResponseError].some((type) => error instanceof type);
}

/** Neither the network's nor the API's doing, such as a missing key: it shows on the first check as what it is. */
export function isMisuse(error: unknown): boolean {
  return !(error instanceof WanError);
}

/** `final`: nobody will ever say more. `elsewhere`: the job may be known at another path. `trouble`: it passes. */
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
  const message = `Cannot give the video "${job.id}": it failed: ${reason.replace(/\.$/, '')}. ${cost}`;
  return new VideoFailedError(message, job, facts);
}

export function timeoutError(
  { job, trouble }: { job: VideoJob; trouble?: WanError | undefined },
  waitedMs: number,
): PollTimeoutError {
  const last = trouble ? `; the last check failed: ${trouble.message}` : '';
  const message = `Cannot give the video "${job.id}": it was still "${job.status}" after ${waitedMs} ms${last}. ${keep}`;
  const options = trouble && { cause: trouble };
  return new PollTimeoutError(message, job, { lastStatus: job.status, waitedMs }, options);
}

function stoppedError(job: VideoJob, cause: unknown): Error {
  if (cause instanceof JobError) return cause;
  const message = `Cannot go on waiting for the video "${job.id}": ${messageOf(cause)}. ${keep}`;
  return new PollStoppedError(message, job, {}, { cause });
}
