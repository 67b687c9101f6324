import type { Fetch } from '../base/fetch.js';
import { secretsOf } from '../base/headers.js';
import { type Defaults, readBaseUrl, readKey } from '../base/key.js';
import { type Attempt, type ClientOptions, checkFunction, checkOptions } from '../base/options.js';
import { version } from '../base/version.js';
import type { Answer, Problem } from './answer.js';
import { globalFetch } from './global-fetch.js';

const defaultMaxRetries = 4;

/** What a client's calls have in common. */
export interface Config {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the headers that no message may show. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number | undefined;
  readonly maxRetries: number;
  readonly onAttempt: ((attempt: Attempt) => void) | undefined;
  readonly provider: ProviderRules;
  /** Throws or rejects with a `TypeError` where there is no usable key. */
  key(): string | Promise<string>;
}

/** How a provider's answers are read, and the defaults of its clients. */
export interface ProviderRules {
  readonly defaults: Defaults;
  /** What to do about a paid create whose answer was lost, as a sentence without a full stop. */
  adviceOnLoss(clientRequestId: string): string;
  /** Reads an answer that is no success; `path` is the request's, without the base. */
  readProblem(answer: Answer, path: string): Problem;
}

export function createConfig(options: ClientOptions, provider: ProviderRules): Config {
  const headers = checkOptions(options);
  if ('x-client-request-id' in headers) {
    throw new TypeError('Cannot use the header "x-client-request-id" for all calls: each has its own.');
  }
  checkFunction('fetch', options.fetch);
  checkFunction('onAttempt', options.onAttempt);
  return {
    baseUrl: readBaseUrl(options.baseUrl, provider.defaults),
    fetch: options.fetch ?? globalFetch,
    headers: { accept: 'application/json', 'user-agent': `aimlapi-wan/${version}`, ...headers },
    secrets: secretsOf(headers),
    timeoutMs: options.timeoutMs,
    maxRetries: options.maxRetries ?? defaultMaxRetries,
    onAttempt: options.onAttempt,
    provider,
    key: () => readKey(options.apiKey, provider.defaults),
  };
}
