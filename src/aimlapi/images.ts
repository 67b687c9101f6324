import { expiresAt } from '../base/expiry.js';
import { isoTime, text } from '../base/json.js';
import type { RequestOptions } from '../base/options.js';
import { compact, record } from '../base/record.js';
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

export function createImage(
  config: Config,
  { model, path, body, json, doing }: CreateRequest,
  options?: RequestOptions,
): Promise<ImageResult> {
  return send(
    config,
    {
      method: 'POST',
      path,
      body: json,
      doing,
      paid: { kind: 'image', model, body },
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
          createdAt: isoTime(created),
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
