import type { Kind, Model } from './model.js';
import { registry } from './registry.js';

type AnyModel = Model<Kind, { model: string }>;

export interface KnownModel extends AnyModel {
  id: string;
  /** All its names, the id first. */
  names: string[];
}

let known: readonly KnownModel[] | undefined;
let byName: ReadonlyMap<unknown, KnownModel> | undefined;

export function knownModels(): readonly KnownModel[] {
  known ??= Object.entries<AnyModel>(registry).map(([id, each]) => {
    const others = each.others.flatMap((other) => [`alibaba/${other}`, other]);
    return { ...each, id, names: [...new Set([id, shortOf(id), ...others])] };
  });
  return known;
}

/** The id without `alibaba/`. */
export function shortOf(id: string): string {
  return id.replace('alibaba/', '');
}

/** The model of this name, long or short. */
export function findKnownModel(name: unknown): KnownModel | undefined {
  byName ??= new Map(knownModels().flatMap((model) => model.names.map((each) => [each, model])));
  return byName.get(name);
}

/** Milliseconds that a job of it takes, where the documentation records a run. */
export function typicalMsOf(name: string | undefined): number | undefined {
  return findKnownModel(name)?.typicalMs;
}
