import type { FieldLimits } from '../../input/limits.js';
import { findKnownModel, type KnownModel, knownModels } from './find-model.js';
import type { ImageModel, VideoModel } from './inputs.js';
import type { Kind } from './model.js';

export interface ModelInfo {
  /** As it goes to the API. */
  id: string;
  /** What else it may be called here: the short id, and other names that the API's catalogue has for it. */
  aliases: string[];
  kind: Kind;
  /** What it works from. */
  inputs: ('text' | 'image' | 'video' | 'audio')[];
  /** What each field takes, in the words of JSON Schema; where nothing is said, the API names no limit. */
  limits: Readonly<Record<string, FieldLimits>>;
}

/**
 * Every model that is known here, with the limits of its fields. Nothing is sent.
 *
 * @example A picker of models
 * ```ts
 * const names = models().filter(({ kind }) => kind === 'video').map(({ id }) => id);
 * ```
 */
export function models(): ModelInfo[] {
  return knownModels().map(toModelInfo);
}

/**
 * The model of this name, short or long; `undefined` where none is known by it.
 *
 * @example
 * ```ts
 * const seconds = findModel('wan2.6-t2v')?.limits.duration?.enum;
 * ```
 */
export function findModel(name: ImageModel | VideoModel | (string & {})): ModelInfo | undefined {
  const model = findKnownModel(name);
  return model && toModelInfo(model);
}

function toModelInfo({ id, names, kind, limits }: KnownModel): ModelInfo {
  const { properties = {} } = limits();
  const inputs = Object.entries(properties).flatMap(([name, { media, items }]) =>
    name === 'prompt' ? ('text' as const) : (media ?? items?.media ?? []),
  );
  return {
    id,
    aliases: names.slice(1),
    kind,
    inputs: [...new Set(inputs)],
    // a copy, because the caller may change it
    limits: JSON.parse(JSON.stringify(properties)),
  };
}
