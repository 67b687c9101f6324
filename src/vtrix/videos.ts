import { describeProblem, isoTime, number, text } from '../base/json.js';
import { isRecord, record } from '../base/record.js';
import type { Usage } from '../base/results.js';
import { check } from '../input/check.js';
import { toInvalidInputError } from '../input/explain.js';
import type { VideoApi, VideoCreate } from '../job/calls.js';
import { type Wan22T2vPlusVtrixInput, wan22T2vPlusVtrix } from './models/wan22_t2v_plus.js';
import { codeOf } from './problem.js';

/** What Vtrix's `generateVideo` takes, in the words of its page. */
export type VtrixVideoInput = Wan22T2vPlusVtrixInput;

/** How the input lies in the body: in an array under `params`, or flat beside the model. */
export type BodyStyle = 'params' | 'flat';

const path = '/model/v1/generation';
const statusPath = '/model/v1/generation/task';

let schema: ReturnType<typeof wan22T2vPlusVtrix> | undefined;

/** What to send for an input; throws an `InvalidInputError` where that breaks a rule. */
export function toCreate(given: unknown, bodyStyle: BodyStyle): VideoCreate {
  const { model, input, parameters } = checkInput(given);
  const params = { input, ...(parameters && { parameters }) };
  const body = bodyStyle === 'flat' ? { model, ...params } : { model, input: [{ params }] };
  return {
    model,
    path,
    body,
    json: JSON.stringify(body),
    doing: `start the video with ${model}`,
    // every video lasts 5 s: only the size makes a difference
    variant: parameters?.size,
  };
}

function checkInput(given: unknown): VtrixVideoInput {
  schema ??= wan22T2vPlusVtrix();
  const result = check(schema, given);
  if ('value' in result) return result.value;
  throw toInvalidInputError('start the video', modelOf(given), result.issues);
}

/** The model that an input names, unless a getter throws. */
function modelOf(given: unknown): string | undefined {
  try {
    return text(record(given).model);
  } catch {
    return undefined;
  }
}

export const videoApi: VideoApi = {
  provider: 'vtrix',
  hasIdHeader: false,
  costOfFailure: 'Vtrix does not document whether it bills a failed job: see its console',
  statusPaths: [statusPath],
  statusRequest: (at, id) => ({ path: `${at}/${id}` }),
  typicalMsOf: () => undefined,
  readId: (body) => unwrap(body).id,
  readReport(body) {
    const fields = unwrap(body);
    const found = findVideo(fields);
    // an answer without data tells what is wrong in its own status
    const error = fields.error ?? fields.error_message ?? record(fields.status).message;
    return {
      status: text(fields.status),
      url: text(found?.url),
      durationSeconds: number(found?.duration),
      progress: number(fields.progress),
      message: describeProblem(error),
      code: codeOf(error),
      usage: toUsage(fields.usage),
      createdAt: isoTime(fields.created_at),
      inferenceId: text(found?.jobId),
    };
  },
};

/** The fields of a job are those of the answer itself, or of its `data`. */
function unwrap(body: unknown): Record<string, unknown> {
  const outer = record(body);
  return isRecord(outer.data) ? outer.data : outer;
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
