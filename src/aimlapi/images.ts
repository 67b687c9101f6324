import { UnexpectedResponseError } from '../errors.js';
import { expiresAt } from '../expiry.js';
import type { Request } from '../http/request.js';
import type { Answer } from '../http/response.js';
import { send } from '../http/send.js';
import type { Transport } from '../http/transport.js';
import { isRecord, number, record, text } from '../json.js';
import type { RequestOptions } from '../options.js';
import type { ImageResult, WanImage } from '../results.js';
import {
  type Create,
  checkInput,
  type ImageInput,
  takeUnchecked,
  type UncheckedInput,
} from './models/index.js';
import { toUsage } from './usage.js';

export async function generateImage(
  transport: Transport,
  input: ImageInput,
  options?: RequestOptions,
): Promise<ImageResult> {
  return create(transport, checkInput('image', input), options);
}

export async function generateImageUnchecked(
  transport: Transport,
  body: UncheckedInput,
  options?: RequestOptions,
): Promise<ImageResult> {
  return create(transport, takeUnchecked('image', body), options);
}

function create(
  transport: Transport,
  { model, path, body }: Create,
  options: RequestOptions | undefined,
): Promise<ImageResult> {
  return send(
    transport,
    {
      method: 'POST',
      path,
      body,
      doing: `make the image with ${model}`,
      paidModel: model,
      timeoutMs: 180_000,
      read: (answer, request) => toImageResult(answer, request, model),
    },
    options,
  );
}

function toImageResult(answer: Answer, request: Request, model: string): ImageResult | undefined {
  const { body: raw, headers } = answer;
  if (raw === undefined) return undefined;
  const { clientRequestId } = request;
  const inferenceId = headers.get('x-inference-id') ?? undefined;
  const [first, ...others] = readImages(raw);
  if (!first) {
    const issue = 'data holds no image: no entry has a url or b64_json';
    throw new UnexpectedResponseError(
      `Cannot make the image with ${model}: the API answered ${answer.status}, but ${issue}. ` +
        'It may have been paid for: the whole answer is in the body of this error',
      { status: answer.status, url: request.printableUrl, issues: [issue], clientRequestId, inferenceId },
      raw,
    );
  }
  const createdAt = toIsoTime(record(raw).created);
  const usage = toUsage(raw, headers);
  return {
    images: [first, ...others],
    ...(createdAt && { createdAt }),
    model,
    ...(usage && { usage }),
    ...(inferenceId && { inferenceId }),
    clientRequestId,
    raw,
  };
}

function readImages(body: unknown): WanImage[] {
  const { data } = record(body);
  return (Array.isArray(data) ? data : []).filter(isRecord).flatMap((item) => {
    const url = text(item.url);
    const base64 = text(item.b64_json);
    if (!url && !base64) return [];
    const expires = url && expiresAt(url);
    return [{ ...(url && { url }), ...(base64 && { base64 }), ...(expires && { expiresAt: expires }) }];
  });
}

/** The API writes milliseconds; older answers hold seconds. */
function toIsoTime(created: unknown): string | undefined {
  const value = number(created);
  if (value === undefined || value <= 0 || value > 8.64e15) return undefined;
  return new Date(value < 1e11 ? value * 1000 : value).toISOString();
}
