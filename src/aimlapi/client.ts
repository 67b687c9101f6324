import type { Defaults } from '../base/base-url.js';
import { type ClientOptions, readSettings, type Settings } from '../base/options.js';
import { snapshot } from '../base/snapshot.js';
import type { Wan } from './wan.js';

const defaults: Defaults = {
  keyNames: ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY'],
  baseUrlName: 'AIMLAPI_BASE_URL',
  baseUrl: 'https://api.aimlapi.com',
  factory: 'createWan',
};

/** The code of all calls. It is not loaded before the first one, so that importing this package costs next to nothing. */
let createCalls: ((settings: Settings) => Wan) | undefined;

/**
 * Makes a client of the AIML API's Wan models. It opens nothing and reads no key before the first call.
 *
 * @throws {TypeError} when `baseUrl`, `fetch`, `onAttempt` or a header cannot be used; at the first call, when there is
 * no key or no global `fetch`
 * @throws {RangeError} when `timeoutMs`, `maxRetries` or `maxUsd` is out of range
 * @example
 * ```ts
 * const wan = createWan({ apiKey: process.env.MY_KEY, maxRetries: 2 });
 * ```
 */
export function createWan(options: ClientOptions = {}): Wan {
  const settings = readSettings(options, defaults);
  let loaded: Wan | undefined;

  const load = async (): Promise<Wan> => {
    ({ createCalls } = await import('./calls.js'));
    loaded ??= createCalls(settings);
    return loaded;
  };

  const forward =
    <Given extends unknown[], Result>(choose: (wan: Wan) => (...given: Given) => Promise<Result>) =>
    (...given: Given): Promise<Result> => {
      loaded ??= createCalls?.(settings);
      if (loaded) return choose(loaded)(...given);
      // what the caller changes while the code is loaded must not be sent
      const kept = snapshot(given);
      return load().then((wan) => choose(wan)(...kept));
    };

  return {
    spending: () => loaded?.spending() ?? { usd: 0, reservedUsd: 0, creates: 0, byModel: {} },
    generateImage: forward((wan) => wan.generateImage),
    generateVideo: forward((wan) => wan.generateVideo),
    generateImageUnchecked: forward((wan) => wan.generateImageUnchecked),
    generateVideoUnchecked: forward((wan) => wan.generateVideoUnchecked),
    getVideo: forward((wan) => wan.getVideo),
    pollUntilDone: forward((wan) => wan.pollUntilDone),
    async *watchVideo(...given) {
      const kept = createCalls ? given : snapshot(given);
      yield* (await load()).watchVideo(...kept);
    },
    orderVideo: forward((wan) => wan.orderVideo),
    startVideo: forward((wan) => wan.startVideo),
    checkVideo: forward((wan) => wan.checkVideo),
    findRequest: forward((wan) => wan.findRequest),
    recoverVideo: forward((wan) => wan.recoverVideo),
    estimateCost: forward((wan) => wan.estimateCost),
    getBalance: forward((wan) => wan.getBalance),
    getKey: forward((wan) => wan.getKey),
    async *listRequests(...given) {
      yield* (await load()).listRequests(...given);
    },
    save: forward((wan) => wan.save),
    download: forward((wan) => wan.download),
  };
}
