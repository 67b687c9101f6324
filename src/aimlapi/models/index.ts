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

const action = {
  image: { doing: 'make the image', call: 'generateImage' },
  video: { doing: 'start the video', call: 'generateVideo' },
};

/** Whether it is the long or short id of a video model. */
export function isVideoModel(name: string): boolean {
  return (byId.get(name) ?? byId.get(`alibaba/${name}`))?.kind === 'video';
}

/** The model's long id and the body to send; throws an `InvalidInputError` where the input breaks a rule. */
export function checkInput(kind: Kind, input: unknown): { model: string; body: object } {
  const { doing } = action[kind];
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
  const id = typeof name === 'string' && !byId.has(name) ? `alibaba/${name}` : String(name);
  const model = byId.get(id);
  if (model?.kind === kind) return { id, model };
  const known = [...byId].filter(([, { kind: other }]) => other === kind).map(([knownId]) => knownId);
  const received = name === undefined ? {} : { received: printable(name) };
  const issue = { path: 'model', message: modelMessage(name, model, known), ...received };
  throw toInvalidInputError(action[kind].doing, undefined, [issue]);
}

function modelMessage(name: unknown, model: Model<Kind, unknown> | undefined, known: string[]): string {
  if (model) return `is a ${model.kind} model: give it to ${action[model.kind].call}`;
  const rule = `takes one of ${known.join(', ')}`;
  if (name === undefined) return `is missing: it ${rule}`;
  const near = nearest(
    String(name).replace(/^alibaba\//, ''),
    known.map((id) => id.replace(/^alibaba\//, '')),
  );
  return near === undefined ? rule : `${rule} (did you mean "${near}"?)`;
}
