export { type CheckedInput, checkInput } from './aimlapi/models/check-input.js';
export type { ImageInput, ImageModel, InputOf, VideoInput, VideoModel } from './aimlapi/models/inputs.js';
export { jsonSchemaOf } from './aimlapi/models/json-schema-of.js';
export { findModel, type ModelInfo, models } from './aimlapi/models/list-models.js';
export { type FieldsOf, schemaOf } from './aimlapi/models/schema-of.js';
export type { InputIssue } from './base/errors.js';
export type { FieldLimits } from './input/limits.js';
export type {
  StandardIssue,
  StandardJsonOptions,
  StandardProps,
  StandardResult,
  StandardSchema,
} from './input/standard-schema.js';
