import * as fields from './fields.js';
import type { ObjectRule } from './issues.js';

export { findIssues, type Issue } from './issues.js';

/**
 * The API's models and their rules. They are copied from the API's documentation and not from the client's schemas,
 * so that the tests find mistakes in the client's schemas.
 */

export interface ModelRules {
  kind: 'image' | 'video';
  /** The credits for one image or one video. If the caller can choose the length, the credits for 10 s. */
  credits: number;
  body: ObjectRule;
  /** The API accepts this model at the legacy path only. */
  legacy?: true;
}

/** An invented price, for models whose price the API does not document. */
const undocumentedCredits = 200_000;

function imageRules(properties: ObjectRule['properties'], credits: number): ModelRules {
  return { kind: 'image', credits, body: bodyRule(properties, ['prompt']) };
}

function videoRules(
  properties: ObjectRule['properties'],
  required: string[],
  credits = undocumentedCredits,
): ModelRules {
  return { kind: 'video', credits, body: bodyRule(properties, required) };
}

function bodyRule(properties: ObjectRule['properties'], required: string[]): ObjectRule {
  return { type: 'object', properties, required: ['model', ...required] };
}

export const modelRules: Readonly<Record<string, ModelRules>> = {
  'alibaba/wan2.2-t2i-plus': imageRules(fields.textToImage, 105_000),
  'alibaba/wan2.2-t2i-flash': imageRules(fields.textToImage, 52_500),
  'alibaba/wan2.5-t2i-preview': imageRules(fields.textToImage, 63_000),
  'alibaba/wan-2-6-image': imageRules(fields.imageToImage, 78_000),
  'alibaba/wan-2-7-image': imageRules(fields.imageToImage, 78_000),
  'alibaba/wan-2-7-image-pro': imageRules(fields.imageToImage, 195_000),
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
  'alibaba/wan2.5-t2v-preview': videoRules(fields.textToVideo25, ['prompt'], 1_050_000),
  'alibaba/wan2.5-i2v-preview': videoRules(fields.imageToVideo25, ['prompt', 'image_url']),
  'alibaba/wan-2-6-t2v': videoRules(fields.textToVideo26, ['prompt'], 3_150_000),
  'alibaba/wan-2-6-i2v': videoRules(fields.imageToVideo26, ['prompt', 'image_url'], 1_575_000),
  'alibaba/wan-2-6-image-to-video-flash': videoRules(fields.imageToVideo26, ['prompt', 'image_url']),
  'alibaba/wan-2-6-r2v': videoRules(fields.referenceToVideo26, ['prompt', 'video_urls'], 3_150_000),
  'alibaba/wan-2-7-t2v': videoRules(fields.textToVideo26, ['prompt'], 3_900_000),
  'alibaba/wan-2-7-i2v': videoRules(fields.imageToVideo27, ['prompt', 'image_url'], 3_900_000),
  'alibaba/wan-2-7-r2v': videoRules(fields.referenceToVideo27, ['prompt'], 3_900_000),
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

/** Finds the rules of a model by its id or alias. */
export function findRules(name: string): ModelRules | undefined {
  const id = aliases.get(name) ?? name;
  return Object.hasOwn(modelRules, id) ? modelRules[id] : undefined;
}
