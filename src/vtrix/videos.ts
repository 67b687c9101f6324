import { UnexpectedResponseError } from '../errors.js';
import { once } from '../http/once.js';
import { describeProblem } from '../http/problem-words.js';
import type { Request } from '../http/request.js';
import { type Answer, idIn } from '../http/response.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { unusable } from '../http/unusable.js';
import { createDurations } from '../job/durations.js';
import { type Known, toJob, toUrlPart, updateJob } from '../job/job.js';
import { markStarted } from '../job/pace.js';
import type { StatusSource } from '../job/poll.js';
import { checkIdentity } from '../job/stray.js';
import { isRecord, number, record, text } from '../json.js';
import type { RequestOptions } from '../options.js';
import { clean, printable } from '../redact.js';
import type { Usage, VideoJob } from '../results.js';
import { check, toInvalidInputError } from '../schema.js';
import { type Wan22T2vPlusVtrixInput, wan22T2vPlusVtrix } from './models/wan22_t2v_plus.js';
import { codeOf } from './problem.js';

/** What Vtrix's `generateVideo` takes, in the words of its page. */
export type VtrixVideoInput = Wan22T2vPlusVtrixInput;

/** How the input lies in the body: in an array under `params`, or flat beside the model. */
export type BodyStyle = 'params' | 'flat';

const path = '/model/v1/generation';
const statusPath = '/model/v1/generation/task';

let schema: ReturnType<typeof wan22T2vPlusVtrix> | undefined;

export async function generateVideo(
  transport: Transport,
  bodyStyle: BodyStyle,
  given: VtrixVideoInput,
  options?: RequestOptions,
): Promise<VideoJob> {
  const { model, input, parameters } = checkInput(given);
  const params = { input, ...(parameters && { parameters }) };
  const job = await send(
    transport,
    {
      method: 'POST',
      path,
      body: bodyStyle === 'flat' ? { model, ...params } : { model, input: [{ params }] },
      doing: `start the video with ${model}`,
      paidModel: model,
      read: (answer, request) => toCreatedJob(answer, request, model),
    },
    options,
  );
  return markStarted(job, parameters?.size);
}

function checkInput(given: unknown): VtrixVideoInput {
  const doing = 'start the video';
  if (!isRecord(given)) {
    const message = 'takes an object such as { model, input: { prompt } }';
    throw toInvalidInputError(doing, undefined, [{ path: '', message, received: printable(given) }]);
  }
  schema ??= wan22T2vPlusVtrix();
  const result = check(schema, given);
  if ('issues' in result) throw toInvalidInputError(doing, text(given.model), result.issues);
  return result.value;
}

export function getVideo(
  transport: Transport,
  jobOrId: VideoJob | string,
  options?: RequestOptions,
  isFresh = false,
): Promise<VideoJob> {
  const job = toJob(jobOrId, 'vtrix');
  const doing = `check the video "${job.id}"`;
  return send(
    transport,
    {
      method: 'GET',
      path: `${statusPath}/${toUrlPart(job.id)}`,
      doing,
      isFresh,
      read: (answer, request) => toCheckedJob(doing, answer, request, job),
    },
    options,
  );
}

/** What a wait asks, one request a turn. */
export function statusSource(transport: Transport): StatusSource {
  return {
    durationsOf: createDurations(() => undefined),
    paths: [statusPath],
    check: (job, _, { signal, timeLeftMs, isFresh }) =>
      getVideo(transport, job, once(transport, signal, timeLeftMs), isFresh),
  };
}

/** An answer comes bare, or as the `data` of one. */
function unwrap(body: unknown): Record<string, unknown> {
  const outer = record(body);
  return isRecord(outer.data) ? outer.data : outer;
}

function toCreatedJob(answer: Answer, request: Request, model: string): VideoJob | undefined {
  const { body, raw, status } = answer;
  if (body === undefined) return undefined;
  const fields = unwrap(body);
  const id = idIn(answer, idField);
  const { clientRequestId } = request;
  if (id === undefined) {
    const said = describeProblem(fields.error ?? record(record(body).status).message);
    const issue = `there is no id in it${said ? ` ("${said}")` : ''}`;
    throw new UnexpectedResponseError(
      `Cannot follow the video of ${model}: Vtrix answered ${status}, but ${issue}. ` +
        'It may have been paid for: the whole answer is in the body of this error',
      { status, url: request.printableUrl, issues: [issue], clientRequestId },
      raw,
    );
  }
  const createdAt = toIsoTime(fields.created_at);
  const known: Known = { provider: 'vtrix', id, model, createdAt, clientRequestId };
  try {
    return toUpdatedJob(known, answer, request);
  } catch {
    // it is paid for: what cannot be read must not cost the id
    return updateJob(known, {}, raw);
  }
}

function toCheckedJob(
  doing: string,
  answer: Answer,
  request: Request,
  before: VideoJob,
): VideoJob | undefined {
  if (answer.body === undefined) return undefined;
  const fields = unwrap(answer.body);
  if (!text(fields.status) && !findVideo(fields)) {
    throw unusable(doing, 'there is neither a status nor a video in it', answer, request);
  }
  const told = toUpdatedJob(before, answer, request);
  return checkIdentity(doing, before, idIn(answer, idField), told, answer, request);
}

function idField(body: unknown): unknown {
  return unwrap(body).id;
}

function toUpdatedJob(known: Known, { body, raw }: Answer, { secrets }: Request): VideoJob {
  const fields = unwrap(body);
  const found = findVideo(fields);
  const error = fields.error ?? fields.error_message;
  const inferenceId = text(found?.jobId) ?? known.inferenceId;
  const usage = toUsage(fields.usage) ?? known.usage;
  const report = {
    status: clean(text(fields.status), secrets),
    url: text(found?.url),
    durationSeconds: number(found?.duration),
    progress: number(fields.progress),
    message: clean(describeProblem(error), secrets),
    code: clean(codeOf(error), secrets),
  };
  return updateJob({ ...known, inferenceId, usage }, report, raw);
}

/** The first video with a URL among all contents of all outputs. */
function findVideo({ output }: Record<string, unknown>): Record<string, unknown> | undefined {
  const contents = [output].flat().flatMap((part) => record(part).content);
  return contents.map(record).find(({ type, url }) => type === 'video' && text(url) !== undefined);
}

function toUsage(usage: unknown): Usage | undefined {
  const usdSpent = number(record(usage).cost);
  const discount = number(record(usage).discount);
  return usdSpent === undefined ? undefined : { usdSpent, ...(discount !== undefined && { discount }) };
}

/** Milliseconds since 1970; this machine's time where there are none. */
function toIsoTime(createdAt: unknown): string {
  const value = number(createdAt) ?? 0;
  const ms = value < 1e11 ? value * 1000 : value;
  return new Date(ms > 0 && ms < 8.64e15 ? ms : Date.now()).toISOString();
}
