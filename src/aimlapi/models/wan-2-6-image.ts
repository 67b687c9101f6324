import * as z from 'zod/mini';
import { oneOf } from '../../schema.js';
import { type ImageFields, imageFields, imageUrl } from './fields.js';

/** Text to image, and image to image where `image_urls` are given. Makes one picture. */
export interface Wan26ImageInput extends ImageFields {
  model: 'alibaba/wan-2-6-image' | 'wan-2-6-image';
  /** Pictures to work on, 1 to 3: http(s) URLs, or local ones as data URIs (`toDataUri`). */
  image_urls?: string[] | undefined;
}

export const wan26Image = () => {
  const rule = 'takes a list of 1 to 3 pictures';
  return z.strictObject({
    model: oneOf('alibaba/wan-2-6-image', 'wan-2-6-image'),
    ...imageFields(),
    image_urls: z.optional(
      z.array(imageUrl(), rule).check(z.refine(({ length }) => length >= 1 && length <= 3, rule)),
    ),
  }) satisfies z.ZodMiniType<Wan26ImageInput>;
};
