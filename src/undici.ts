export { createUndiciFetch, type UndiciFetch, type UndiciFetchOptions } from './http/undici-fetch.js';
export type { Fetch, FetchBody, FetchHeaders, FetchInit, FetchReader, FetchResponse } from './options.js';
