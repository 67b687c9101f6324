import type { $ZodType } from 'zod/v4/core';
import { InvalidInputError } from '../../base/errors.js';
import { isRecord, record, text } from '../../base/json.js';
import { isBytes, messageOf, printable } from '../../base/redact.js';
import { nearest } from '../../input/nearest.js';
import { type Checked, check, type FieldLimits, limitsOf, toInvalidInputError } from '../../input/schema.js';
import { type Wan26I2vInput, wan26I2v } from './wan-2-6-i2v.js';
import { type Wan26ImageInput, wan26Image } from './wan-2-6-image.js';
import { type Wan26ImageToVideoFlashInput, wan26ImageToVideoFlash } from './wan-2-6-image-to-video-flash.js';
import { type Wan26R2vInput, wan26R2v } from './wan-2-6-r2v.js';
import { type Wan26T2vInput, wan26T2v } from './wan-2-6-t2v.js';
import { type Wan27I2vInput, wan27I2v } from './wan-2-7-i2v.js';
import { type Wan27ImageInput, wan27Image } from './wan-2-7-image.js';
import { type Wan27ImageProInput, wan27ImagePro } from './wan-2-7-image-pro.js';
import { type Wan27R2vInput, wan27R2v } from './wan-2-7-r2v.js';
import { type Wan27T2vInput, wan27T2v } from './wan-2-7-t2v.js';
import { type WanV21TextToVideoInput, wanV21TextToVideo } from './wan-v2.1-1.3b-text-to-video.js';
import { type Wan21T2vPlusInput, wan21T2vPlus } from './wan2.1-t2v-plus.js';
import { type Wan21T2vTurboInput, wan21T2vTurbo } from './wan2.1-t2v-turbo.js';
import { type Wan22AnimateMoveInput, wan22AnimateMove } from './wan2.2-14b-animate-move.js';
import { type Wan22AnimateReplaceInput, wan22AnimateReplace } from './wan2.2-14b-animate-replace.js';
import { type Wan22I2vPlusInput, wan22I2vPlus } from './wan2.2-i2v-plus.js';
import { type Wan22T2iFlashInput, wan22T2iFlash } from './wan2.2-t2i-flash.js';
import { type Wan22T2iPlusInput, wan22T2iPlus } from './wan2.2-t2i-plus.js';
import { type Wan22T2vPlusInput, wan22T2vPlus } from './wan2.2-t2v-plus.js';
import { type Wan22VaceFunDepthInput, wan22VaceFunDepth } from './wan2.2-vace-fun-a14b-depth.js';
import {
  type Wan22VaceFunInpaintingInput,
  wan22VaceFunInpainting,
} from './wan2.2-vace-fun-a14b-inpainting.js';
import {
  type Wan22VaceFunOutpaintingInput,
  wan22VaceFunOutpainting,
} from './wan2.2-vace-fun-a14b-outpainting.js';
import { type Wan22VaceFunPoseInput, wan22VaceFunPose } from './wan2.2-vace-fun-a14b-pose.js';
import { type Wan22VaceFunReframeInput, wan22VaceFunReframe } from './wan2.2-vace-fun-a14b-reframe.js';
import { type Wan25I2vPreviewInput, wan25I2vPreview } from './wan2.5-i2v-preview.js';
import { type Wan25T2iPreviewInput, wan25T2iPreview } from './wan2.5-t2i-preview.js';
import { type Wan25T2vPreviewInput, wan25T2vPreview } from './wan2.5-t2v-preview.js';

type Kind = 'image' | 'video';

interface Model<K extends Kind, Input> {
  kind: K;
  /** Where the API takes its creates. */
  path: string;
  /** What else the API's catalogue calls it, without `alibaba/`. */
  others: readonly string[];
  typicalMs: number | undefined;
  // no schema: this type is in the declarations, which need no zod
  check(fields: unknown): Checked<Omit<Input, 'model'>>;
  limits(): FieldLimits;
}

/** What a model's file has. */
interface Build<Input> {
  (): $ZodType<Omit<Input, 'model'>>;
  /** How long a job takes, where the documentation records a run. */
  typicalMs?: number;
}

/** Its schema is built when first needed, and kept. */
function model<K extends Kind, Input>(
  kind: K,
  build: Build<Input>,
  others: readonly string[],
): Model<K, Input> {
  let built: $ZodType<Omit<Input, 'model'>> | undefined;
  const schema = () => {
    built ??= build();
    return built;
  };
  return {
    kind,
    path: kinds[kind].path,
    others,
    typicalMs: build.typicalMs,
    check: (fields) => check(schema(), fields),
    limits: () => limitsOf(schema()),
  };
}

function image<Input>(build: Build<Input>, ...others: string[]) {
  return model<'image', Input>('image', build, others);
}

function video<Input>(build: Build<Input>, ...others: string[]) {
  return model<'video', Input>('video', build, others);
}

