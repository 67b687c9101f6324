import { isRecord, text } from '../json.js';
import type { Provider, VideoJob } from '../results.js';

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
