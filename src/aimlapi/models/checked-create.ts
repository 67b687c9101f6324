import { printable } from '../../base/redact.js';
import { toInvalidInputError } from '../../input/explain.js';
import { nearest } from '../../input/nearest.js';
import { type CreateRequest, checkObject, refuse, toCreateRequest } from './create.js';
import { findModel, type KnownModel, knownModels, shortOf } from './find-model.js';
import { type Kind, kinds, type Model } from './model.js';
import type { registry } from './registry.js';

type Registry = typeof registry;
type InputOf<K extends Kind> = {
  [Id in keyof Registry]: Registry[Id] extends Model<K, infer Input> ? Input : never;
}[keyof Registry];

/** What `generateImage` takes: `model` decides on the other fields. */
export type ImageInput = InputOf<'image'>;

/** What `generateVideo` takes: `model` decides on the other fields. */
export type VideoInput = InputOf<'video'>;

/** What to send for an input; throws an `InvalidInputError` where that breaks a rule of its model. */
export function toCheckedCreate(kind: Kind, input: unknown): CreateRequest {
  const { model: name, ...fields } = checkObject(kind, input);
  const { id, path, check } = findOfKind(kind, name);
  const result = check(fields);
  if ('issues' in result) throw toInvalidInputError(kinds[kind].doing, id, result.issues);
  return toCreateRequest(kind, id, path, { model: id, ...result.value });
}

/** The model of this name; throws where there is none, or where another function makes its kind. */
function findOfKind(kind: Kind, name: unknown): KnownModel {
  const found = findModel(name);
  if (found?.kind === kind) return found;
  const { call } = kinds[kind];
  if (found) refuse(kind, 'model', `is a model of ${kinds[found.kind].call}, not of ${call}`, name);
  const ofKind = knownModels().filter((each) => each.kind === kind);
  const rule = `takes one of ${ofKind.map(({ id }) => shortOf(id)).join(', ')}`;
  if (name === undefined) refuse(kind, 'model', `is missing: it ${rule}`);
  const plain = String(printable(name)).replace(/^alibaba\//i, '');
  const names = ofKind.flatMap((each) => each.names).filter((each) => each === shortOf(each));
  const near = names.find((each) => each.startsWith(`${plain}-`)) ?? nearest(plain, names);
  const hint = near === undefined ? rule : `is not known: did you mean "${near}"?`;
  return refuse(kind, 'model', `${hint} (${call}Unchecked takes any other)`, name);
}
