import type { InputIssue } from '../../base/errors.js';
import { record } from '../../base/record.js';
import type { JsonSchemaTarget } from '../../input/json-schema.js';
import type { StandardIssue, StandardResult, StandardSchema } from '../../input/standard-schema.js';
import type { KnownModel } from './find-model.js';
import type { ImageInput, ImageModel, InputOf, VideoInput, VideoModel } from './inputs.js';
import { writeJsonSchema } from './json-schema-of.js';
import { judgeInputOf } from './judge-input.js';
import { namedModel } from './named-model.js';

/** What `schemaOf` judges: the input of a model, with or without `model`. */
export type FieldsOf<Name extends ImageModel | VideoModel> = WithoutModel<InputOf<Name>, Name>;

type WithoutModel<Input extends { model: string }, Name> = Input extends unknown
  ? Omit<Input, 'model'> & { model?: Name | undefined }
  : never;

/**
 * A Standard Schema of what a model takes, for tRPC, Hono, forms and tools of the AI SDK. It judges as `checkInput` does
 * and has its messages. `model` may be left out, because a form or a tool of one model need not ask for it; where it is
 * there, it is one of the model's names. The value has it in any case: it can be passed to `generateVideo` as it is.
 *
 * @throws {TypeError} when no model of this name is known; its message has the near name
 * @example
 * ```ts
 * const makeVideo = procedure.input(schemaOf('wan2.2-t2v-plus')).mutation(({ input }) => generateVideo(input));
 * ```
 */
export function schemaOf<const Name extends ImageModel | VideoModel>(
  name: Name,
): StandardSchema<FieldsOf<Name>, InputOf<Name>>;
export function schemaOf(name: string): StandardSchema<object, ImageInput | VideoInput>;
export function schemaOf(name: string): StandardSchema<object, object> {
  const model = namedModel(name);
  return {
    '~standard': {
      version: 1,
      vendor: 'aimlapi-wan',
      validate: (value) => validate(model, value),
      jsonSchema: {
        input: ({ target }) => writeJsonSchema(model, toTarget(target)),
        output: ({ target }) => writeOutput(model, toTarget(target)),
      },
    },
  };
}

function validate(model: KnownModel, input: unknown): StandardResult<object> {
  const result = judgeInputOf(model, input);
  return 'issues' in result ? { issues: result.issues.map(toStandardIssue) } : result;
}

function toStandardIssue({ path, message }: InputIssue): StandardIssue {
  const keys = path.match(/[^.[\]]+(\])?/g) ?? [];
  return { message, path: keys.map((key) => (key.endsWith(']') ? Number.parseInt(key, 10) : key)) };
}

/** What comes out has `model`, the long id. */
function writeOutput(model: KnownModel, target: JsonSchemaTarget): Record<string, unknown> {
  const { properties, required = [], ...rest } = writeJsonSchema(model, target);
  const id = { description: 'The id of the model.', type: 'string', enum: [model.id] };
  return { ...rest, properties: { ...record(properties), model: id }, required: ['model', required].flat() };
}

function toTarget(target: string): JsonSchemaTarget {
  if (target === 'draft-2020-12' || target === 'draft-07' || target === 'openapi-3.0') return target;
  throw new TypeError(
    `Cannot write JSON Schema for "${target}": it takes draft-2020-12, draft-07 or openapi-3.0.`,
  );
}
