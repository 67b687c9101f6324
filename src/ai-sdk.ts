export { ImageDownloadError } from './ai-sdk/image-download-error.js';
export { type AimlapiProvider, type AimlapiSettings, aimlapi, createAimlapi } from './ai-sdk/provider.js';
export type { AimlapiImageModel, AimlapiVideoModel } from './ai-sdk/spec.js';
