import * as z from 'zod/mini';
import { about, visibleCharacter } from '../../input/field.js';
import { urlOrDataUriOf } from './media-fields.js';

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

/** What a model that also works on pictures takes. It makes one picture. */
export interface ImageEditFields extends ImageFields {
  /** Pictures to work on, 1 to 3: http(s) URLs, or local ones as data URIs (`toDataUri`). */
  image_urls?: readonly string[] | undefined;
}

const imageFields = () => ({
  prompt: z.string().check(z.minLength(1), z.maxLength(2000)),
  negative_prompt: z.optional(z.string().check(z.maxLength(500))),
  image_size: z.optional(imageSize()).register(about, { default: 'landscape_4_3' }),
  enhance_prompt: z.optional(z.boolean()).register(about, { default: true }),
  watermark: z.optional(z.boolean()).register(about, { default: false }),
  seed: z.optional(z.int().check(z.minimum(0), z.maximum(2_147_483_647))),
});

export const textToImageFields = () => ({
  ...imageFields(),
  // without a visible character it would be paid for and show anything
  prompt: z.string().check(z.minLength(1), z.maxLength(2000), z.regex(visibleCharacter)),
  num_images: z.optional(z.int().check(z.minimum(1), z.maximum(4))).register(about, { default: 1 }),
});

export const imageEditFields = () => ({
  ...imageFields(),
  image_urls: z.optional(z.array(urlOrDataUriOf('image')).check(z.minLength(1), z.maxLength(3))),
});

const side = () => z.int().check(z.minimum(512), z.maximum(1440), z.multipleOf(32));

const imageSize = () =>
  z.union([
    z.strictObject({ width: side(), height: side() }),
    z.enum(['square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9']),
  ]);
