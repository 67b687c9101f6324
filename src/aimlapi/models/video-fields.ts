import * as z from 'zod/mini';
import { about, visibleCharacter } from '../../input/field.js';
import { urlOf, urlOrDataUriOf } from './media-fields.js';

/** What a video model that works from words takes. */
export interface PromptFields {
  /** The scene, subject or action: at least 1 character. The API names no upper limit. */
  prompt: string;
  /** What to avoid. The API names no limit. */
  negative_prompt?: string | undefined;
  /** A whole number: the same one gives similar results. Random if left out; the API names no range. */
  seed?: number | undefined;
  /** Lets a language model expand the prompt first. @defaultValue `true` */
  enhance_prompt?: boolean | undefined;
}

export const promptFields = () => ({
  prompt: z.string().check(z.minLength(1)),
  negative_prompt: z.optional(z.string()),
  seed: z.optional(z.int()),
  enhance_prompt: z.optional(z.boolean()).register(about, { default: true }),
});

/** The prompt of a model that works from words alone. Without a visible character, the video would show anything. */
export const visiblePromptField = () => ({
  prompt: z.string().check(z.minLength(1), z.regex(visibleCharacter)),
});

export interface AspectRatioField {
  /** Width to height. @defaultValue `'16:9'` */
  aspect_ratio?: '16:9' | '9:16' | '1:1' | '4:3' | '3:4' | undefined;
}

export const aspectRatioField = () => ({
  aspect_ratio: z
    .optional(z.enum(['16:9', '9:16', '1:1', '4:3', '3:4']))
    .register(about, { default: '16:9' }),
});

export interface WatermarkField {
  /** Puts a mark into the video. @defaultValue `false` */
  watermark?: boolean | undefined;
}

export const watermarkField = () => ({
  watermark: z.optional(z.boolean()).register(about, { default: false }),
});

export interface FirstImageField {
  /** The picture to start from: an http(s) URL, or a local one as a data URI (`toDataUri`). */
  image_url: string;
}

export const firstImageField = () => ({ image_url: urlOrDataUriOf('image') });

/** What the models of 2.5 take. */
export interface Wan25Fields extends PromptFields {
  /** The short side of the frame. @defaultValue `'1080p'` */
  resolution?: '480p' | '720p' | '1080p' | undefined;
  /** Width to height. @defaultValue `'16:9'` */
  aspect_ratio?: '16:9' | '9:16' | '1:1' | undefined;
  /** Seconds, as a number. @defaultValue `10` */
  duration?: 5 | 10 | undefined;
}

export const wan25Fields = () => ({
  ...promptFields(),
  resolution: z.optional(z.enum(['480p', '720p', '1080p'])).register(about, { default: '1080p' }),
  aspect_ratio: z.optional(z.enum(['16:9', '9:16', '1:1'])).register(about, { default: '16:9' }),
  duration: z.optional(z.literal([5, 10])).register(about, { default: 10 }),
});

/** What the models of 2.6 and 2.7 have in common. */
export interface Wan26Fields extends PromptFields {
  /** The short side of the frame. @defaultValue `'1080p'` */
  resolution?: '720p' | '1080p' | undefined;
  /** Seconds, as a number. @defaultValue `10` */
  duration?: 5 | 10 | 15 | undefined;
}

export const wan26Fields = () => ({
  ...promptFields(),
  resolution: z.optional(z.enum(['720p', '1080p'])).register(about, { default: '1080p' }),
  duration: z.optional(z.literal([5, 10, 15])).register(about, { default: 10 }),
});

export interface ShotField {
  /** One shot, or several; `'multi'` works only with `enhance_prompt`, which is on by default. @defaultValue `'single'` */
  shot_type?: 'single' | 'multi' | undefined;
}

export const shotField = () => ({
  shot_type: z.optional(z.enum(['single', 'multi'])).register(about, { default: 'single' }),
});

interface ShotChoice {
  shot_type?: string | undefined;
  enhance_prompt?: boolean | undefined;
}

export const shotsNeedEnhancing = () =>
  z.refine<ShotChoice>(({ shot_type, enhance_prompt }) => shot_type !== 'multi' || enhance_prompt !== false, {
    path: ['shot_type'],
    error: 'takes "multi" only with enhance_prompt: leave that out, or set it to true',
  });

/** {@link shotsNeedEnhancing} in the words of JSON Schema. Models of OpenAI take no tool with `not` or `allOf` there. */
export const shotsInJson = {
  if: { properties: { shot_type: { const: 'single' } } },
  else: { properties: { enhance_prompt: { const: true } } },
};

export interface AudioUrlField {
  /** The sound to go with: an http(s) URL. */
  audio_url?: string | undefined;
}

export const audioUrlField = () => ({ audio_url: z.optional(urlOf('audio')) });

export interface SoundFields extends AudioUrlField {
  /** Makes sound to go with the picture. @defaultValue `true` */
  generate_audio?: boolean | undefined;
}

export const soundFields = () => ({
  ...audioUrlField(),
  generate_audio: z.optional(z.boolean()).register(about, { default: true }),
});
