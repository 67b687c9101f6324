import { findModel, models } from '../aimlapi/models/list-models.js';
import { type Kind, kinds } from '../aimlapi/models/model.js';
import { isRecord } from '../base/record.js';
import { printable } from '../base/redact.js';
import { toInvalidInputError } from '../input/explain.js';
import type { FieldLimits } from '../input/limits.js';
import { toDataUri } from '../media/data-uri.js';
import type { CreateOptions, ModelFile, Warning } from './spec.js';

type Limits = Readonly<Record<string, FieldLimits>>;

/** The model of a call, and what it can do. */
export interface Target {
  kind: Kind;
  modelId: string;
  /** Of a model that is not known here: the fields of all models of its kind. */
  limits: Limits;
  isKnown: boolean;
}

export function toTarget(kind: Kind, modelId: string): Target {
  const known = findModel(modelId);
  if (known) return { kind, modelId, limits: known.limits, isKnown: true };
  const all = models().filter((each) => each.kind === kind);
  return { kind, modelId, limits: Object.assign({}, ...all.map(({ limits }) => limits)), isKnown: false };
}

/** The input of a create as it is put together, and what of the call the model cannot do. */
export interface Draft extends Target {
  fields: Record<string, unknown>;
  warnings: Warning[];
}

/** A draft with what images and videos have in common. */
export function startDraft(target: Target, { prompt, seed }: CreateOptions): Draft {
  const draft: Draft = { ...target, fields: {}, warnings: [] };
  if (!target.isKnown) {
    const message = `The model "${target.modelId}" is not known here: nothing was checked before it was sent.`;
    draft.warnings.push({ type: 'other', message });
  }
  put(draft, 'prompt', 'prompt', prompt);
  put(draft, 'seed', 'seed', seed);
  return draft;
}

/** Puts a value into a field; where the model has no such field, the value becomes a warning. */
export function put(draft: Draft, feature: string, field: string | undefined, value: unknown): void {
  if (value === undefined) return;
  if (field !== undefined && Object.hasOwn(draft.limits, field)) draft.fields[field] = value;
  else warn(draft, feature, `${draft.modelId} has no field for it.`);
}

export function warn({ warnings }: Draft, feature: string, details: string): void {
  warnings.push({ type: 'unsupported', feature, details });
}

/**
 * What `providerOptions.aimlapi` holds: fields in the API's own names. They win over what the AI SDK has an option for,
 * and the client checks them as it checks all fields.
 */
export function readOwn(draft: Draft, { providerOptions }: CreateOptions): Record<string, unknown> {
  const given: unknown = providerOptions?.aimlapi ?? {};
  if (!isRecord(given)) throw refuse(draft, '', 'takes an object of fields of the model', given);
  // undefined is the same as left out: it must not take the place of an option of the call
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if ('model' in own) throw refuse(draft, '.model', 'is none: the id chooses the model', own.model);
  return own;
}

/** The error for a part of `providerOptions.aimlapi`. Nothing was sent. */
export function refuse({ kind, modelId }: Draft, place: string, message: string, value: unknown): Error {
  const path = `providerOptions.aimlapi${place}`;
  return toInvalidInputError(kinds[kind].doing, modelId, [{ path, message, received: printable(value) }]);
}

/** The first field for a file of this sort, or for a list of such files. */
export function fieldFor({ limits }: Draft, medium: string, shape: 'one' | 'list'): string | undefined {
  const mediaOf = ({ media, items }: FieldLimits) => (shape === 'one' ? media : items?.media);
  return Object.entries(limits).find(([, each]) => mediaOf(each) === medium)?.[0];
}

/** The words that a field takes. */
export function wordsOf(limits: FieldLimits | undefined): string[] {
  const all = [...(limits?.enum ?? []), ...(limits?.anyOf ?? []).flatMap((each) => each.enum ?? [])];
  return all.filter((word) => typeof word === 'string');
}

/** Width and height of `1280x720`. */
export function parseSize(text: string | undefined): { width: number; height: number } | undefined {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text ?? '') ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}

/** What the API takes in place of a file. */
export async function toAddress(file: ModelFile): Promise<string> {
  if (file.type === 'url') return file.url;
  return typeof file.data === 'string' ? `data:${file.mediaType};base64,${file.data}` : toDataUri(file.data);
}
