export type { Balance, KeyInfo } from './aimlapi/account.js';
export { createWan } from './aimlapi/client.js';
export {
  checkVideo,
  download,
  estimateCost,
  findRequest,
  generateImage,
  generateImageUnchecked,
  generateVideo,
  generateVideoUnchecked,
  getBalance,
  getKey,
  getVideo,
  listRequests,
  orderVideo,
  pollUntilDone,
  recoverVideo,
  save,
  spending,
  startVideo,
  watchVideo,
} from './aimlapi/default-client.js';
export type { ListRequestsInput } from './aimlapi/list-requests.js';
export type { FindRequestInput, LoggedRequest } from './aimlapi/log.js';
export type { RecoverFacts } from './aimlapi/logged-create.js';
export type { ImageSize, ImageSizePreset } from './aimlapi/models/image-fields.js';
export type { ImageInput, ImageModel, InputOf, VideoInput, VideoModel } from './aimlapi/models/inputs.js';
export type { UncheckedInput } from './aimlapi/models/unchecked.js';
export type { EstimateOptions, PricedInput } from './aimlapi/prices.js';
export type { RecoverOptions } from './aimlapi/recover.js';
export type { Wan } from './aimlapi/wan.js';
export type { AroundCreate, Create } from './base/around-create.js';
export {
  ApiError,
  AuthenticationError,
  BudgetExceededError,
  ConnectionError,
  DownloadError,
  type InputIssue,
  InsufficientCreditsError,
  InvalidInputError,
  JobError,
  OutcomeUnknownError,
  PermissionError,
  PollStoppedError,
  PollTimeoutError,
  RateLimitError,
  RequestTimeoutError,
  UnexpectedResponseError,
  VideoFailedError,
  WanError,
} from './base/errors.js';
export type { Fetch, FetchBody, FetchHeaders, FetchInit, FetchReader, FetchResponse } from './base/fetch.js';
export type { Attempt, ClientOptions, RequestOptions } from './base/options.js';
export { mayHaveBeenPaid } from './base/payment.js';
export type { ImageResult, JobState, Provider, Usage, Video, VideoJob, WanImage } from './base/results.js';
export type { Trace } from './base/trace.js';
export type { CreateTrace } from './http/trace.js';
export type { CheckOptions, VideoCheck } from './job/check-video.js';
export type { OrderOptions, VideoOrder } from './job/order.js';
export type { StartOptions } from './job/orders.js';
export type { PollOptions, VideoUpdate, WatchOptions } from './job/watch.js';
export type { DataUriOptions } from './media/data-uri.js';
export type { SavedFile } from './media/save.js';
export type { Media } from './media/source.js';
export { toDataUri } from './media/to-data-uri.js';
export type { SaveOptions } from './media/transfer.js';
export type { Spending, Sums } from './money/budget.js';
export type { CostEstimate } from './money/prices.js';
