import { type CreateRequest, checkObject, readInput, refuse, toCreateRequest } from './create.js';
import { findKnownModel } from './find-model.js';
import { type Kind, kinds } from './model.js';

/** A create of any model, also one that is not known here: `body` goes out as it is. */
export interface UncheckedInput {
  /** The API's own id of the model: nothing is put before it. */
  model: string;
  [field: string]: unknown;
}

/** What to send for a body that only the API is to judge. */
export function takeUnchecked(kind: Kind, input: unknown): CreateRequest {
  const body = readInput(kind, () => copyFields(kind, input));
  const { model } = body;
  if (typeof model !== 'string' || !/^[\w.:/-]{1,200}$/.test(model))
    return refuse(kind, 'model', 'takes the id of a model', model);
  const found = findKnownModel(model);
  return toCreateRequest(kind, model, found?.kind === kind ? found.path : kinds[kind].path, body);
}

/** The fields that JSON would hold. Each is read once, so that a getter cannot change `model` after its check. */
function copyFields(kind: Kind, input: unknown): Record<string, unknown> {
  const given = checkObject(kind, input);
  const { toJSON } = given;
  const fields = {
    ...(typeof toJSON === 'function' ? checkObject(kind, Reflect.apply(toJSON, given, [''])) : given),
  };
  // JSON.stringify would call it, and what it returns would go out
  if (typeof fields.toJSON === 'function') delete fields.toJSON;
  return fields;
}
