import { JobError } from '../base/errors.js';
import { expiresAt } from '../base/expiry.js';
import { text } from '../base/json.js';
import { compact, isRecord } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { JobState, Provider, Usage, VideoJob } from '../base/results.js';
import { toInvalidInputError } from '../input/explain.js';
import { explainNoJob } from './no-job.js';
import { toState } from './status.js';

/** The facts of a job that do not change while it runs. */
export type Known = Pick<
  VideoJob,
  'provider' | 'id' | 'model' | 'createdAt' | 'clientRequestId' | 'inferenceId' | 'statusPath' | 'usage'
>;

/** What a provider's answer tells of a job. */
export interface Report {
  /** The provider's word. Where it is missing, the job is `unknown`, or `completed` if there is a video. */
  status?: string | undefined;
  url?: string | undefined;
  durationSeconds?: number | undefined;
  progress?: number | undefined;
  message?: string | undefined;
  code?: string | undefined;
  usage?: Usage | undefined;
  /** ISO time of the create, where the provider tells it. */
  createdAt?: string | undefined;
  /** A second id of the job, where the provider has one. */
  inferenceId?: string | undefined;
}

/** The job that was passed, that of an error, or one made from an id. */
export function toJob(given: VideoJob | string, provider: Provider): VideoJob {
  const job: VideoJob =
    typeof given === 'string'
      ? { provider, id: given, state: 'running', status: 'unknown', raw: undefined }
      : given instanceof JobError
        ? given.job
        : given;
  if (!isRecord(job) || !text(job.id) || job.provider === undefined) {
    throw new TypeError(`Cannot ask for a video: ${explainNoJob(given)}.`);
  }
  if (job.provider !== provider) {
    throw new TypeError(
      `Cannot ask "${provider}" for the video "${printable(job.id)}": it is a job of "${printable(job.provider)}".`,
    );
  }
  return job;
}

/** The job without the bodies of answers: an engine stores it after each step. */
export function withoutRaw({ raw: _body, ...job }: VideoJob): VideoJob {
  if (!job.video) return job;
  const { raw: _sameBody, ...video } = job.video;
  return { ...job, video };
}

/** The id as a part of a URL. */
export function toUrlPart(id: string): string {
  try {
    return encodeURIComponent(id);
  } catch {
    const message = 'holds half of a character (a lone surrogate), which no URL can carry';
    throw toInvalidInputError('check the video', undefined, [
      { path: 'id', message, received: printable(id) },
    ]);
  }
}

/**
 * The job as an answer reports it. What the answer leaves out stays as it is known; `raw` is the untouched body, and
 * `statusPath` the path that answered.
 */
export function updateJob(
  known: Known,
  report: Report,
  raw: unknown,
  statusPath = known.statusPath,
): VideoJob {
  const { id, provider, model } = known;
  const inferenceId = report.inferenceId ?? known.inferenceId;
  const { url, durationSeconds, message, code } = report;
  const progress = isShare(report.progress) ? report.progress : undefined;
  const status = report.status ?? (url ? 'completed' : 'unknown');
  const state = toState(status, url !== undefined);
  const usage = chooseUsage(state, report.usage, known.usage);
  const video =
    state === 'done' && url
      ? { ...compact({ id, provider, model, url, expiresAt: expiresAt(url), durationSeconds, usage }), raw }
      : undefined;
  const error = message ? compact({ message, code }) : undefined;
  // no loop over the fields: V8 would make a new shape for each job, which takes longer than all the rest of a check
  const job: VideoJob = { ...known, state, status, raw };
  if (statusPath !== undefined) job.statusPath = statusPath;
  if (inferenceId !== undefined) job.inferenceId = inferenceId;
  // what an earlier answer told and this one does not is taken away
  if (usage) job.usage = usage;
  else if ('usage' in job) delete job.usage;
  if (progress !== undefined) job.progress = progress;
  else if ('progress' in job) delete job.progress;
  if (video) job.video = video;
  else if ('video' in job) delete job.video;
  if (error) job.error = error;
  else if ('error' in job) delete job.error;
  return job;
}

/** The cost by the latest answer that tells one. What a create held for a job that then failed is given back. */
function chooseUsage(state: JobState, told: Usage | undefined, known: Usage | undefined): Usage | undefined {
  if (state === 'failed') return told;
  return told && (told.usdSpent > 0 || !known) ? told : known;
}

function isShare(value: number | undefined): boolean {
  return value !== undefined && value >= 0 && value <= 1;
}
