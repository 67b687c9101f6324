import { expiresAt } from '../base/expiry.js';
import { compact, number, record, text } from '../base/json.js';
import type { RequestOptions } from '../base/options.js';
import type { ImageResult, WanImage } from '../base/results.js';
import { inferenceIdOf } from '../http/answer.js';
import type { Config } from '../http/config.js';
import { UnusableAnswer } from '../http/failure.js';
import { send } from '../http/send.js';
import type { CreateRequest } from './models/create.js';
import { toUsage } from './usage.js';

/** The API answers when the images are there. */
const imageTimeoutMs = 180_000;
/** Four pictures as base64 are far smaller. */
const maxImageBytes = 2 ** 28;
/** The latest time that a Date can hold. */
const latestMs = 8.64e15;
/** As milliseconds this is in 1973, as seconds in the year 5138: smaller numbers are seconds. */
const leastMs = 1e11;

export function createImage(
  config: Config,
  { model, path, json, doing }: CreateRequest,
  options?: RequestOptions,
): Promise<ImageResult> {
  return send(
    config,
    {
      method: 'POST',
      path,
      body: json,
      doing,
      paidModel: model,
      timeoutMs: imageTimeoutMs,
      maxBytes: maxImageBytes,
      read(answer, { clientRequestId }) {
        const { body, raw, headers } = answer;
        if (body === undefined) return undefined;
        const { data, created } = record(body);
        const [first, ...others] = [data].flat().flatMap(toImage);
        if (!first) throw new UnusableAnswer('no entry of data has a url or b64_json');
        const facts = compact({
          images: [first, ...others] satisfies ImageResult['images'],
          createdAt: toCreatedAt(number(created)),
          model,
          usage: toUsage(body, headers),
          inferenceId: inferenceIdOf(answer),
          clientRequestId,
        });
        return { ...facts, raw };
      },
    },
    options,
  );
}

function toImage(entry: unknown): WanImage[] {
  const { url: address, b64_json } = record(entry);
  const url = text(address);
  const base64 = text(b64_json);
  return url || base64 ? [compact({ url, base64, expiresAt: url && expiresAt(url) })] : [];
}

/** From milliseconds since 1970. Older answers hold seconds. */
function toCreatedAt(created = 0): string | undefined {
  if (created <= 0 || created > latestMs) return undefined;
  return new Date(created < leastMs ? created * 1000 : created).toISOString();
}
