import { createWan } from '../aimlapi/client.js';
import type { ImageModel, VideoModel } from '../aimlapi/models/inputs.js';
import { findModel } from '../aimlapi/models/list-models.js';
import { type Kind, kinds } from '../aimlapi/models/model.js';
import type { Wan } from '../aimlapi/wan.js';
import { checkOptionNames, type OptionNames } from '../base/option-names.js';
import { type ClientOptions, clientOptionNames } from '../base/options.js';
import { createImageModel } from './image-model.js';
import { noSuchModel } from './no-such-model.js';
import type { AimlapiImageModel, AimlapiVideoModel } from './spec.js';
import { createVideoModel } from './video-model.js';

/** The options of `createWan`. */
export interface AimlapiSettings extends ClientOptions {
  /** The AI SDK's spelling of `baseUrl`. */
  baseURL?: string | URL | undefined;
}

const settingNames: OptionNames<AimlapiSettings> = { ...clientOptionNames, baseURL: true };

type ImageModelId = ImageModel | (string & {});
type VideoModelId = VideoModel | (string & {});

/** A provider of the AI SDK, for `ai` 6 and 7. A model that is not known here is sent unchecked, with a warning. */
export interface AimlapiProvider {
  readonly specificationVersion: 'v3';
  /** An image model, for `generateImage`. */
  image(modelId: ImageModelId): AimlapiImageModel;
  /** The same as `image`: registries ask for it by this name. */
  imageModel(modelId: ImageModelId): AimlapiImageModel;
  /** A video model, for `experimental_generateVideo`, and in `ai` 7 `experimental_startVideo`. */
  video(modelId: VideoModelId): AimlapiVideoModel;
  /** The same as `video`: registries ask for it by this name. */
  videoModel(modelId: VideoModelId): AimlapiVideoModel;
  /** @throws NoSuchModelError always */
  languageModel(modelId: string): never;
  /** @throws NoSuchModelError always */
  embeddingModel(modelId: string): never;
}

/**
 * Makes a provider for the AI SDK (`ai` 6 and 7). `ai` calls a model again after an error that is marked as retryable;
 * none from here is, because the client itself repeats what is safe to repeat. So a create is never paid for twice.
 *
 * Headers of a call go out with the create and with `doStatus`; `idempotency-key` becomes the client request id. Fields
 * of the API that the AI SDK has no option for go into `providerOptions.aimlapi`, in the API's names.
 *
 * @throws {TypeError} {@link RangeError} as `createWan` does
 * @example
 * ```ts
 * const { image } = await generateImage({ model: aimlapi.image('wan2.5-t2i-preview'), prompt: 'a lighthouse' });
 * ```
 */
export function createAimlapi(settings: AimlapiSettings = {}): AimlapiProvider {
  checkOptionNames('call createAimlapi', settings, settingNames);
  const { baseURL, ...options } = settings;
  if (baseURL !== undefined && options.baseUrl !== undefined) {
    throw new TypeError(
      'Cannot call createAimlapi: baseURL and baseUrl are the same option. Pass one of them.',
    );
  }
  const wan = createWan({ ...options, baseUrl: options.baseUrl ?? baseURL });
  return toProvider(() => wan);
}

let fromEnvironment: Wan | undefined;

/** A provider with the key and the base URL of the environment, which is read at the first call. */
export const aimlapi: AimlapiProvider = toProvider(() => {
  fromEnvironment ??= createWan();
  return fromEnvironment;
});

function toProvider(client: () => Wan): AimlapiProvider {
  const image = (modelId: string) => createImageModel(client, checkKind('image', modelId));
  const video = (modelId: string) => createVideoModel(client, checkKind('video', modelId));
  const refuse = (modelType: 'languageModel' | 'embeddingModel', modelId: string): never => {
    throw noSuchModel(modelType, modelId, 'This provider has image and video models.');
  };
  return {
    specificationVersion: 'v3',
    image,
    imageModel: image,
    video,
    videoModel: video,
    languageModel: (modelId) => refuse('languageModel', modelId),
    embeddingModel: (modelId) => refuse('embeddingModel', modelId),
  };
}

function checkKind(kind: Kind, modelId: string): string {
  const known = findModel(modelId);
  if (!known || known.kind === kind) return modelId;
  throw noSuchModel(
    `${kind}Model`,
    modelId,
    `It makes ${known.kind}s: use .${known.kind}(…) and ${kinds[known.kind].call}.`,
  );
}
