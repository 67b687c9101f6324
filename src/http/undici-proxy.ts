import { isHttp, parseUrl } from '../base/redact.js';

export interface HttpProxy {
  /** Without the user and the password. */
  readonly origin: string;
  /** `host:port`, for messages. */
  readonly name: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/** The proxy for an origin, where it has one. */
export type ChooseProxy = (origin: URL) => HttpProxy | undefined;

/** Reads the option `proxy`; an error about it does not quote it. */
export function readProxy(option: string | URL | undefined): ChooseProxy {
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
  const names = [lowerCase, lowerCase.toUpperCase()];
  const name = names.find((candidate) => process.env[candidate] !== undefined);
  const value = name && process.env[name]?.trim();
  return value ? parseProxy(`${name} of the environment`, value) : undefined;
}

function parseProxy(source: string, address: string | URL): HttpProxy {
  const url = parseUrl(typeof address === 'string' ? address.trim() : address);
  const authorization = url && toAuthorization(url);
  if (!url || !isHttp(url) || url.hostname === '' || authorization === undefined) {
    throw new TypeError(
      `Cannot use ${source}: it is no http or https URL, such as "http://user:password@host:port".`,
    );
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return {
    origin: url.origin,
    name: `${url.hostname}:${port}`,
    authorization: authorization || undefined,
  };
}

/** Empty where the URL holds no user; `undefined` where what it holds cannot be read. */
function toAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return '';
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch {
    return undefined;
  }
}

/** Hosts to reach without the proxy: each also stands for what is below it; `*` is all, a port may follow. */
function readExemptions(list: string): (origin: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [, host = entry, port] = /^(.+):(\d+)$/.exec(entry) ?? [];
      return { host: host.replace(/^\*?\.(?=.)/, ''), port };
    });
  return ({ protocol, hostname, port }) => {
    const actualPort = port || (protocol === 'https:' ? '443' : '80');
    return entries.some(
      (entry) =>
        (entry.port === undefined || entry.port === actualPort) &&
        (entry.host === '*' || hostname === entry.host || hostname.endsWith(`.${entry.host}`)),
    );
  };
}
