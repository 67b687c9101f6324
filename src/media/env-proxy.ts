import { firstInEnvironment } from '../base/base-url.js';

/**
 * Whether the runtime's own fetch sends a request through a proxy of the environment: then the proxy resolves the name.
 * Where it is not certain that `NO_PROXY` excepts a host, it counts as excepted.
 */
export function isProxiedByEnvironment({ protocol, hostname }: URL): boolean {
  const isOfOther = 'Deno' in globalThis || 'Bun' in globalThis;
  if (!isOfOther && !isProxyingSwitchedOn()) return false;
  // Node takes the proxy of http for https too
  const names = protocol === 'http:' ? ['http_proxy'] : ['https_proxy', ...(isOfOther ? [] : ['http_proxy'])];
  return readEither(names) !== undefined && !isExempt(hostname, readEither(['no_proxy']) ?? '');
}

/** Node 24 and newer, and 22 from 22.21, use the proxies of the environment only where they are told to. */
function isProxyingSwitchedOn(): boolean {
  const flag = '--use-env-proxy';
  return (
    firstInEnvironment(['NODE_USE_ENV_PROXY']) === '1' ||
    firstInEnvironment(['NODE_OPTIONS'])?.includes(flag) === true ||
    globalThis.process?.execArgv?.includes(flag) === true
  );
}

function readEither(names: readonly string[]): string | undefined {
  return firstInEnvironment(names.flatMap((name) => [name, name.toUpperCase()]));
}

function isExempt(hostname: string, list: string): boolean {
  const host = hostname.replace(/\.$/, '');
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .map((entry) => entry.replace(/:\d+$/, '').replace(/^\*?\.|\.$/g, ''))
    .some((name) => name === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`))));
}
