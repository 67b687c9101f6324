import { DownloadError } from '../base/errors.js';
import { record } from '../base/record.js';
import type { ImageResult } from '../base/results.js';
import { messageOf } from '../base/thrown.js';

/** Images that are made and paid for, and of which at least one could not be fetched: `result` has the links of all. */
export class ImageDownloadError extends DownloadError {
  override readonly name: string = 'ImageDownloadError';
  readonly #result: ImageResult;

  constructor(result: ImageResult, failed: number, cause: unknown) {
    const { url, status, bytesReceived } = record(cause);
    const message = `Cannot fetch ${failed} of ${result.images.length} images, which are paid for (error.result has their links): ${messageOf(cause)}`;
    super(
      message,
      {
        url: typeof url === 'string' ? url : undefined,
        status: typeof status === 'number' ? status : undefined,
        bytesReceived: typeof bytesReceived === 'number' ? bytesReceived : 0,
      },
      { cause },
    );
    this.#result = result;
  }

  /** Save its images later, with `save` or `download`. Not part of inspect output or JSON: the links are signed. */
  get result(): ImageResult {
    return this.#result;
  }
}
