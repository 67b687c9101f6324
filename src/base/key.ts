import type { ClientOptions } from './options.js';
import { parseUrl, printableUrl } from './redact.js';

/** Where the clients of a provider look for a key and a base URL that the options leave out. */
export interface Defaults {
  keyNames: readonly string[];
  baseUrlName: string;
  baseUrl: string;
  /** The function that takes the options, for messages. */
  factory: string;
}

/** Reads and checks the key, without quoting it. A `TypeError` is misuse, any other error is the caller's function's. */
export function readKey(
  option: ClientOptions['apiKey'],
  names: Pick<Defaults, 'keyNames' | 'factory'>,
): string | Promise<string> {
  if (typeof option !== 'function') return checkKey(option, names);
  return callKeyFunction(option).then((key) => checkKey(key, names));
}

function checkKey(
  given: string | undefined,
  { keyNames, factory }: Pick<Defaults, 'keyNames' | 'factory'>,
): string {
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

function firstInEnvironment(names: readonly string[]): string | undefined {
  return names.map(readVariable).find((value) => value?.trim());
}

function readVariable(name: string): string | undefined {
  try {
    return globalThis.process?.env?.[name];
  } catch {
    // Deno throws where the program may not read this variable: for the program there is none
    return undefined;
  }
}

/** Reads the base URL, without a trailing slash or version. The error does not quote the URL. */
export function readBaseUrl(option: string | URL | undefined, defaults: Defaults): string {
  const given = option ?? firstInEnvironment([defaults.baseUrlName]) ?? defaults.baseUrl;
  const url = parseUrl(String(given).trim());
  // they differ where the URL has a part that may be secret: user, password, query
  if (!url || url.href !== printableUrl(url)) {
    const name = option === undefined ? defaults.baseUrlName : 'baseUrl';
    throw new TypeError(
      `Cannot use ${name}: it takes an http(s) URL without user, password, query and fragment.`,
    );
  }
  let { href } = url;
  while (href.endsWith('/')) href = href.slice(0, -1);
  return href.replace(/\/v[12]$/, '');
}
