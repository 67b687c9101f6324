import type { ZodMiniType } from 'zod/mini';
import { isRecord } from '../../json.js';
import { nearest } from '../../nearest.js';
import { printable } from '../../redact.js';
import { type Check, checkWith, toInvalidInputError } from '../../schema.js';
import { type Wan26ImageInput, wan26Image } from './wan-2-6-image.js';
import { type Wan22T2iPlusInput, wan22T2iPlus } from './wan2.2-t2i-plus.js';
import { type Wan22T2vPlusInput, wan22T2vPlus } from './wan2.2-t2v-plus.js';
import { type Wan25T2iPreviewInput, wan25T2iPreview } from './wan2.5-t2i-preview.js';

type Kind = 'image' | 'video';

interface Model<K extends Kind, Input> {
  kind: K;
  check: Check<Input>;
}

function image<Input>(schema: () => ZodMiniType<Input>): Model<'image', Input> {
  return { kind: 'image', check: checkWith(schema) };
}

function video<Input>(schema: () => ZodMiniType<Input>): Model<'video', Input> {
  return { kind: 'video', check: checkWith(schema) };
}

/** Every model, by its long id. The unions of inputs below follow from it. */
const registry = {
  'alibaba/wan2.2-t2i-plus': image<Wan22T2iPlusInput>(wan22T2iPlus),
  'alibaba/wan2.5-t2i-preview': image<Wan25T2iPreviewInput>(wan25T2iPreview),
  'alibaba/wan-2-6-image': image<Wan26ImageInput>(wan26Image),
  'alibaba/wan2.2-t2v-plus': video<Wan22T2vPlusInput>(wan22T2vPlus),
};

type Registry = typeof registry;
type InputOf<K extends Kind> = {
  [Id in keyof Registry]: Registry[Id] extends Model<K, infer Input> ? Input : never;
}[keyof Registry];

/** What `generateImage` takes: `model` decides on the other fields. */
export type ImageInput = InputOf<'image'>;

/** What `generateVideo` takes: `model` decides on the other fields. */
export type VideoInput = InputOf<'video'>;

const byId = new Map<string, Model<Kind, { model: string }>>(Object.entries(registry));

const action = { image: 'make the image', video: 'start the video' };
const place = {
  image: 'an image model: give it to generateImage',
  video: 'a video model: give it to generateVideo',
};

function longIdOf(name: string): string | undefined {
  return [name, `alibaba/${name}`].find((id) => byId.has(id));
}

/** Whether it is the long or short id of a video model. */
export function isVideoModel(name: string): boolean {
  return byId.get(longIdOf(name) ?? '')?.kind === 'video';
}

/** Whether both are known and not the same; the log may go by names that are not known here. */
export function isOtherModel(logged: string | undefined, asked: string): boolean {
  const [one, other] = [longIdOf(logged ?? ''), longIdOf(asked)];
  return one !== undefined && other !== undefined && one !== other;
}

/** The model's long id and the body to send; throws an `InvalidInputError` where the input breaks a rule. */
export function checkInput(kind: Kind, input: unknown): { model: string; body: object } {
  const doing = action[kind];
  if (!isRecord(input)) {
    const received = printable(input);
    const issue = { path: '', message: 'takes an object such as { model, prompt }', received };
    throw toInvalidInputError(doing, undefined, [issue]);
  }
  const { id, model } = findModel(kind, input.model);
  const result = model.check(input);
  if ('issues' in result) throw toInvalidInputError(doing, id, result.issues);
  return { model: id, body: { ...result.value, model: id } };
}

function findModel(kind: Kind, name: unknown): { id: string; model: Model<Kind, { model: string }> } {
  const given = typeof name === 'string' ? name : '';
  const id = longIdOf(given) ?? '';
  const model = byId.get(id);
  if (model?.kind === kind) return { id, model };
  const received = name === undefined ? {} : { received: printable(name) };
  const message = model ? `is ${place[model.kind]}` : unknownModel(kind, name, given);
  throw toInvalidInputError(action[kind], undefined, [{ path: 'model', message, ...received }]);
}

function unknownModel(kind: Kind, name: unknown, given: string): string {
  const known = [...byId].filter(([, other]) => other.kind === kind).map(([id]) => id);
  const rule = `takes one of ${known.join(', ')}`;
  if (name === undefined) return `is missing: it ${rule}`;
  const short = (id: string) => id.replace(/^alibaba\//i, '');
  const near = nearest(short(given), known.map(short));
  return near === undefined ? rule : `${rule} (did you mean "${near}"?)`;
}
