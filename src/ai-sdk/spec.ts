/**
 * What the AI SDK and a provider pass each other, as far as it is used here: the image and video models of its
 * specification v3, and `doStart` and `doStatus` of v4. Written out, because the declarations of this package must compile
 * in apps without `ai`; test/ai-sdk holds them to the types of `ai` 6 and 7.
 */

type JsonValue = null | string | number | boolean | JsonObject | JsonValue[];

/** No interface: the AI SDK's types take none for JSON. */
export type JsonObject = { [name: string]: JsonValue | undefined };

/** Something of the call that the model cannot do, or that the caller should know. */
export type Warning =
  | { type: 'unsupported'; feature: string; details?: string }
  | { type: 'other'; message: string };

export type ModelFile =
  | { type: 'file'; mediaType: string; data: string | Uint8Array }
  | { type: 'url'; url: string; mediaType?: string };

/** What one HTTP call of the AI SDK may bring. */
export interface CallSettings {
  abortSignal?: AbortSignal | undefined;
  headers?: Record<string, string | undefined> | undefined;
}

/** What images and videos are asked for with. */
export interface CreateOptions extends CallSettings {
  prompt: string | undefined;
  n: number;
  seed: number | undefined;
  providerOptions: Readonly<Record<string, unknown>>;
}

export interface ImageCallOptions extends CreateOptions {
  size: `${number}x${number}` | undefined;
  aspectRatio: `${number}:${number}` | undefined;
  files: ModelFile[] | undefined;
  mask: ModelFile | undefined;
}

export interface VideoCallOptions extends CreateOptions {
  aspectRatio: `${number}:${number}` | 'adaptive' | undefined;
  resolution: `${number}x${number}` | undefined;
  /** Seconds. */
  duration: number | undefined;
  fps: number | undefined;
  image: ModelFile | undefined;
  /** Not known to the first versions of `ai` 6, as the two below. */
  frameImages?: { image: ModelFile; frameType: 'first_frame' | 'last_frame' }[] | undefined;
  inputReferences?: ModelFile[] | undefined;
  generateAudio?: boolean | undefined;
}

export interface ResponseFacts {
  timestamp: Date;
  modelId: string;
  headers: Record<string, string> | undefined;
}

interface Generated {
  warnings: Warning[];
  response: ResponseFacts;
}

export interface GeneratedImages extends Generated {
  images: Uint8Array[];
  /** `false`: the AI SDK would answer a result without images with another paid call. */
  isRetryable: false;
  providerMetadata: Record<string, { images: JsonObject[] }>;
}

export interface GeneratedVideo extends Generated {
  videos: ({ type: 'binary'; data: Uint8Array; mediaType: string } | VideoLink)[];
  providerMetadata: Record<string, JsonObject>;
}

interface VideoLink {
  type: 'url';
  url: string;
  mediaType: string;
}

export interface StartedVideo extends Generated {
  /** Plain JSON: store it, and pass it to `doStatus` in any process. */
  operation: JsonObject;
  providerMetadata: Record<string, JsonObject>;
}

export type VideoStatus = { response: ResponseFacts; providerMetadata: Record<string, JsonObject> } & (
  | { status: 'pending' }
  | { status: 'completed'; videos: VideoLink[]; warnings: Warning[] }
  | { status: 'error'; error: string }
);

interface ModelFacts {
  readonly specificationVersion: 'v3';
  readonly provider: string;
  readonly modelId: string;
}

export interface AimlapiImageModel extends ModelFacts {
  readonly maxImagesPerCall: number;
  doGenerate(options: ImageCallOptions): Promise<GeneratedImages>;
}

export interface AimlapiVideoModel extends ModelFacts {
  readonly maxVideosPerCall: 1;
  /** Makes a video, waits for it and fetches it. */
  doGenerate(options: VideoCallOptions): Promise<GeneratedVideo>;
  /** Starts a video. `ai` 7 uses it where a call has `poll`, and in `experimental_startVideo`. */
  doStart(options: VideoCallOptions & { webhookUrl?: string | undefined }): Promise<StartedVideo>;
  /** Asks once for the state of a video; a check that fails is `pending`. */
  doStatus(options: CallSettings & { operation: unknown }): Promise<VideoStatus>;
}
