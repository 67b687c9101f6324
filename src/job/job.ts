import { expiresAt } from '../expiry.js';
import { isRecord, text } from '../json.js';
import type { Provider, Video, VideoJob } from '../results.js';
import { toState } from './status.js';

/** What is known of a job apart from how it is doing. */
export type Known = Omit<VideoJob, 'state' | 'status' | 'progress' | 'video' | 'error' | 'raw'>;

/** How a job is doing, as a provider's answer tells. */
export interface Report {
  /** The provider's word; `unknown`, or `completed` with a video, where it says none. */
  status: string | undefined;
  url: string | undefined;
  durationSeconds: number | undefined;
  progress?: number | undefined;
  message: string | undefined;
  code: string | undefined;
}

/** The job itself, or what can be known of one from its id. */
export function toJob(jobOrId: VideoJob | string, provider: Provider): VideoJob {
  const job: VideoJob =
    typeof jobOrId === 'string'
      ? { provider, id: jobOrId, state: 'running', status: 'unknown', raw: undefined }
      : jobOrId;
  if (!isRecord(job) || !text(job.id)) {
    throw new TypeError('Cannot ask for a video: it takes a job from generateVideo, or its id as a string.');
  }
  if (job.provider !== provider) {
    throw new TypeError(
      `Cannot ask "${provider}" for the video "${job.id}": it is a job of "${job.provider}".`,
    );
  }
  return job;
}

/** What a later answer does not say again. */
export function carryOver({
  provider,
  id,
  model,
  createdAt,
  clientRequestId,
  inferenceId,
  usage,
}: VideoJob): Known {
  return {
    provider,
    id,
    ...(model && { model }),
    ...(createdAt && { createdAt }),
    ...(clientRequestId && { clientRequestId }),
    ...(inferenceId && { inferenceId }),
    ...(usage && { usage }),
  };
}

/** The job as of an answer whose untouched body is `raw`. */
export function updateJob(known: Known, report: Report, raw: unknown): VideoJob {
  const { url, durationSeconds, progress, message, code } = report;
  const status = report.status ?? (url ? 'completed' : 'unknown');
  const state = toState(status, url !== undefined);
  return {
    ...known,
    state,
    status,
    ...(progress !== undefined && { progress }),
    ...(state === 'done' && url && { video: toVideo(known, url, durationSeconds, raw) }),
    ...(message && { error: { message, ...(code && { code }) } }),
    raw,
  };
}

function toVideo(
  { id, provider, model, usage }: Known,
  url: string,
  durationSeconds: number | undefined,
  raw: unknown,
): Video {
  const expires = expiresAt(url);
  return {
    id,
    provider,
    ...(model && { model }),
    url,
    ...(expires && { expiresAt: expires }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(usage && { usage }),
    raw,
  };
}
