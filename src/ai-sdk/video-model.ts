import type { Wan } from '../aimlapi/wan.js';
import { JobError } from '../base/errors.js';
import type { RequestOptions } from '../base/options.js';
import type { VideoJob } from '../base/results.js';
import { longestId, shorten } from '../base/shorten.js';
import { messageOf } from '../base/thrown.js';
import type { WatchOptions } from '../job/watch.js';
import { inputTypeOf } from '../media/first-bytes.js';
import { payOnce, toCheckOptions, toCreateOptions } from './call.js';
import { type Draft, readOwn, refuse, toTarget, warn } from './draft.js';
import { toIds, toReceipt, toResponse } from './metadata.js';
import type { AimlapiVideoModel, CallSettings, JsonObject, VideoCallOptions, VideoStatus } from './spec.js';
import { draftVideo } from './video-input.js';

/** The client judges the fields, so that here any object will do. */
interface Videos extends Pick<Wan, 'checkVideo' | 'download' | 'generateVideoUnchecked' | 'pollUntilDone'> {
  generateVideo(input: object, options: RequestOptions): Promise<VideoJob>;
}

/** A plain object: `ai` 7 reaches it through a Proxy, which private members of a class do not survive. */
export function createVideoModel(client: () => Videos, modelId: string): AimlapiVideoModel {
  const target = toTarget('video', modelId);

  async function start(draft: Draft, own: object, options: VideoCallOptions): Promise<VideoJob> {
    const input = { ...draft.fields, ...own, model: modelId };
    return target.isKnown
      ? client().generateVideo(input, toCreateOptions(options))
      : client().generateVideoUnchecked(input, toCreateOptions(options));
  }

  return {
    specificationVersion: 'v3',
    provider: 'aimlapi.video',
    modelId,
    maxVideosPerCall: 1,
    async doGenerate(options) {
      const draft = await draftVideo(target, options);
      const { own, ...wait } = readPoll(draft, options);
      return payOnce(
        options.abortSignal,
        () => start(draft, own, options),
        async (started) => {
          const waiting = { ...wait, signal: options.abortSignal };
          const { data, job } = await waitAndFetch(client(), started, waiting);
          const mediaType = inputTypeOf(data) ?? defaultType;
          return {
            videos: [{ type: 'binary', data, mediaType }],
            warnings: draft.warnings,
            providerMetadata: { aimlapi: { videos: [toReceipt(job)] } },
            response: toResponse(modelId, job),
          };
        },
      );
    },
    async doStart(options) {
      const draft = await draftVideo(target, options);
      const { own, intervalMs, maxWaitMs } = readPoll(draft, options);
      if (intervalMs ?? maxWaitMs) warn(draft, 'pollIntervalMs', 'Who asks for the status waits: see poll.');
      if (options.webhookUrl) warn(draft, 'webhook', 'The API calls nobody back: ask for the status.');
      return payOnce(
        options.abortSignal,
        () => start(draft, own, options),
        async (job) => ({
          operation: toOperation(job),
          warnings: draft.warnings,
          providerMetadata: { aimlapi: { job: toIds(job) } },
          response: toResponse(modelId, job),
        }),
      );
    },
    doStatus: ({ operation, ...settings }) => checkStatus(client(), modelId, operation, settings),
  };
}

/** Takes what providers of the AI SDK call `pollIntervalMs` and `pollTimeoutMs` out of the fields. */
function readPoll(draft: Draft, options: VideoCallOptions) {
  const { pollIntervalMs, pollTimeoutMs, ...own } = readOwn(draft, options);
  const toMs = (name: string, value: unknown): number | undefined => {
    if (value === undefined || (typeof value === 'number' && value > 0)) return value;
    throw refuse(draft, `.${name}`, 'takes milliseconds above 0', value);
  };
  return {
    own,
    intervalMs: toMs('pollIntervalMs', pollIntervalMs),
    maxWaitMs: toMs('pollTimeoutMs', pollTimeoutMs),
  };
}

const defaultType = 'video/mp4';

/** Fetches the file here, and not in `ai`, whose one try would lose a video that is paid for. */
async function waitAndFetch(
  wan: Videos,
  job: VideoJob,
  options: WatchOptions,
): Promise<{ data: Uint8Array; job: VideoJob }> {
  const { signal } = options;
  let latest = job;
  const onUpdate = (update: { job: VideoJob }) => {
    latest = update.job;
  };
  const video = await wan.pollUntilDone(job, { ...options, onUpdate });
  try {
    return { data: await wan.download(video, { signal }), job: latest };
  } catch (error) {
    signal?.throwIfAborted();
    const id = shorten(job.id, longestId);
    const message = `Cannot fetch the video "${id}", which is done and paid for (error.job has its link): ${messageOf(error)}`;
    throw new JobError(message, latest, {}, { cause: error });
  }
}

/** The job as plain JSON; the answer to its create may be long, and the wait does not need it. */
function toOperation({ raw: _, ...job }: VideoJob): JsonObject {
  return JSON.parse(JSON.stringify(job));
}

/** One status check. Trouble is `pending`, because `ai` gives a paid job up at the first error. */
async function checkStatus(
  wan: Videos,
  modelId: string,
  operation: unknown,
  settings: CallSettings,
): Promise<VideoStatus> {
  const { signal, headers } = toCheckOptions(settings);
  const started: VideoJob | string = JSON.parse(JSON.stringify(operation) ?? 'null');
  let check = await wan.checkVideo(started, { signal, headers });
  // the next check begins with the same operation, so that the other status path must be asked in this one
  if (check.trouble && typeof started === 'object' && check.job.statusPath !== started.statusPath) {
    check = await wan.checkVideo(check.job, { signal, headers });
  }
  const { job, video, trouble, nextMs } = check;
  const facts: JsonObject = { status: job.status, nextMs, trouble: trouble?.message ?? null };
  const response = toResponse(modelId, job);
  if (job.state === 'failed') {
    const error = await wan.pollUntilDone(job, { signal }).then(() => undefined, messageOf);
    return { status: 'error', error: error ?? job.status, providerMetadata: { aimlapi: facts }, response };
  }
  if (!video) return { status: 'pending', providerMetadata: { aimlapi: facts }, response };
  return {
    status: 'completed',
    videos: [{ type: 'url', url: video.url, mediaType: defaultType }],
    warnings: [],
    providerMetadata: { aimlapi: { ...facts, videos: [toReceipt(job)] } },
    response,
  };
}
