export type { Fetch, FetchBody, FetchHeaders, FetchInit, FetchReader, FetchResponse } from './base/fetch.js';
export { createUndiciFetch, type UndiciFetch, type UndiciFetchOptions } from './undici/fetch.js';