function legacyVideo<Input>(build: Build<Input>) {
  return { ...video(build), path: legacyVideoPath };
}

export const videoPath = '/v2/video/generations';
/** The page of each older Wan video model still prints this one, and one model is known only there. */
export const legacyVideoPath = '/v2/generate/video/alibaba/generation';

const kinds = {
  image: { call: 'generateImage', doing: 'make the image', path: '/v1/images/generations' },
  video: { call: 'generateVideo', doing: 'start the video', path: videoPath },
};

/** Every model, by its id on the wire. The unions of inputs below follow from it. */
const registry = {
  'alibaba/wan2.2-t2i-flash': image<Wan22T2iFlashInput>(wan22T2iFlash),
  'alibaba/wan2.2-t2i-plus': image<Wan22T2iPlusInput>(wan22T2iPlus),
  'alibaba/wan2.5-t2i-preview': image<Wan25T2iPreviewInput>(wan25T2iPreview),
  'alibaba/wan-2-6-image': image<Wan26ImageInput>(wan26Image, 'wan2.6-image'),
  'alibaba/wan-2-7-image': image<Wan27ImageInput>(wan27Image, 'wan2.7-image'),
  'alibaba/wan-2-7-image-pro': image<Wan27ImageProInput>(wan27ImagePro, 'wan2.7-image-pro'),
  'wan/v2.1/1.3b/text-to-video': legacyVideo<WanV21TextToVideoInput>(wanV21TextToVideo),
  'alibaba/wan2.1-t2v-turbo': video<Wan21T2vTurboInput>(wan21T2vTurbo),
  'alibaba/wan2.1-t2v-plus': video<Wan21T2vPlusInput>(wan21T2vPlus),
  'alibaba/wan2.2-t2v-plus': video<Wan22T2vPlusInput>(wan22T2vPlus),
  'alibaba/wan2.2-i2v-plus': video<Wan22I2vPlusInput>(wan22I2vPlus),
  'alibaba/wan2.2-14b-animate-move': video<Wan22AnimateMoveInput>(wan22AnimateMove),
  'alibaba/wan2.2-14b-animate-replace': video<Wan22AnimateReplaceInput>(wan22AnimateReplace),
  'alibaba/wan2.2-vace-fun-a14b-depth': video<Wan22VaceFunDepthInput>(wan22VaceFunDepth),
  'alibaba/wan2.2-vace-fun-a14b-pose': video<Wan22VaceFunPoseInput>(wan22VaceFunPose),
  'alibaba/wan2.2-vace-fun-a14b-inpainting': video<Wan22VaceFunInpaintingInput>(wan22VaceFunInpainting),
  'alibaba/wan2.2-vace-fun-a14b-outpainting': video<Wan22VaceFunOutpaintingInput>(wan22VaceFunOutpainting),
  'alibaba/wan2.2-vace-fun-a14b-reframe': video<Wan22VaceFunReframeInput>(wan22VaceFunReframe),
  'alibaba/wan2.5-t2v-preview': video<Wan25T2vPreviewInput>(wan25T2vPreview),
  'alibaba/wan2.5-i2v-preview': video<Wan25I2vPreviewInput>(wan25I2vPreview),
  'alibaba/wan-2-6-t2v': video<Wan26T2vInput>(wan26T2v, 'wan2.6-t2v'),
  'alibaba/wan-2-6-i2v': video<Wan26I2vInput>(wan26I2v, 'wan2.6-i2v'),
  'alibaba/wan-2-6-image-to-video-flash': video<Wan26ImageToVideoFlashInput>(
    wan26ImageToVideoFlash,
    'wan2.6-i2v-flash',
  ),
  'alibaba/wan-2-6-r2v': video<Wan26R2vInput>(wan26R2v, 'wan2.6-r2v'),
  'alibaba/wan-2-7-t2v': video<Wan27T2vInput>(wan27T2v, 'wan2.7-t2v'),
  'alibaba/wan-2-7-i2v': video<Wan27I2vInput>(wan27I2v, 'wan2.7-i2v'),
  'alibaba/wan-2-7-r2v': video<Wan27R2vInput>(wan27R2v, 'wan2.7-r2v'),
};

type Registry = typeof registry;
type InputOf<K extends Kind> = {
  [Id in keyof Registry]: Registry[Id] extends Model<K, infer Input> ? Input : never;
}[keyof Registry];

/** What `generateImage` takes: `model` decides on the other fields. */
export type ImageInput = InputOf<'image'>;

/** What `generateVideo` takes: `model` decides on the other fields. */
export type VideoInput = InputOf<'video'>;

type AnyModel = Model<Kind, { model: string }>;

interface KnownModel extends AnyModel {
  id: string;
  /** All that it goes by, the id first. */
  names: string[];
}

let known: readonly KnownModel[] | undefined;

