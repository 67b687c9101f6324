import type { AroundCreate } from '../base/around-create.js';
import type { Fetch } from '../base/fetch.js';
import { readKey } from '../base/key.js';
import { defaultMaxRetries, type Settings } from '../base/options.js';
import type { Provider, VideoJob } from '../base/results.js';
import { secretsOf } from '../base/secrets.js';
import { version } from '../base/version.js';
import type { Answer, Problem } from './answer.js';
import { globalFetch } from './global-fetch.js';

/** What a client's calls have in common. */
export interface Config extends Settings {
  readonly fetch: Fetch;
  readonly maxRetries: number;
  /** Values of the headers that no message may show. */
  readonly secrets: readonly string[];
  readonly provider: ProviderRules;
  /**
   * Runs right around the attempts of a create, within the functions of the caller: nothing is reserved for a create that
   * one of them holds back. Unlike those it ends by itself at an abort, so that no answer is lost that has arrived.
   */
  readonly account?: AroundCreate | undefined;
  /** Takes each job that a status check brought. */
  readonly seeJob?: ((job: VideoJob) => void) | undefined;
  /** Throws or rejects with a `TypeError` where there is no usable key. */
  key(): string | Promise<string>;
}

/** How a provider's answers are read. */
export interface ProviderRules {
  readonly name: Provider;
  /** What to do about a paid create whose answer was lost, as a sentence without a full stop. */
  adviceOnLoss(clientRequestId: string): string;
  /** Reads an answer that is no success; `path` is the request's, without the base. */
  readProblem(answer: Answer, path: string): Problem;
}

export function toConfig(settings: Settings, provider: ProviderRules): Config {
  return {
    ...settings,
    fetch: settings.fetch ?? globalFetch,
    maxRetries: settings.maxRetries ?? defaultMaxRetries,
    headers: { accept: 'application/json', 'user-agent': `aimlapi-wan/${version}`, ...settings.headers },
    secrets: secretsOf(settings.headers),
    provider,
    key: () => readKey(settings.apiKey, settings.defaults),
  };
}
