import * as z from 'zod/mini';
import { about } from '../../input/field.js';
import { visiblePromptField } from './video-fields.js';

/** Text to video, of the first generation. The API takes it at a path of its own. */
export interface WanV21TextToVideoInput {
  /** Text to video, of the first generation. The API takes it at a path of its own. */
  model: 'wan/v2.1/1.3b/text-to-video';
  /** The scene, subject or action: at least 1 character. The API names no upper limit. */
  prompt: string;
  /** What to avoid. The API names no limit. */
  negative_prompt?: string | undefined;
  /** A whole number: the same one gives similar results. Random if left out; the API names no range. */
  seed?: number | undefined;
  /** Width to height. @defaultValue `'16:9'` */
  aspect_ratio?: '9:16' | '16:9' | undefined;
  /** Sampling steps: more take longer and give more detail. @defaultValue `30` */
  inference_steps?: number | undefined;
  /** How closely to follow the prompt. @defaultValue `5` */
  guidance_scale?: number | undefined;
  /** Shift of the noise schedule. @defaultValue `5` */
  shift?: number | undefined;
  /** The sampling method. @defaultValue `'unipc'` */
  sampler?: 'unipc' | 'dpm+' | undefined;
  /** Turns the safety check of the API on or off. */
  enable_safety_checker?: boolean | undefined;
  /** Lets a language model expand the prompt first (other models call it `enhance_prompt`). */
  enable_prompt_expansion?: boolean | undefined;
}

export const wanV21TextToVideo = () =>
  z.strictObject({
    ...visiblePromptField(),
    negative_prompt: z.optional(z.string()),
    seed: z.optional(z.int()),
    aspect_ratio: z.optional(z.enum(['9:16', '16:9'])).register(about, { default: '16:9' }),
    inference_steps: z.optional(z.int()).register(about, { default: 30 }),
    guidance_scale: z.optional(z.number()).register(about, { default: 5 }),
    shift: z.optional(z.number()).register(about, { default: 5 }),
    sampler: z.optional(z.enum(['unipc', 'dpm+'])).register(about, { default: 'unipc' }),
    enable_safety_checker: z.optional(z.boolean()),
    enable_prompt_expansion: z.optional(z.boolean()),
  });
