import * as z from 'zod/mini';
import {
  type $ZodCheck,
  $ZodCheckGreaterThan,
  $ZodCheckLessThan,
  $ZodCheckMaxLength,
  $ZodCheckMinLength,
  $ZodCheckMultipleOf,
  $ZodCheckRegex,
  type $ZodType,
} from 'zod/v4/core';
import { about } from './field.js';

/** What a field takes, in the words of JSON Schema. */
export interface FieldLimits {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  /** Set where the field may not be left out. */
  required?: true;
  /** What the API takes where the field is left out. */
  default?: unknown;
  enum?: readonly (string | number)[];
  /** Characters: an emoji is one. */
  minLength?: number;
  /** Characters: an emoji is one. */
  maxLength?: number;
  /** A regular expression that the text matches. */
  pattern?: string;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minItems?: number;
  maxItems?: number;
  items?: FieldLimits;
  properties?: Readonly<Record<string, FieldLimits>>;
  anyOf?: readonly FieldLimits[];
  /** The field is the address of a picture, a video or a sound. */
  media?: 'image' | 'video' | 'audio';
  /** Whether the file itself, as a data URI, is taken in place of its address. */
  dataUri?: boolean;
}

const known = new WeakMap<$ZodType, FieldLimits>();

/** What a schema takes, read from its definition once. */
export function limitsOf(schema: $ZodType): FieldLimits {
  const limits = known.get(schema) ?? { ...readDefinition(schema), ...about.get(schema) };
  known.set(schema, limits);
  return limits;
}

function readDefinition(schema: $ZodType): FieldLimits {
  if (schema instanceof z.ZodMiniOptional) return limitsOf(schema.def.innerType);
  if (schema instanceof z.ZodMiniString) return { type: 'string', ...boundsOf(schema.def, 'Length') };
  if (schema instanceof z.ZodMiniNumber) {
    const type = schema instanceof z.ZodMiniNumberFormat ? 'integer' : 'number';
    return { type, ...boundsOf(schema.def) };
  }
  if (schema instanceof z.ZodMiniBoolean) return { type: 'boolean' };
  if (schema instanceof z.ZodMiniEnum) return wordsOf(Object.values(schema.def.entries));
  if (schema instanceof z.ZodMiniLiteral) return wordsOf(schema.def.values);
  if (schema instanceof z.ZodMiniArray) {
    return { type: 'array', ...boundsOf(schema.def, 'Items'), items: limitsOf(schema.def.element) };
  }
  if (schema instanceof z.ZodMiniUnion) return { anyOf: schema.def.options.map(limitsOf) };
  if (schema instanceof z.ZodMiniObject) {
    const properties = Object.entries(schema.def.shape).map(([name, field]): [string, FieldLimits] => [
      name,
      { ...limitsOf(field), ...(!(field instanceof z.ZodMiniOptional) && { required: true }) },
    ]);
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  return {};
}

function wordsOf(values: readonly unknown[]): FieldLimits {
  const words = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  return { type: typeof words[0] === 'number' ? 'integer' : 'string', enum: words };
}

/** The bounds among the checks of a definition; `Length` or `Items` is what those of a text or a list are called. */
function boundsOf(
  { checks = [] }: { checks?: $ZodCheck<never>[] | undefined },
  what: 'Length' | 'Items' = 'Length',
): FieldLimits {
  const bounds = checks.map((check) => {
    if (check instanceof $ZodCheckMinLength) return { [`min${what}`]: check._zod.def.minimum };
    if (check instanceof $ZodCheckMaxLength) return { [`max${what}`]: check._zod.def.maximum };
    if (check instanceof $ZodCheckGreaterThan) return { minimum: check._zod.def.value };
    if (check instanceof $ZodCheckLessThan) return { maximum: check._zod.def.value };
    if (check instanceof $ZodCheckMultipleOf) return { multipleOf: check._zod.def.value };
    if (check instanceof $ZodCheckRegex) return { pattern: check._zod.def.pattern.source };
    return {};
  });
  return Object.assign({}, ...bounds);
}
