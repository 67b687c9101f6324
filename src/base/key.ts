import { type Defaults, firstInEnvironment } from './base-url.js';
import type { ClientOptions } from './options.js';

/** Reads and checks the key, without quoting it. A `TypeError` is misuse, any other error is the caller's function's. */
export function readKey(option: ClientOptions['apiKey'], defaults: Defaults): string | Promise<string> {
  if (typeof option !== 'function') return checkKey(option, defaults);
  return callKeyFunction(option).then((key) => checkKey(key, defaults));
}

function checkKey(given: string | undefined, { keyNames, factory }: Defaults): string {
  const key = String(given ?? firstInEnvironment(keyNames) ?? '').trim();
  if (key === '') {
    throw new TypeError(
      `Cannot call the API: there is no key. Set ${keyNames.join(' or ')} in the environment, or pass ${factory}({ apiKey }).`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError('Cannot use the API key: it takes printable ASCII without spaces.');
  }
  return key;
}

async function callKeyFunction(apiKey: () => string | Promise<string>): Promise<string> {
  try {
    return await apiKey();
  } catch (cause) {
    throw new Error('the apiKey function failed', { cause });
  }
}
