import { ZodMiniType } from 'zod/mini';
import { toJSONSchema } from 'zod/v4/core';
import { about } from './field.js';
// nothing else from there: the build puts this one apart (tsup.config.ts)

/** The dialects of JSON Schema that zod writes. */
export type JsonSchemaTarget = 'draft-2020-12' | 'draft-07' | 'openapi-3.0';

/** JSON Schema of a schema of zod. `schema` is unknown here because the declarations must not need zod. */
export function toJsonSchema(schema: unknown, target: JsonSchemaTarget): Record<string, unknown> {
  if (!(schema instanceof ZodMiniType)) throw new TypeError('Cannot write JSON Schema: this is no schema.');
  const written = toJSONSchema(schema, {
    target,
    io: 'input',
    metadata: about,
    override({ zodSchema, jsonSchema }) {
      const { media, dataUri } = about.get(zodSchema) ?? {};
      if (media && dataUri) jsonSchema.pattern = patternOfFile(media);
      delete jsonSchema.media;
      delete jsonSchema.dataUri;
      if (target === 'openapi-3.0') {
        // that dialect has no conditions
        delete jsonSchema.if;
        delete jsonSchema.else;
      }
      // zod writes the type of a literal as "number", also where each is whole
      if (jsonSchema.type === 'number' && jsonSchema.enum?.every(Number.isInteger))
        jsonSchema.type = 'integer';
    },
  });
  // a copy: notes of the fields are in it, and the caller may change it
  return structuredClone({ ...written });
}

/**
 * An http(s) URL or a data URI, as near as a pattern comes to what the field takes. It does not count the characters of
 * base64 in fours: V8 overflows its stack on such a group in a file of 14 MB.
 */
function patternOfFile(media: string): string {
  const anyCase = (word: string) => word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
  const url = `${anyCase('http')}[sS]?:\\/\\/\\S(?:.*\\S)?`;
  const file = `${anyCase(`data:${media}`)}\\/[\\w.+-]+;${anyCase('base')}64,[A-Za-z0-9+/]{2,}={0,2}`;
  return `^(?:${url}|${file})$`;
}