function knownModels(): readonly KnownModel[] {
  known ??= Object.entries<AnyModel>(registry).map(([id, each]) => {
    const others = each.others.flatMap((other) => [`alibaba/${other}`, other]);
    return { ...each, id, names: [...new Set([id, shortOf(id), ...others])] };
  });
  return known;
}

function shortOf(id: string): string {
  return id.replace('alibaba/', '');
}

/** The model of this name, long or short. */
export function findModel(name: unknown): KnownModel | undefined {
  return knownModels().find(({ names }) => names.some((each) => each === name));
}

/** Milliseconds that a job of it takes, where the documentation records a run. */
export function typicalMsOf(name: string | undefined): number | undefined {
  return findModel(name)?.typicalMs;
}

/** A create that is about to be sent. */
export interface Create {
  /** The model's id on the wire. */
  model: string;
  path: string;
  body: object;
  /** `body` as JSON, written once: this goes out. */
  json: string;
  /** What it does, in words. */
  doing: string;
  /** The resolution, where the body names one. */
  variant?: string | undefined;
}

const mostFields = 200;

/** What to send for an input; throws an `InvalidInputError` where that breaks a rule of its model. */
export function checkInput(kind: Kind, input: unknown): Create {
  const { model: name, ...fields } = checkObject(kind, input);
  const { id, path, check } = findOfKind(kind, name);
  const { doing } = kinds[kind];
  const count = Object.keys(fields).length;
  // a file that was spread by mistake: to look for the name that each field was meant to have would take seconds
  if (count > mostFields)
    throw toInvalidInputError(doing, id, [
      { path: '', message: `has ${count + 1} fields: no model takes so many` },
    ]);
  const result = check(fields);
  if ('issues' in result) throw toInvalidInputError(doing, id, result.issues);
  const body = { model: id, ...result.value };
  return {
    model: id,
    path,
    body,
    json: asJson(kind, () => JSON.stringify(body)),
    doing: `${doing} with ${id}`,
    variant: variantOf(body),
  };
}

/** A create of any model, also one that is not known here: `body` goes out as it is. */
export interface UncheckedInput {
  /** As the API calls it: nothing is put before it. */
  model: string;
  [field: string]: unknown;
}

/** What to send for a body that only the API is to judge. */
export function takeUnchecked(kind: Kind, input: unknown): Create {
  const body = asJson(kind, () => copyFields(kind, input));
  const { model } = body;
  if (typeof model !== 'string' || !/^[\w.:/-]{1,200}$/.test(model)) {
    return refuse(kind, 'model', 'takes the id of a model', model);
  }
  const { doing, path } = kinds[kind];
  const found = findModel(model);
  // as it is now: the caller may change it before it is sent
  const json = asJson(kind, () => JSON.stringify(body));
  return {
    model,
    path: found?.kind === kind ? found.path : path,
    body,
    json,
    doing: `${doing} with ${model}`,
    variant: variantOf(body),
  };
}

function variantOf(body: object): string | undefined {
  return text(record(body).resolution);
}

/** The fields that JSON would hold. Each is read once, so that a getter cannot change `model` after its check. */
function copyFields(kind: Kind, input: unknown): Record<string, unknown> {
  const { toJSON, ...fields } = checkObject(kind, input);
  if (typeof toJSON !== 'function') return toJSON === undefined ? fields : { ...fields, toJSON };
  const written = { ...checkObject(kind, Reflect.apply(toJSON, input, [''])) };
  // JSON.stringify calls toJSON once, and leaves out functions
  if (typeof written.toJSON === 'function') written.toJSON = undefined;
  return written;
}

/** What a step towards JSON gives. What the caller's getters throw on the way is an input that is not sent. */
function asJson<T>(kind: Kind, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    return refuse(kind, '', `cannot be written as JSON (${messageOf(cause)})`);
  }
}

/** Throws the error for an input that is not sent. */
function refuse(kind: Kind, path: string, message: string, value?: unknown): never {
  const received = value === undefined ? {} : { received: printable(value) };
  throw toInvalidInputError(kinds[kind].doing, undefined, [{ path, message, ...received }]);
}

function checkObject(kind: Kind, input: unknown): Record<string, unknown> {
  // a spread of bytes would make a field of each
  return isRecord(input) && !isBytes(input)
    ? input
    : refuse(kind, '', 'takes an object such as { model, prompt }');
}

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

/** Every model that is known here. */
export function models(): ModelInfo[] {
  return knownModels().map(({ id, names, kind, limits }) => {
    const { properties = {} } = limits();
    const inputs = Object.entries(properties).flatMap(([name, { media, items }]) =>
      name === 'prompt' ? ('text' as const) : (media ?? items?.media ?? []),
    );
    return {
      id,
      aliases: names.slice(1),
      kind,
      inputs: [...new Set(inputs)],
      // a copy: what the caller does with it must not change the checks
      limits: structuredClone(properties),
    };
  });
}
