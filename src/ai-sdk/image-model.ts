import type { Wan } from '../aimlapi/wan.js';
import type { RequestOptions } from '../base/options.js';
import type { ImageResult } from '../base/results.js';
import { payOnce, toCreateOptions } from './call.js';
import { readOwn, toTarget } from './draft.js';
import { ImageDownloadError } from './image-download-error.js';
import { draftImage } from './image-input.js';
import { toReceipt } from './metadata.js';
import type { AimlapiImageModel, GeneratedImages } from './spec.js';

/** The client judges the fields, so that here any object will do. */
interface Images extends Pick<Wan, 'download' | 'generateImageUnchecked'> {
  generateImage(input: object, options: RequestOptions): Promise<ImageResult>;
}

/** A plain object: `ai` 7 reaches it through a Proxy, which private members of a class do not survive. */
export function createImageModel(client: () => Images, modelId: string): AimlapiImageModel {
  const target = toTarget('image', modelId);
  const { num_images: count } = target.limits;
  return {
    specificationVersion: 'v3',
    provider: 'aimlapi.image',
    modelId,
    maxImagesPerCall: (target.isKnown && count?.maximum) || 1,
    async doGenerate(options) {
      const draft = await draftImage(target, options);
      const input = { ...draft.fields, ...readOwn(draft, options), model: modelId };
      return payOnce(
        options.abortSignal,
        async () =>
          target.isKnown
            ? client().generateImage(input, toCreateOptions(options))
            : client().generateImageUnchecked(input, toCreateOptions(options)),
        async (result) =>
          toGenerated(result, await fetchAll(client(), result, options.abortSignal), draft.warnings),
      );
    },
  };
}

async function fetchAll(
  wan: Images,
  result: ImageResult,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const fetched = await Promise.allSettled(result.images.map((image) => wan.download(image, { signal })));
  signal?.throwIfAborted();
  const failed = fetched.filter((each) => each.status === 'rejected');
  const [first] = failed;
  if (first) throw new ImageDownloadError(result, failed.length, first.reason);
  return fetched.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

function toGenerated(
  result: ImageResult,
  images: Uint8Array[],
  warnings: GeneratedImages['warnings'],
): GeneratedImages {
  return {
    images,
    isRetryable: false,
    warnings,
    providerMetadata: {
      aimlapi: { images: images.map((_, index) => (index === 0 ? toReceipt(result) : {})) },
    },
    response: {
      timestamp: new Date(result.createdAt ?? Date.now()),
      modelId: result.model,
      headers: undefined,
    },
  };
}
