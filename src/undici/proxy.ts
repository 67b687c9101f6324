import { isHttp, parseUrl } from '../base/url.js';
import { readExemptions } from './exemptions.js';

export interface HttpProxy {
  /** Without the user and the password. */
  readonly origin: string;
  /** `host:port`, for messages. */
  readonly name: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/** Reads the option `proxy`. Gives the function that chooses the proxy for an origin. No error quotes the option. */
export function readProxy(option: string | URL | undefined): (origin: URL) => HttpProxy | undefined {
  if (option === undefined) return () => undefined;
  if (option !== 'env') {
    const proxy = parseProxy('proxy', option);
    return () => proxy;
  }
  const http = readVariable('http_proxy');
  const https = readVariable('https_proxy') ?? http;
  const isExempt = readExemptions(process.env.no_proxy ?? process.env.NO_PROXY ?? '');
  return (origin) => (isExempt(origin) ? undefined : origin.protocol === 'https:' ? https : http);
}

/** The lower-case name comes first, as in curl and undici. */
function readVariable(lowerCase: string): HttpProxy | undefined {
  const name = [lowerCase, lowerCase.toUpperCase()].find((known) => process.env[known] !== undefined);
  const value = name && process.env[name]?.trim();
  return value ? parseProxy(`${name} of the environment`, value) : undefined;
}

function parseProxy(source: string, address: string | URL): HttpProxy {
  const url = parseUrl(String(address).trim());
  try {
    if (!url || !isHttp(url)) throw new TypeError();
    const { protocol, hostname, port, origin, username, password } = url;
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      origin,
      name: `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`,
      authorization: login === ':' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
    };
  } catch {
    // the thrown error quotes the address, with its password
    throw new TypeError(
      `Cannot use ${source}: it is no http or https URL, such as "http://user:password@host:port".`,
    );
  }
}
