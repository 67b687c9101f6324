import { ApiError, RequestTimeoutError } from '../base/errors.js';
import type { RequestOptions } from '../base/options.js';
import { compact, isRecord } from '../base/record.js';
import type { Provider, VideoJob } from '../base/results.js';
import { longestId, shorten } from '../base/shorten.js';
import { type Answer, idIn, inferenceIdOf } from '../http/answer.js';
import type { Config } from '../http/config.js';
import { UnusableAnswer } from '../http/failure.js';
import { lineUp } from '../http/line-up.js';
import { once, type ReadContext } from '../http/request.js';
import { send } from '../http/send.js';
import { createDurations } from './durations.js';
import { type Known, type Report, toJob, toUrlPart, updateJob } from './job.js';
import { markStarted } from './pace.js';
import { checkIdentity } from './stray.js';
import { firstPath, type StatusSource } from './turn.js';

/** A provider of videos, as data and plain readers of its answers. */
export interface VideoApi {
  readonly provider: Provider;
  /** Whether the header `x-inference-id` of a create's answer is the job's id. */
  readonly hasIdHeader: boolean;
  /** Whether a failed job is billed, and where that is known from, as a sentence without a full stop. */
  readonly costOfFailure: string;
  /** One or two places where a job is asked for its status, the better one first. */
  readonly statusPaths: readonly [string, ...string[]];
  /** The request for a job's status; `id` is encoded. */
  statusRequest(statusPath: string, id: string): { path: string; query?: string | undefined };
  readId(body: unknown): unknown;
  /** `headers` are those of a create's answer. */
  readReport(body: unknown, headers?: Answer['headers']): Report;
  /** Milliseconds that a job of the model takes, where the documentation tells. */
  typicalMsOf(model: string | undefined): number | undefined;
}

/** A create of a video that is about to be sent. */
export interface VideoCreate {
  /** The model's id on the wire. */
  readonly model: string;
  readonly path: string;
  readonly body: object;
  /** `body` as it goes out. */
  readonly json: string;
  /** What the create does, for messages: `start the video`. */
  readonly doing: string;
  /** What was asked for that makes jobs of a model quick or slow: jobs alike take about as long as each other. */
  readonly variant?: string | undefined;
}

const maxCreatedBytes = 64 * 2 ** 20;

export async function createVideo(
  config: Config,
  api: VideoApi,
  { model, path, body, json, doing, variant }: VideoCreate,
  options?: RequestOptions,
): Promise<VideoJob> {
  const job = await send(
    config,
    {
      method: 'POST',
      path,
      body: json,
      doing,
      paid: { kind: 'video', model, body },
      // an id behind a long echo of the request must not be lost
      maxBytes: maxCreatedBytes,
      read: (answer, context) => readCreated(api, { model, path }, answer, context),
    },
    options,
  );
  return markStarted(job, variant);
}

function readCreated(
  api: VideoApi,
  { model, path }: Pick<VideoCreate, 'model' | 'path'>,
  answer: Answer,
  context: ReadContext,
): VideoJob | undefined {
  const named = idIn(answer, api.readId);
  const inferenceId = api.hasIdHeader ? inferenceIdOf(answer, named) : undefined;
  // where the body was cut, the header still has the id
  const id = named ?? inferenceId;
  if (id === undefined) {
    if (answer.body === undefined) return undefined;
    const { message } = cleanReport(api.readReport(answer.body), context);
    throw new UnusableAnswer(`there is no id in it${message ? ` ("${message}")` : ''}`);
  }
  const known: Known = compact({
    provider: api.provider,
    id,
    model,
    clientRequestId: context.clientRequestId,
    inferenceId,
    // a model with a create path of its own is first asked for its status there
    statusPath: path === api.statusPaths[0] ? undefined : api.statusPaths.find((each) => each === path),
  });
  const createdAt = new Date().toISOString();
  try {
    const report = cleanReport(api.readReport(answer.body, answer.headers), context);
    return updateJob({ ...known, createdAt: report.createdAt ?? createdAt }, report, answer.raw);
  } catch {
    // the video is paid for: where the rest of the answer is unreadable, the id is enough
    return updateJob({ ...known, createdAt }, {}, answer.raw);
  }
}

