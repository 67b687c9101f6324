import { boolean, either, field, integer, list, optional, strictObject, string } from '../../input/field.js';
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
  prompt: string({ minLength: 1, maxLength: 2000 }),
  negative_prompt: optional(string({ maxLength: 500 })),
  image_size: optional(imageSize(), 'landscape_4_3'),
  enhance_prompt: optional(boolean(), true),
  watermark: optional(boolean(), false),
  seed: optional(integer({ minimum: 0, maximum: 2_147_483_647 })),
});

export const textToImageFields = () => ({
  ...imageFields(),
  num_images: optional(integer({ minimum: 1, maximum: 4 }), 1),
});

export const imageEditFields = () => ({
  ...imageFields(),
  image_urls: optional(list('pictures', urlOrDataUriOf('image'), { minItems: 1, maxItems: 3 })),
});

const presets = ['square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'];

function imageSize() {
  const side = integer({ minimum: 512, maximum: 1440, multipleOf: 32 });
  const rule = `takes one of ${presets.join(', ')}, or { width, height }`;
  return either(
    strictObject({ width: side, height: side }),
    field<ImageSizePreset>({ type: 'string', enum: presets }, rule, (value) =>
      presets.some((preset) => preset === value),
    ),
  );
}
