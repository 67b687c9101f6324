import { isRecord, record } from '../../base/record.js';
import { type JsonSchemaTarget, toJsonSchema } from '../../input/json-schema.js';
import { describeFields, describeModel } from './descriptions.js';
import type { KnownModel } from './find-model.js';
import type { ImageModel, VideoModel } from './inputs.js';
import { namedModel } from './named-model.js';

/**
 * JSON Schema (draft 2020-12) of what a model takes, with limits, defaults and a description of each field: for forms, for
 * tools of agents, for other languages. `model` may be left out; where it is there, it is one of the model's names.
 *
 * It judges as `checkInput` does, but for the contents of media: whether an address can be parsed, and how base64 ends.
 *
 * @throws {TypeError} when no model of this name is known; its message has the near name
 * @example
 * ```ts
 * const tool = { name: 'make_video', input_schema: jsonSchemaOf('wan2.2-t2v-plus') };
 * ```
 */
export function jsonSchemaOf(name: ImageModel | VideoModel | (string & {})): Record<string, unknown> {
  return writeJsonSchema(namedModel(name), 'draft-2020-12');
}

export function writeJsonSchema(model: KnownModel, target: JsonSchemaTarget): Record<string, unknown> {
  const { $schema, properties, ...rest } = toJsonSchema(model.schema(), target);
  const fields = describeFields(model.id);
  const described = Object.entries(record(properties)).map(([name, field]) => [
    name,
    { description: fields[name], ...describeParts(record(field), fields) },
  ]);
  return {
    ...($schema !== undefined && { $schema }),
    title: model.id,
    description: describeModel(model.id),
    ...rest,
    properties: {
      model: {
        description: 'The name of the model, which may be left out.',
        type: 'string',
        // a copy, because the caller may change it
        enum: [...model.names],
      },
      ...Object.fromEntries(described),
    },
  };
}

/** The field, with descriptions of the fields of an object that it may be. */
function describeParts(field: Record<string, unknown>, fields: Readonly<Record<string, string>>): object {
  if (Array.isArray(field.anyOf)) {
    return { ...field, anyOf: field.anyOf.map((branch: unknown) => describeParts(record(branch), fields)) };
  }
  if (!isRecord(field.properties)) return field;
  const parts = Object.entries(field.properties).map(([name, part]) => [
    name,
    { description: fields[name], ...record(part) },
  ]);
  return { ...field, properties: Object.fromEntries(parts) };
}