/** Asks for the status once; where a path does not know the job, the other path is asked. */
export async function getVideo(
  config: Config,
  api: VideoApi,
  jobOrId: VideoJob | string,
  options?: RequestOptions,
): Promise<VideoJob> {
  const job = toJob(jobOrId, api.provider);
  let refusal: unknown;
  for (const path of new Set([firstPath(api.statusPaths, job), ...api.statusPaths])) {
    try {
      return await checkStatus(config, api, job, path, options);
    } catch (error) {
      if (!(error instanceof ApiError && [400, 404, 405].includes(error.status))) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** How a wait asks for the status: one request a turn. */
export function statusSource(config: Config, api: VideoApi): StatusSource {
  return {
    provider: api.provider,
    durationsOf: createDurations(api.typicalMsOf),
    costOfFailure: api.costOfFailure,
    paths: api.statusPaths,
    check: (job, path, within) => checkInLine(config, api, job, path, within),
  };
}

/** A check of a wait: it waits in line until a connection is free, and is sent within the time that is left. */
async function checkInLine(
  config: Config,
  api: VideoApi,
  job: VideoJob,
  path: string,
  {
    signal,
    timeLeftMs,
    isFresh,
    timeoutMs = config.timeoutMs,
    headers,
  }: Parameters<StatusSource['check']>[2],
): Promise<VideoJob> {
  const startedAt = performance.now();
  const leave = await lineUp('check', config.fetch, config.baseUrl, signal, timeLeftMs, () => {
    const message = `Cannot check the video "${shorten(job.id, longestId)}": no connection was free for ${timeLeftMs} ms`;
    return new RequestTimeoutError(message, { method: 'GET', url: `${config.baseUrl}${path}`, attempts: 0 });
  });
  try {
    const leftMs = timeLeftMs - (performance.now() - startedAt);
    const attempt = once({ timeoutMs }, signal, Math.max(leftMs, 1));
    return await checkStatus(config, api, job, path, { ...attempt, headers }, isFresh);
  } finally {
    leave?.();
  }
}

/** Asks for a new link to a video of this provider; `undefined` where the media is no such video. */
export async function refreshLink(
  config: Config,
  api: VideoApi,
  media: unknown,
  options: RequestOptions,
): Promise<string | undefined> {
  if (!isRecord(media) || media.provider !== api.provider || typeof media.id !== 'string') return undefined;
  return (await getVideo(config, api, media.id, options)).video?.url;
}

function checkStatus(
  config: Config,
  api: VideoApi,
  job: VideoJob,
  statusPath: string,
  options?: RequestOptions,
  isFresh = false,
): Promise<VideoJob> {
  const doing = `check the video "${shorten(job.id, longestId)}"`;
  const { path, query } = api.statusRequest(statusPath, toUrlPart(job.id));
  return send(
    config,
    {
      method: 'GET',
      path,
      query,
      doing,
      isFresh,
      read(answer, context) {
        if (answer.body === undefined) return undefined;
        const report = cleanReport(api.readReport(answer.body), context);
        if (!report.status && !report.url) {
          throw new UnusableAnswer('there is neither a status nor a video in it');
        }
        const told = updateJob(job, report, answer.raw, statusPath);
        const checked = checkIdentity(job, idIn(answer, api.readId), told);
        config.seeJob?.(checked);
        return checked;
      },
    },
    options,
  );
}

/** The report without secrets: a provider may repeat the key in its messages. */
function cleanReport(report: Report, { clean }: ReadContext): Report {
  const { status, message, code, url } = report;
  return {
    ...report,
    url: url?.trim() ? url : undefined,
    status: clean(status),
    message: clean(message),
    code: clean(code),
  };
}
