import { parseUrl, printableUrl } from './redact.js';

/** Where the clients of a provider look for a key and a base URL that the options leave out. */
export interface Defaults {
  keyNames: readonly string[];
  baseUrlName: string;
  baseUrl: string;
  /** The function that takes the options, for messages. */
  factory: string;
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

/** The first of these variables of the environment that is not blank. */
export function firstInEnvironment(names: readonly string[]): string | undefined {
  return names.map((name) => process.env[name]).find((value) => value?.trim());
}
