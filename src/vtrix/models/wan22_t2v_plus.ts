import * as z from 'zod/mini';
import { visibleCharacter } from '../../input/field.js';

/** Wan 2.2 Plus at Vtrix: text to video, 5 s. */
export interface Wan22T2vPlusVtrixInput {
  model: 'wan22_t2v_plus';
  input: {
    /** What to show: 1 to 800 characters. Vtrix would cut a longer one silently, and bill it; here it is refused. */
    prompt: string;
    /** What to avoid: up to 500 characters. */
    negative_prompt?: string | undefined;
  };
  parameters?:
    | {
        /** Pixels as `width*height`. @defaultValue `'1920*1080'` */
        size?:
          | '832*480'
          | '480*832'
          | '624*624'
          | '1920*1080'
          | '1080*1920'
          | '1440*1440'
          | '1632*1248'
          | '1248*1632'
          | undefined;
        /** Seconds: 5, and no other. */
        duration?: 5 | undefined;
        /** Lets a language model rewrite the prompt first; takes longer. @defaultValue `true` */
        prompt_extend?: boolean | undefined;
        /** Puts a mark in the lower right corner. @defaultValue `false` */
        watermark?: boolean | undefined;
        /** 0 to 2147483647. Random if left out. */
        seed?: number | undefined;
      }
    | undefined;
}

export const wan22T2vPlusVtrix = () =>
  z.strictObject({
    model: z.literal('wan22_t2v_plus'),
    input: z.strictObject({
      prompt: z.string().check(z.minLength(1), z.maxLength(800), z.regex(visibleCharacter)),
      negative_prompt: z.optional(z.string().check(z.maxLength(500))),
    }),
    parameters: z.optional(
      z.strictObject({
        size: z.optional(
          z.enum([
            '832*480',
            '480*832',
            '624*624',
            '1920*1080',
            '1080*1920',
            '1440*1440',
            '1632*1248',
            '1248*1632',
          ]),
        ),
        duration: z.optional(z.literal(5)),
        prompt_extend: z.optional(z.boolean()),
        watermark: z.optional(z.boolean()),
        seed: z.optional(z.int().check(z.minimum(0), z.maximum(2_147_483_647))),
      }),
    ),
  });
