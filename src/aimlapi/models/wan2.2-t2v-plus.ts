import * as z from 'zod/mini';
import { boolean, integer, oneOf, string } from '../../schema.js';

/** Text to video: silent, 5 s, about 30 frames a second. */
export interface Wan22T2vPlusInput {
  model: 'alibaba/wan2.2-t2v-plus' | 'wan2.2-t2v-plus';
  /** The scene, subject or action: at least 1 character. The API names no upper limit. */
  prompt: string;
  /** The short side of the frame. @defaultValue `'1080P'` */
  resolution?: '480P' | '1080P' | undefined;
  /** @defaultValue `'16:9'` */
  aspect_ratio?: '16:9' | '9:16' | '1:1' | '4:3' | '3:4' | undefined;
  /** What to avoid. The API names no limit. */
  negative_prompt?: string | undefined;
  /** @defaultValue `false` */
  watermark?: boolean | undefined;
  /** A whole number: the same one gives similar results. Random if left out; the API names no range. */
  seed?: number | undefined;
  /** Lets a language model expand the prompt first. @defaultValue `true` */
  enhance_prompt?: boolean | undefined;
}

export const wan22T2vPlus = () =>
  z.strictObject({
    model: oneOf('alibaba/wan2.2-t2v-plus', 'wan2.2-t2v-plus'),
    prompt: string({ min: 1 }),
    resolution: z.optional(oneOf('480P', '1080P')),
    aspect_ratio: z.optional(oneOf('16:9', '9:16', '1:1', '4:3', '3:4')),
    negative_prompt: z.optional(string()),
    watermark: z.optional(boolean()),
    seed: z.optional(integer()),
    enhance_prompt: z.optional(boolean()),
  }) satisfies z.ZodMiniType<Wan22T2vPlusInput>;
