export type {
  Fetch,
  FetchBody,
  FetchHeaders,
  FetchInit,
  FetchReader,
  FetchResponse,
} from './base/options.js';
export { createUndiciFetch, type UndiciFetch, type UndiciFetchOptions } from './undici/fetch.js';
