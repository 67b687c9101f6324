import { compact } from '../base/record.js';
import type { ImageResult, Usage, VideoJob } from '../base/results.js';
import type { JsonObject, ResponseFacts } from './spec.js';

type Made = VideoJob | (Pick<ImageResult, 'clientRequestId' | 'inferenceId' | 'usage'> & { id?: undefined });

/** What finds a create in the API's log. */
export function toIds({ id, clientRequestId, inferenceId }: Made): JsonObject {
  return { ...compact({ id, clientRequestId, inferenceId }) };
}

/** The ids, and what the create cost. It stands in one entry alone: who adds up entries would count the cost twice. */
export function toReceipt(made: Made): JsonObject {
  const { usage }: { usage?: Usage } = made;
  return { ...toIds(made), ...(usage && { usage: { ...usage } }) };
}

export function toResponse(modelId: string, { model = modelId }: VideoJob): ResponseFacts {
  return { timestamp: new Date(), modelId: model, headers: undefined };
}
