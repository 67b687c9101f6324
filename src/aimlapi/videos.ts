import { ApiError, UnexpectedResponseError } from '../errors.js';
import { describeProblem } from '../http/problem-words.js';
import { defaultTimeoutMs, type Request } from '../http/request.js';
import type { Answer } from '../http/response.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { type Report, toJob, updateJob } from '../job/job.js';
import { markFresh, type StatusSource } from '../job/poll.js';
import { idOf, number, record, text } from '../json.js';
import type { Media } from '../media/source.js';
import type { RequestOptions } from '../options.js';
import { clean } from '../redact.js';
import type { VideoJob } from '../results.js';
import { checkInput, type VideoInput } from './models/index.js';
import { toUsage } from './usage.js';

const path = '/v2/video/generations';
/** The page of each Wan video model still prints this one; some jobs are known only there. */
const legacyPath = '/v2/generate/video/alibaba/generation';

export async function generateVideo(
  transport: Transport,
  input: VideoInput,
  options?: RequestOptions,
): Promise<VideoJob> {
  const { model, body } = checkInput('video', input);
  const job = await send(
    transport,
    {
      method: 'POST',
      path,
      body,
      doing: `start the video with ${model}`,
      paidModel: model,
      read: (answer, request) => toCreatedJob(answer, request, model),
    },
    options,
  );
  return markFresh(job);
}

export async function getVideo(
  transport: Transport,
  jobOrId: VideoJob | string,
  options?: RequestOptions,
): Promise<VideoJob> {
  const job = toJob(jobOrId, 'aimlapi');
  const first = job.statusPath === legacyPath ? legacyPath : path;
  try {
    return await checkStatus(transport, job, first, options);
  } catch (error) {
    if (!isElsewhere(error)) throw error;
    const other = first === path ? legacyPath : path;
    return await checkStatus(transport, job, other, options).catch((otherError) => {
      throw isElsewhere(otherError) ? error : otherError;
    });
  }
}

function isElsewhere(error: unknown): boolean {
  return error instanceof ApiError && [400, 404, 405].includes(error.status);
}

/** What a wait asks, one request a turn. */
export function statusSource(transport: Transport): StatusSource {
  return {
    paths: [path, legacyPath],
    check: (job, at, { signal, timeLeftMs }) =>
      checkStatus(transport, job, at, {
        signal,
        timeoutMs: Math.min(transport.timeoutMs ?? defaultTimeoutMs, timeLeftMs),
        maxRetries: 0,
      }),
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
  at: string,
  options?: RequestOptions,
): Promise<VideoJob> {
  return send(
    transport,
    {
      method: 'GET',
      path: at,
      query: { generation_id: job.id },
      doing: `check the video "${job.id}"`,
      read: (answer, request) => toCheckedJob(answer, request, job, at),
    },
    options,
  );
}

function toCreatedJob(answer: Answer, request: Request, model: string): VideoJob | undefined {
  const { body, headers, status } = answer;
  const { clientRequestId } = request;
  const inferenceId = headers.get('x-inference-id') || undefined;
  const fields = record(body);
  // the header is the generation id, and it outlives a body that was cut
  const id = idOf(fields.id) ?? idOf(fields.generation_id) ?? inferenceId;
  if (id === undefined) {
    if (body === undefined) return undefined;
    const issue = 'there is no id in it';
    throw new UnexpectedResponseError(
      `Cannot follow the video of ${model}: the API answered ${status}, but ${issue}. ` +
        'It may have been paid for: the whole answer is in the body of this error',
      { status, url: request.printableUrl, issues: [issue], clientRequestId },
      body,
    );
  }
  const usage = toUsage(body, headers);
  const known = {
    provider: 'aimlapi',
    id,
    model,
    createdAt: new Date().toISOString(),
    clientRequestId,
    ...(inferenceId && { inferenceId }),
    ...(usage && { usage }),
  } as const;
  return updateJob(known, readReport(body, request), body);
}

function toCheckedJob(answer: Answer, request: Request, before: VideoJob, at: string): VideoJob | undefined {
  const { body, status } = answer;
  if (body === undefined) return undefined;
  if (!text(record(body).status) && !urlOf(body)) {
    const issue = 'there is neither a status nor a video in it';
    const message = `Cannot check the video "${before.id}": the API answered ${status}, but ${issue}`;
    throw new UnexpectedResponseError(message, { status, url: request.printableUrl, issues: [issue] }, body);
  }
  // usage of the body only: the headers of a status check tell what the check cost
  const usage = toUsage(body);
  const known = { ...before, usage: usage ?? before.usage, statusPath: at };
  return updateJob(known, readReport(body, request), body);
}

function readReport(body: unknown, { secrets }: Request): Report {
  const { status, error, video, duration } = record(body);
  return {
    status: clean(text(status), secrets),
    url: urlOf(body),
    durationSeconds: number(record(video).duration) ?? number(duration),
    message: clean(describeProblem(error), secrets),
    code: clean(codeOf(error), secrets),
  };
}

function urlOf(body: unknown): string | undefined {
  return text(record(record(body).video).url);
}

function codeOf(error: unknown): string | undefined {
  const { code, name, data } = record(error);
  return text(record(data).kind) ?? text(code) ?? text(name);
}
