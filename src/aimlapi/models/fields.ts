import * as z from 'zod/mini';
import { isHttp, parseUrl } from '../../redact.js';
import { boolean, integer, oneOf, string } from '../../schema.js';

/** Sizes that the API has a name for. */
export type ImageSizePreset =
  | 'square_hd'
  | 'square'
  | 'portrait_4_3'
  | 'portrait_16_9'
  | 'landscape_4_3'
  | 'landscape_16_9';

/** A size of your own. */
export interface ImageSize {
  /** Pixels: 512 to 1440, a multiple of 32. */
  width: number;
  /** Pixels: 512 to 1440, a multiple of 32. */
  height: number;
}

/** What every image model takes. */
export interface ImageFields {
  /** What to show: 1 to 2000 characters. */
  prompt: string;
  /** What to avoid: up to 500 characters. */
  negative_prompt?: string | undefined;
  /** A preset, or pixels. @defaultValue `'landscape_4_3'` */
  image_size?: ImageSizePreset | ImageSize | undefined;
  /** Lets a language model rewrite the prompt first. @defaultValue `true` */
  enhance_prompt?: boolean | undefined;
  /** Adds an invisible watermark. @defaultValue `false` */
  watermark?: boolean | undefined;
  /** 0 to 2147483647: the same seed and prompt give the same image on the same version of the model. */
  seed?: number | undefined;
}

/** What a model that makes pictures from text alone takes. */
export interface TextToImageFields extends ImageFields {
  /** Pictures to make, 1 to 4. @defaultValue `1` */
  num_images?: number | undefined;
}

export const imageFields = () => ({
  prompt: string({ min: 1, max: 2000 }),
  negative_prompt: z.optional(string({ max: 500 })),
  image_size: z.optional(imageSize()),
  enhance_prompt: z.optional(boolean()),
  watermark: z.optional(boolean()),
  seed: z.optional(integer({ min: 0, max: 2_147_483_647 })),
});

export const textToImageFields = () => ({
  ...imageFields(),
  num_images: z.optional(integer({ min: 1, max: 4 })),
});

function imageSize() {
  const side = integer({ min: 512, max: 1440, multipleOf: 32 });
  const presets = oneOf(
    'square_hd',
    'square',
    'portrait_4_3',
    'portrait_16_9',
    'landscape_4_3',
    'landscape_16_9',
  );
  const rule = `takes one of ${presets.options.join(', ')}, or { width, height }`;
  return z.union([z.strictObject({ width: side, height: side }, rule), presets], rule);
}

/** A picture to work on: an http(s) URL, or a local one as a base64 data URI. */
export function imageUrl() {
  const rule =
    'takes an http(s) URL, or a local picture as "data:image/…;base64,…" (toDataUri makes one from a file, bytes or a Blob)';
  return z.string(rule).check(z.refine((value) => isImageDataUri(value) || isHttpUrl(value), rule));
}

function isHttpUrl(value: string): boolean {
  const url = parseUrl(value);
  return url !== undefined && isHttp(url);
}

function isImageDataUri(value: string): boolean {
  const head = /^data:image\/[\w.+-]+;base64,/i.exec(value);
  return head !== null && /^[A-Za-z0-9+/]+={0,2}$/.test(value.slice(head[0].length));
}
