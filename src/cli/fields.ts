import type { ModelInfo } from '../models.js';
import { UsageError } from './failure.js';
import { type Arguments, type Flags, readArguments } from './flags.js';
import { type Limits, toFieldFlags } from './model-flags.js';
import { nearName } from './near-name.js';
import type { Fields, Kind, Session } from './session.js';

/** Reads the flags of a command again, with those of the model that they name. */
export async function readFieldFlags(
  kind: Kind | 'any',
  args: readonly string[],
  own: Flags,
  first: Arguments,
): Promise<Pick<Session, 'given' | 'flags' | 'fields'>> {
  const isVtrix = first.text('provider') === 'vtrix';
  const read = (limits: Limits) => {
    const flags = { ...toFieldFlags(limits), ...own };
    return { flags, given: readArguments(args, flags) };
  };
  if (kind === 'any') {
    const all = read(await allLimits(kind));
    return { ...all, fields: await loadFields(kind, all.given.positionals[0]) };
  }
  const fields = isVtrix
    ? vtrixFields(kind, first.text('model'))
    : await loadFields(kind, first.text('model'));
  const exact = read(fields.limits);
  // a flag of another model is told apart from one that no model has
  const isOff = exact.given.mistakes.length > 0 && !isVtrix;
  return { ...(isOff ? read(await allLimits(kind)) : exact), fields };
}

const defaultModels = { image: 'wan2.5-t2i-preview', video: 'wan2.2-t2v-plus' };

/** The facts of a model. A name that is none is a mistake, told with the near one. */
export async function findKnownModel(name: string): Promise<ModelInfo> {
  const { findModel, models } = await import('../models.js');
  const found = findModel(name);
  if (found) return found;
  const near = nearName(
    name,
    models().flatMap(({ id, aliases }) => [id, ...aliases]),
  );
  const hint = near === undefined ? 'see aimlapi-wan models' : `did you mean ${near}?`;
  throw new UsageError([`"${name}" is no model that is known: ${hint}`]);
}

/** Of a model that is not known: the fields of all models, so that only its name is wrong. */
export async function loadFields(kind: Kind | 'any', named?: string): Promise<Fields> {
  const { findModel } = await import('../models.js');
  const model = named ?? defaultModels[kind === 'image' ? 'image' : 'video'];
  const found = findModel(model);
  return {
    model,
    limits: found?.limits ?? (await allLimits(kind)),
    toInput: (fields) => ({ model, ...fields }),
  };
}

/** The fields of every model of a kind. */
export async function allLimits(kind: Kind | 'any'): Promise<Limits> {
  const { models } = await import('../models.js');
  const some = models().filter((model) => kind === 'any' || model.kind === kind);
  return Object.assign({}, ...some.map(({ limits }) => limits));
}

/** Vtrix has one model, and no door tells its fields. */
const vtrixLimits: Limits = {
  prompt: { type: 'string' },
  negative_prompt: { type: 'string' },
  size: { type: 'string' },
  duration: { type: 'integer' },
  prompt_extend: { type: 'boolean' },
  watermark: { type: 'boolean' },
  seed: { type: 'integer' },
};

export function vtrixFields(kind: Kind | 'any', model = 'wan22_t2v_plus'): Fields {
  if (kind === 'image') throw new UsageError(['--provider vtrix makes no images']);
  return {
    model,
    limits: vtrixLimits,
    toInput({ prompt, negative_prompt, ...rest }) {
      const parameters = Object.keys(rest).length > 0 ? { parameters: rest } : {};
      return {
        model,
        input: { prompt, ...(negative_prompt !== undefined && { negative_prompt }) },
        ...parameters,
      };
    },
  };
}
