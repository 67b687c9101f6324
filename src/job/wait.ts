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
import { redact } from '../redact.js';
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
  /** Since when nothing but "not here" has come back, and from where. */
  refused?: { sinceMs: number; paths: Set<string> } | undefined;
  /** Since when the job has been done without a video. */
  emptySinceMs?: number | undefined;
}

export function startWait(job: VideoJob, paths: readonly [string, ...string[]]): Wait {
  return { job, path: paths.find((path) => path === job.statusPath) ?? paths[0], troubles: 0 };
}

/** The video to end with. A stored link that has expired is no such thing: the next check brings a new one. */
export function finishedVideo(job: VideoJob, polls: number): Video | undefined {
  if (job.state === 'failed')
    throw failedError(job, job.error?.message ?? `status "${job.status}", without a reason`);
  const { video } = job;
  const expired = polls === 0 && video?.expiresAt !== undefined && Date.parse(video.expiresAt) <= Date.now();
  return expired ? undefined : video;
}

/** Takes in a check that was answered. */
export function accept(wait: Wait, job: VideoJob, elapsedMs: number): void {
  wait.job = job;
  wait.troubles = 0;
  wait.trouble = undefined;
  wait.refused = undefined;
  if (job.state !== 'done' || job.video) {
    wait.emptySinceMs = undefined;
    return;
  }
  wait.emptySinceMs ??= elapsedMs;
  if (elapsedMs - wait.emptySinceMs >= patienceMs) {
    throw failedError(
      job,
      `the status has been "${job.status}" for ${patienceMs / 1000} s, but there is no video in it`,
    );
  }
}

/** Takes in a check that failed; throws what ends the wait. */
export function endure(wait: Wait, error: unknown, paths: readonly string[], elapsedMs: number): void {
  const kind = classify(error);
  if (kind === 'final' || !isTrouble(error)) throw stoppedError(wait.job, error);
  wait.troubles += 1;
  wait.trouble = error;
  if (kind === 'trouble') {
    wait.refused = undefined;
    wait.emptySinceMs = undefined;
    return;
  }
  wait.refused ??= { sinceMs: elapsedMs, paths: new Set() };
  wait.refused.paths.add(wait.path);
  const everywhere = paths.every((path) => wait.refused?.paths.has(path));
  if (everywhere && elapsedMs - wait.refused.sinceMs >= patienceMs) throw stoppedError(wait.job, error);
  wait.path = paths[(paths.indexOf(wait.path) + 1) % paths.length] ?? wait.path;
}

type Trouble = ApiError | ConnectionError | UnexpectedResponseError;

function isTrouble(error: unknown): error is Trouble {
  return (
    error instanceof ApiError || error instanceof ConnectionError || error instanceof UnexpectedResponseError
  );
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
  const passing = status < 400 || status >= 500 || status === 408 || status === 425 || status === 429;
  return passing ? 'trouble' : 'elsewhere';
}

const keep = 'The job is in this error: give error.job to pollUntilDone to go on waiting';

function failedError(job: VideoJob, said: string): VideoFailedError {
  const reason = redact(said);
  const message = `Cannot give the video "${job.id}": it ended without one: ${reason}`;
  return new VideoFailedError(message, job, { reason, code: job.error?.code });
}

export function timeoutError({ job, trouble }: Wait, waitedMs: number): PollTimeoutError {
  const last = trouble ? `; the last check failed: ${trouble.message}` : '';
  const message = `Cannot give the video "${job.id}": it was still "${job.status}" after ${waitedMs} ms${last}. ${keep}`;
  return new PollTimeoutError(
    message,
    job,
    { lastStatus: job.status, waitedMs },
    trouble && { cause: trouble },
  );
}

function stoppedError(job: VideoJob, cause: unknown): Error {
  if (cause instanceof JobError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PollStoppedError(
    `Cannot go on waiting for the video "${job.id}": ${why}. ${keep}`,
    job,
    {},
    { cause },
  );
}
