import { expiresAt } from '../base/expiry.js';
import { compact, number, record, text } from '../base/json.js';
import type { RequestOptions } from '../base/options.js';
import type { ImageResult, WanImage } from '../base/results.js';
import { inferenceIdOf } from '../http/answer.js';
import type { Config as Transport } from '../http/config.js';
import { UnusableAnswer } from '../http/failure.js';
import { send } from '../http/send.js';
import type { Create } from './models/index.js';
import { toUsage } from './usage.js';

export function createImage(
  transport: Transport,
  { model, path, json: body, doing }: Create,
  options?: RequestOptions,
): Promise<ImageResult> {
  return send(
    transport,
    {
      method: 'POST',
      path,
      body,
      doing,
      paidModel: model,
      timeoutMs: 180_000,
      // four pictures as base64 fit with room to spare
      maxBytes: 2 ** 28,
      read(answer, { clientRequestId }) {
        const { body, raw, headers } = answer;
        if (body === undefined) return undefined;
        const { data, created } = record(body);
        const [first, ...others] = [data].flat().flatMap(toImage);
        if (!first) throw new UnusableAnswer('no entry of data has a url or b64_json');
        const facts = compact({
          images: [first, ...others] satisfies ImageResult['images'],
          createdAt: toIsoTime(number(created)),
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

/** The API writes milliseconds; older answers hold seconds. */
function toIsoTime(created = 0): string | undefined {
  if (created <= 0 || created > 8.64e15) return undefined;
  return new Date(created < 1e11 ? created * 1000 : created).toISOString();
}
