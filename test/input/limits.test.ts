import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { about } from '../../src/input/field.js';
import { limitsOf } from '../../src/input/limits.js';

test('limitsOf() tells what a schema takes in the words of JSON Schema', () => {
  const schema = z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(9), z.regex(/\S/)),
    count: z
      .optional(z.int().check(z.minimum(1), z.maximum(4), z.multipleOf(2)))
      .register(about, { default: 2 }),
    tags: z.array(z.string()).check(z.maxLength(5)),
    size: z.optional(z.union([z.strictObject({ width: z.number() }), z.enum(['wide'])])),
    long: z.optional(z.boolean()).register(about, { default: false }),
    seconds: z.optional(z.literal([5, 10])),
    picture: z.optional(z.string().register(about, { media: 'image', dataUri: true })),
  });
  expect(limitsOf(schema)).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 9, pattern: '\\S', required: true },
      count: { type: 'integer', minimum: 1, maximum: 4, multipleOf: 2, default: 2 },
      tags: { type: 'array', maxItems: 5, items: { type: 'string' }, required: true },
      size: {
        anyOf: [
          { type: 'object', properties: { width: { type: 'number', required: true } } },
          { type: 'string', enum: ['wide'] },
        ],
      },
      long: { type: 'boolean', default: false },
      seconds: { type: 'integer', enum: [5, 10] },
      picture: { type: 'string', media: 'image', dataUri: true },
    },
  });
});
