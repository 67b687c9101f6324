import * as fields from './fields.js';
import type { ObjectRule } from './issues.js';

export { findIssues, type Issue } from './issues.js';

/**
 * The API's models and their rules. They are copied from the API's documentation and not from the client's schemas,
 * so that the tests find mistakes in the client's schemas.
 */

export interface ModelRules {
  kind: 'image' | 'video';
  body: ObjectRule;
  /** The API accepts this model at the legacy path only. */
  legacy?: true;
}

function imageRules(properties: ObjectRule['properties']): ModelRules {
  return { kind: 'image', body: bodyRule(properties, ['prompt']) };
}

function videoRules(properties: ObjectRule['properties'], required: string[]): ModelRules {
  return { kind: 'video', body: bodyRule(properties, required) };
}

function bodyRule(properties: ObjectRule['properties'], required: string[]): ObjectRule {
  return { type: 'object', properties, required: ['model', ...required] };
}

export const modelRules: Readonly<Record<string, ModelRules>> = {
  'alibaba/wan2.2-t2i-plus': imageRules(fields.textToImage),
  'alibaba/wan2.2-t2i-flash': imageRules(fields.textToImage),
  'alibaba/wan2.5-t2i-preview': imageRules(fields.textToImage),
  'alibaba/wan-2-6-image': imageRules(fields.imageToImage),
  'alibaba/wan-2-7-image': imageRules(fields.imageToImage),
  'alibaba/wan-2-7-image-pro': imageRules(fields.imageToImage),
  'wan/v2.1/1.3b/text-to-video': { ...videoRules(fields.legacy, ['prompt']), legacy: true },
  'alibaba/wan2.1-t2v-turbo': videoRules(fields.textToVideo21Turbo, ['prompt']),
  'alibaba/wan2.1-t2v-plus': videoRules(fields.textToVideo21, ['prompt']),
  'alibaba/wan2.2-t2v-plus': videoRules(fields.textToVideo22, ['prompt']),
  'alibaba/wan2.2-i2v-plus': videoRules(fields.imageToVideo22, ['prompt', 'image_url']),
  'alibaba/wan2.2-14b-animate-move': videoRules(fields.animate, ['video_url', 'image_url']),
  'alibaba/wan2.2-14b-animate-replace': videoRules(fields.animate, ['video_url', 'image_url']),
  'alibaba/wan2.2-vace-fun-a14b-depth': videoRules(fields.vace, ['prompt', 'video_url']),
  'alibaba/wan2.2-vace-fun-a14b-pose': videoRules(fields.vace, ['prompt', 'video_url']),
  'alibaba/wan2.2-vace-fun-a14b-inpainting': videoRules(fields.inpainting, ['prompt', 'video_url']),
  'alibaba/wan2.2-vace-fun-a14b-outpainting': videoRules(fields.outpainting, ['prompt', 'video_url']),
  'alibaba/wan2.2-vace-fun-a14b-reframe': videoRules(fields.reframe, ['video_url']),
  'alibaba/wan2.5-t2v-preview': videoRules(fields.textToVideo25, ['prompt']),
  'alibaba/wan2.5-i2v-preview': videoRules(fields.imageToVideo25, ['prompt', 'image_url']),
  'alibaba/wan-2-6-t2v': videoRules(fields.textToVideo26, ['prompt']),
  'alibaba/wan-2-6-i2v': videoRules(fields.imageToVideo26, ['prompt', 'image_url']),
  'alibaba/wan-2-6-image-to-video-flash': videoRules(fields.imageToVideo26, ['prompt', 'image_url']),
  'alibaba/wan-2-6-r2v': videoRules(fields.referenceToVideo26, ['prompt', 'video_urls']),
  'alibaba/wan-2-7-t2v': videoRules(fields.textToVideo26, ['prompt']),
  'alibaba/wan-2-7-i2v': videoRules(fields.imageToVideo27, ['prompt', 'image_url']),
  'alibaba/wan-2-7-r2v': videoRules(fields.referenceToVideo27, ['prompt']),
};

/** From each alias to the id of its model. */
const aliases = new Map([
  ['alibaba/wan2.6-image', 'alibaba/wan-2-6-image'],
  ['alibaba/wan2.6-t2v', 'alibaba/wan-2-6-t2v'],
  ['alibaba/wan2.6-i2v', 'alibaba/wan-2-6-i2v'],
  ['alibaba/wan2.6-i2v-flash', 'alibaba/wan-2-6-image-to-video-flash'],
  ['alibaba/wan2.6-r2v', 'alibaba/wan-2-6-r2v'],
  ['alibaba/wan2.7-image', 'alibaba/wan-2-7-image'],
  ['alibaba/wan2.7-image-pro', 'alibaba/wan-2-7-image-pro'],
  ['alibaba/wan2.7-t2v', 'alibaba/wan-2-7-t2v'],
  ['alibaba/wan2.7-i2v', 'alibaba/wan-2-7-i2v'],
  ['alibaba/wan2.7-r2v', 'alibaba/wan-2-7-r2v'],
]);

export function aliasesOf(model: string): string[] {
  return [...aliases].flatMap(([alias, id]) => (id === model ? [alias] : []));
}

/** The id of the model that has this id or alias. */
export function idOf(name: string): string {
  return aliases.get(name) ?? name;
}

/** Finds the rules of a model by its id or alias. */
export function findRules(name: string): ModelRules | undefined {
  const id = idOf(name);
  return Object.hasOwn(modelRules, id) ? modelRules[id] : undefined;
}
