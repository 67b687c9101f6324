import {
  ApiError,
  ConnectionError,
  JobError,
  PollStoppedError,
  PollTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
  type WanError,
} from '../errors.js';
import { isPassing } from '../http/retry.js';
import { messageOf, redact } from '../redact.js';
import type { Video, VideoJob } from '../results.js';

/** How long "not found" and "done, but no video" are put up with. */
const patienceMs = 60_000;

/** What a wait knows between two checks. */
export interface Wait {
  job: VideoJob;
  /** Where to ask next. */
  path: string;
  /** Checks in a row that brought nothing. */
  troubles: number;
  trouble?: WanError | undefined;
  /** Since when, and how often, nothing but "not here" has come back. */
  refused?: { sinceMs: number; times: number } | undefined;
  /** Since when the job has been done without a video. */
  emptySinceMs?: number | undefined;
}

export function startWait(job: VideoJob, paths: readonly [string, ...string[]]): Wait {
  return { job, path: paths.find((path) => path === job.statusPath) ?? paths[0], troubles: 0 };
}

/** The video to end with. A stored link that has expired is no such thing: the next check brings a new one. */
export function finishedVideo(job: VideoJob, polls: number): Video | undefined {
  if (job.state === 'failed') {
    throw failedError(job, job.error?.message ?? `status "${job.status}", without a reason`);
  }
  const { video } = job;
  const expired = polls === 0 && Date.parse(video?.expiresAt ?? '') <= Date.now();
  return expired ? undefined : video;
}

/** Takes in a check that was answered. */
export function accept(wait: Wait, job: VideoJob, elapsedMs: number): void {
  const isEmpty = job.state === 'done' && !job.video;
  const emptySinceMs = isEmpty ? (wait.emptySinceMs ?? elapsedMs) : undefined;
  const fresh = { job, troubles: 0, trouble: undefined, refused: undefined, emptySinceMs };
  Object.assign(wait, fresh satisfies Omit<Required<Wait>, 'path'>);
  if (isOver(emptySinceMs, elapsedMs)) {
    throw failedError(job, `it has been "${job.status}" for ${patienceMs / 1000} s, but there is no video`);
  }
}

/** Takes in a check that failed; throws what ends the wait. */
export function endure(wait: Wait, error: unknown, paths: readonly string[], elapsedMs: number): void {
  const kind = classify(error);
  if (!isTrouble(error) || kind === 'final') throw stoppedError(wait.job, error);
  wait.troubles += 1;
  wait.trouble = error;
  if (kind === 'trouble') {
    wait.refused = undefined;
    wait.emptySinceMs = undefined;
    return;
  }
  const { sinceMs, times } = wait.refused ?? { sinceMs: elapsedMs, times: 0 };
  wait.refused = { sinceMs, times: times + 1 };
  // the paths take turns, so that by then each has been asked
  if (times + 1 >= paths.length && isOver(sinceMs, elapsedMs)) throw stoppedError(wait.job, error);
  wait.path = paths[(paths.indexOf(wait.path) + 1) % paths.length] ?? wait.path;
}

function isOver(sinceMs: number | undefined, elapsedMs: number): boolean {
  return sinceMs !== undefined && elapsedMs - sinceMs >= patienceMs;
}

type Trouble = ApiError | ConnectionError | UnexpectedResponseError;

function isTrouble(error: unknown): error is Trouble {
  return [ApiError, ConnectionError, UnexpectedResponseError].some((type) => error instanceof type);
}

/** Neither the network's nor the API's doing, such as a missing key: it shows on the first check as what it is. */
export function isMisuse(error: unknown): boolean {
  return !isTrouble(error) && !(error instanceof JobError);
}

/** `final`: nobody will ever say more. `elsewhere`: the job may be known at another path. `trouble`: it passes. */
function classify(error: unknown): 'final' | 'elsewhere' | 'trouble' {
  if (!(error instanceof ApiError)) return 'trouble';
  const { status, fromApi } = error;
  if (status === 401 || status === 403) return fromApi ? 'final' : 'trouble';
  return status < 400 || isPassing(status) ? 'trouble' : 'elsewhere';
}

const keep = 'Give error.job to pollUntilDone to go on waiting';

function failedError(job: VideoJob, said: string): VideoFailedError {
  const reason = redact(said);
  const facts = { reason, code: job.error?.code };
  return new VideoFailedError(`Cannot give the video "${job.id}": it failed: ${reason}`, job, facts);
}

export function timeoutError({ job, trouble }: Wait, waitedMs: number): PollTimeoutError {
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
