import type { Kind, Model } from './model.js';
import type { registry } from './registry.js';

type Registry = typeof registry;
type OfKind<K extends Kind> = {
  [Id in keyof Registry]: Registry[Id] extends Model<K, infer Input> ? Input : never;
}[keyof Registry];

/** What `generateImage` takes: `model` decides on the other fields. */
export type ImageInput = OfKind<'image'>;

/** What `generateVideo` takes: `model` decides on the other fields. */
export type VideoInput = OfKind<'video'>;

/** The name of a model that makes images, short or long. */
export type ImageModel = ImageInput['model'];

/** The name of a model that makes videos, short or long. */
export type VideoModel = VideoInput['model'];

/** What the model of this name takes, short or long: `InputOf<'wan2.2-t2v-plus'>`. */
export type InputOf<Name extends ImageModel | VideoModel> = Choose<ImageInput | VideoInput, Name>;

type Choose<Input extends { model: string }, Name> = Input extends unknown
  ? Name extends Input['model']
    ? Input
    : never
  : never;
