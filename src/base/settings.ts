import { type Defaults, readBaseUrl } from './base-url.js';
import type { Fetch } from './fetch.js';
import { checkOptionNames, type OptionNames } from './option-names.js';
import {
  type Attempt,
  type ClientOptions,
  checkFunction,
  checkOptions,
  clientOptionNames,
} from './options.js';

export const defaultMaxRetries = 4;

/** What the options of a client say, checked. */
export interface Settings {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Absent where the global one is used. */
  readonly fetch: Fetch | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
  readonly maxRetries: number | undefined;
  readonly onAttempt: ((attempt: Attempt) => void) | undefined;
  /** Not checked: where there is none, the first call rejects. */
  readonly apiKey: ClientOptions['apiKey'];
  readonly defaults: Defaults;
}

/** `names` are those of the options that the client takes. */
export function readSettings(
  options: ClientOptions,
  defaults: Defaults,
  names: OptionNames<ClientOptions> = clientOptionNames,
): Settings {
  checkOptionNames(`call ${defaults.factory}`, options, names);
  const headers = checkOptions(options);
  if ('x-client-request-id' in headers) {
    throw new TypeError('Cannot use the header "x-client-request-id" for all calls: each has its own.');
  }
  checkFunction('fetch', options.fetch);
  checkFunction('onAttempt', options.onAttempt);
  return {
    baseUrl: readBaseUrl(options.baseUrl, defaults),
    fetch: options.fetch,
    headers,
    timeoutMs: options.timeoutMs,
    maxRetries: options.maxRetries,
    onAttempt: options.onAttempt,
    apiKey: options.apiKey,
    defaults,
  };
}
