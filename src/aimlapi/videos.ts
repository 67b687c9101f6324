import { ApiError } from '../errors.js';
import { once } from '../http/once.js';
import { describeProblem } from '../http/problem-words.js';
import type { Request } from '../http/request.js';
import { idIn, inferenceIdOf } from '../http/response.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { unusable } from '../http/unusable.js';
import { createDurations } from '../job/durations.js';
import { type Known, type Report, toJob, toUrlPart, updateJob } from '../job/job.js';
import { markStarted } from '../job/pace.js';
import type { StatusSource } from '../job/poll.js';
import { checkIdentity } from '../job/stray.js';
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
        const { body: fields, raw, headers } = answer;
        const named = idIn(answer, idField);
        const inferenceId = inferenceIdOf(answer, named);
        // the header is the generation id, and it outlives a body that was cut
        const id = named ?? inferenceId;
        if (id === undefined) {
          if (fields === undefined) return undefined;
          throw unusable(doing, 'there is no id in it', answer, request, true);
        }
        const known: Known = {
          provider: 'aimlapi',
          id,
          model,
          createdAt: new Date().toISOString(),
          clientRequestId: request.clientRequestId,
          inferenceId,
          // a job of the legacy path is asked for there first
          statusPath: path === legacyVideoPath ? path : undefined,
        };
        try {
          return updateJob({ ...known, usage: toUsage(fields, headers) }, readReport(fields, request), raw);
        } catch {
          // it is paid for: what cannot be read must not cost the id
          return updateJob(known, {}, raw);
        }
      },
    },
    options,
  );
  return markStarted(job, text(record(body).resolution));
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
    durationsOf: createDurations(typicalMsOf),
    paths,
    check: (job, at, { signal, timeLeftMs, isFresh }) =>
      checkStatus(transport, job, at, once(transport, signal, timeLeftMs), isFresh),
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
  isFresh = false,
): Promise<VideoJob> {
  const doing = `check the video "${job.id}"`;
  return send(
    transport,
    {
      method: 'GET',
      path: statusPath,
      query: `?generation_id=${toUrlPart(job.id)}`,
      doing,
      isFresh,
      read(answer, request) {
        const { body, raw } = answer;
        if (body === undefined) return undefined;
        const report = readReport(body, request);
        if (!report.status && !report.url) {
          throw unusable(doing, 'there is neither a status nor a video in it', answer, request);
        }
        // usage of the body only: the headers of a status check tell what the check cost
        const told = updateJob({ ...job, usage: toUsage(body) ?? job.usage, statusPath }, report, raw);
        return checkIdentity(doing, job, idIn(answer, idField), told, answer, request);
      },
    },
    options,
  );
}

function idField(body: unknown): unknown {
  const { id, generation_id } = record(body);
  return idOf(id) === undefined ? generation_id : id;
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
