import { isHttp, parseUrl } from './url.js';

/** Where the clients of a provider look for a key and a base URL that the options leave out. */
export interface Defaults {
  keyNames: readonly string[];
  baseUrlName: string;
  baseUrl: string;
  /** The function that takes the options, for messages. */
  factory: string;
}

/** The expressions below would take quadratic time for a long row of slashes. */
const longestUrl = 2_000;

/** The paths that the providers' pages show after the version. A gateway may have other paths there. */
const endpoint = /\/+v\d\/+((images|videos?|generate|chat|models?|logs|billing|key)(\/.*)?)$/i;

/** A host, with a port or a path or neither. */
const bareHost = /^(\/\/)?(localhost|[\w-]+(\.[\w-]+)+|\[[\da-f:.]+\])(:\d+)?(\/|$)/i;

/** Reads the base URL, without a trailing slash or version. The error does not quote the URL. */
export function readBaseUrl(option: string | URL | undefined, defaults: Defaults): string {
  const given = String(
    option === undefined ? (firstInEnvironment([defaults.baseUrlName]) ?? defaults.baseUrl) : option,
  ).trim();
  const refuse = (what: string) => {
    const name = option === undefined ? defaults.baseUrlName : 'baseUrl';
    return new TypeError(`Cannot use ${name}: ${what}.`);
  };
  if (given.length > longestUrl) throw refuse(`it is longer than ${longestUrl} characters`);
  if (bareHost.test(given)) throw refuse('it has no scheme: put "https://" before it');
  const url = parseUrl(given);
  const [, path] = endpoint.exec(url?.pathname ?? '') ?? [];
  if (path !== undefined) {
    throw refuse(`it is a whole endpoint: take "/${path}" off, each call adds its own path`);
  }
  // they differ where the URL has a part that may be secret: user, password, query
  if (!url || !isHttp(url) || url.href !== url.origin + url.pathname) {
    throw refuse('it takes an http(s) URL without user, password, query and fragment');
  }
  return url.href.replace(/\/*(\/v[12])?\/*$/i, '');
}

/** The first of these variables of the environment that is not blank. */
export function firstInEnvironment(names: readonly string[]): string | undefined {
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
