import { ApiError } from '../errors.js';
import { once } from '../http/once.js';
import { describeProblem } from '../http/problem-words.js';
import type { Request } from '../http/request.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { unusable } from '../http/unusable.js';
import { type Known, type Report, toJob, updateJob } from '../job/job.js';
import { createPace } from '../job/pace.js';
import { markFresh } from '../job/pacing.js';
import type { StatusSource } from '../job/poll.js';
import { idOf, number, record, text } from '../json.js';
import type { Media } from '../media/source.js';
import type { RequestOptions } from '../options.js';
import { clean } from '../redact.js';
import type { VideoJob } from '../results.js';
import { type Create, legacyVideoPath, typicalMsOf, videoPath } from './models/index.js';
import { codeOf } from './problem.js';
import { toUsage } from './usage.js';

/** Where a job may be asked for its status. */
const paths = [videoPath, legacyVideoPath] as const;

export async function createVideo(
  transport: Transport,
  { model, path, body, doing }: Create,
  options?: RequestOptions,
): Promise<VideoJob> {
  const job = await send(
    transport,
    {
      method: 'POST',
      path,
      body,
      doing,
      paidModel: model,
      read(answer, request) {
        const { body: raw, headers } = answer;
        const { id, generation_id } = record(raw);
        const inferenceId = text(headers.get('x-inference-id'));
        // the header is the generation id, and it outlives a body that was cut
        const found = idOf(id) ?? idOf(generation_id) ?? inferenceId;
        if (found === undefined) {
          if (raw === undefined) return undefined;
          throw unusable(doing, 'there is no id in it', answer, request, true);
        }
        const known: Known = {
          provider: 'aimlapi',
          id: found,
          model,
          createdAt: new Date().toISOString(),
          clientRequestId: request.clientRequestId,
          inferenceId,
          usage: toUsage(raw, headers),
          // a job of the legacy path is asked for there first
          statusPath: path === legacyVideoPath ? path : undefined,
        };
        return updateJob(known, readReport(raw, request), raw);
      },
    },
    options,
  );
  return markFresh(job, text(record(body).resolution));
}

export async function getVideo(
  transport: Transport,
  jobOrId: VideoJob | string,
  options?: RequestOptions,
): Promise<VideoJob> {
  const job = toJob(jobOrId, 'aimlapi');
  const [usual, legacy] = paths;
  const [first, second] = job.statusPath === legacy ? [legacy, usual] : paths;
  return checkStatus(transport, job, first, options).catch((error) => {
    if (!isElsewhere(error)) throw error;
    return checkStatus(transport, job, second, options).catch((otherError) => {
      throw isElsewhere(otherError) ? error : otherError;
    });
  });
}

function isElsewhere(error: unknown): boolean {
  return error instanceof ApiError && [400, 404, 405].includes(error.status);
}

/** What a wait asks, one request a turn. */
export function statusSource(transport: Transport): StatusSource {
  return {
    pace: createPace(typicalMsOf),
    paths,
    check: (job, at, { signal, timeLeftMs }) =>
      checkStatus(transport, job, at, once(transport, signal, timeLeftMs)),
  };
}

/** A new link to a video of ours, in place of one that has expired. */
export async function refreshLink(
  transport: Transport,
  media: Media,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { id, provider } = record(media);
  if (provider !== 'aimlapi' || typeof id !== 'string') return undefined;
  const job = await getVideo(transport, id, { signal });
  return job.video?.url;
}

function checkStatus(
  transport: Transport,
  job: VideoJob,
  statusPath: string,
  options?: RequestOptions,
): Promise<VideoJob> {
  const doing = `check the video "${job.id}"`;
  return send(
    transport,
    {
      method: 'GET',
      path: statusPath,
      query: `?generation_id=${encodeURIComponent(job.id)}`,
      doing,
      read(answer, request) {
        const { body } = answer;
        if (body === undefined) return undefined;
        const report = readReport(body, request);
        if (!report.status && !report.url) {
          throw unusable(doing, 'there is neither a status nor a video in it', answer, request);
        }
        // usage of the body only: the headers of a status check tell what the check cost
        return updateJob({ ...job, usage: toUsage(body) ?? job.usage, statusPath }, report, body);
      },
    },
    options,
  );
}

function readReport(body: unknown, { secrets }: Request): Report {
  const { status, error, video, duration } = record(body);
  const { url, duration: videoDuration } = record(video);
  return {
    status: clean(text(status), secrets),
    url: text(url),
    durationSeconds: number(videoDuration) ?? number(duration),
    message: clean(describeProblem(error), secrets),
    code: clean(codeOf(error), secrets),
  };
}
