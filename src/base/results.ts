/** What a call cost, as the API reported it. */
export interface Usage {
  /** Credits of the AIML API; 2,000,000 of them are 1 USD. Absent at Vtrix, which counts in USD. */
  creditsUsed?: number;
  /** US dollars; computed from the credits where the API names only those. */
  usdSpent: number;
  /** US dollars taken off, as Vtrix reports them. */
  discount?: number;
}

/** One picture: at least one of `url` and `base64` is there. */
export interface WanImage {
  /** Where the file can be fetched, without a key. It stops working at `expiresAt`. */
  url?: string;
  /** The file itself, base64-encoded. */
  base64?: string;
  /** ISO time at which `url` expires, where the URL says so (24 h in the API's samples). */
  expiresAt?: string;
}

export interface ImageResult {
  /** Never empty. */
  images: [WanImage, ...WanImage[]];
  /** ISO time. */
  createdAt?: string;
  /** The model's long id, as it was sent. */
  model: string;
  usage?: Usage;
  /** The API's id of this request (`x-inference-id`), for its log and its support. */
  inferenceId?: string;
  /** The id that this request carried (`x-client-request-id`). */
  clientRequestId: string;
  /** The untouched body of the answer. */
  raw: unknown;
}

/** A finished video. */
export interface Video {
  id: string;
  provider: Provider;
  model?: string;
  /** Where the file can be fetched, without a key. It stops working at `expiresAt`. */
  url: string;
  /** ISO time at which `url` expires, where the URL says so. */
  expiresAt?: string;
  durationSeconds?: number;
  usage?: Usage;
  /** The untouched body of the answer. Absent where `startVideo` or `checkVideo` gave the job. */
  raw?: unknown;
}

/** Who makes the video. */
export type Provider = 'aimlapi' | 'vtrix';

export type JobState = 'running' | 'done' | 'failed';

/** A video being made. Plain JSON: store it, or send it to another process, and wait there. */
export interface VideoJob {
  provider: Provider;
  /** Opaque: it may be a uuid, `uuid:model`, or begin with `-`. Do not use it as a file name. */
  id: string;
  state: JobState;
  /** The provider's own word for the state. */
  status: string;
  /** 0 to 1, where the provider reports it (Vtrix does). */
  progress?: number;
  model?: string;
  /** ISO time. */
  createdAt?: string;
  /** The id that the create carried (`x-client-request-id`). */
  clientRequestId?: string;
  /** The API's id of the create (`x-inference-id`); at Vtrix the remote task's (`jobId`). */
  inferenceId?: string;
  /** The status path that answered last; the next check asks it first. */
  statusPath?: string;
  usage?: Usage;
  /** Present as soon as the video is done. */
  video?: Video;
  /** Present when the job failed. */
  error?: { message: string; code?: string };
  /** The untouched body of the last answer. Absent where `startVideo` or `checkVideo` gave the job. */
  raw?: unknown;
}
