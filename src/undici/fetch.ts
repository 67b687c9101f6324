import { buildConnector, Client } from 'undici';
import type { Fetch, FetchInit, FetchResponse } from '../base/fetch.js';
import { checkHeaderName } from '../base/headers.js';
import { checkOptionNames, type OptionNames } from '../base/option-names.js';
import { outOfRange } from '../base/options.js';
import { isHttp, parseUrl } from '../base/url.js';
import { readTls, type TlsOptions, unsent } from './connect.js';
import { Lanes } from './lanes.js';
import { readProxy } from './proxy.js';

export interface UndiciFetchOptions {
  /**
   * The most connections to one origin for GETs (polls, files that you name), as many again for creates, and for files
   * that an answer names. A request that finds none free waits in line. The `timeoutMs` of a GET includes this wait, that
   * of a create does not, unless you wrap this fetch in a function without the property `connections`.
   * @defaultValue `128`
   */
  connections?: number | undefined;
  /**
   * An HTTP proxy, as `http://user:password@host:port`; or `'env'`: the environment's `HTTP_PROXY`, `HTTPS_PROXY` and
   * `NO_PROXY`, or the same in lower case. @defaultValue none
   */
  proxy?: string | URL | undefined;
  /**
   * Milliseconds that an idle connection is kept for the next GET, or less if the server asks for less. With `0`, each
   * connection serves one request. @defaultValue `10_000`
   */
  keepAliveMs?: number | undefined;
  /** Options of `tls.connect` for every https server; an https proxy gets only `ca` and `rejectUnauthorized`. */
  tls?: TlsOptions | undefined;
}

const optionNames: OptionNames<UndiciFetchOptions> = {
  connections: true,
  proxy: true,
  keepAliveMs: true,
  tls: true,
};

/** A {@link Fetch} with connections of its own. */
export interface UndiciFetch extends Fetch {
  readonly connections: number;
  /** Whether requests to this URL go through a proxy, which resolves the name. */
  readonly resolvesElsewhere: (url: string) => boolean;
  /** Takes no more requests; resolves when those under way are done and every connection is closed. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a `fetch` with connections of its own, for the option `fetch` of a client.
 *
 * Use it for nothing else: it has only the part of fetch that the clients need. It follows no redirects, keeps no
 * cookies and no cache, and speaks HTTP/1.1. A body has to be read or cancelled, as with any fetch.
 *
 * GETs reuse connections. Each POST gets a new connection: a server may close an idle one while the POST is on its way.
 * An answer may take any time; only `timeoutMs` ends the request.
 *
 * @throws {Error} where undici has no dispatcher: Bun has an `undici` of its own, without one
 * @throws {TypeError} when `proxy` or `tls` cannot be used; the message does not quote it
 * @throws {RangeError} when `connections` or `keepAliveMs` is out of range
 * @example
 * ```ts
 * const wan = createWan({ fetch: createUndiciFetch({ connections: 32, proxy: 'env' }) });
 * ```
 */
export function createUndiciFetch(options: UndiciFetchOptions = {}): UndiciFetch {
  checkUndici();
  checkOptionNames('call createUndiciFetch', options, optionNames);
  const { connections = 128, keepAliveMs = 10_000, tls = {} } = options;
  if (!Number.isInteger(connections) || connections < 1) {
    throw outOfRange('connections', 'a whole number from 1', connections);
  }
  if (typeof keepAliveMs !== 'number' || !(keepAliveMs >= 0)) {
    throw outOfRange('keepAliveMs', 'milliseconds from 0', keepAliveMs);
  }
  const chooseProxy = readProxy(options.proxy);
  const connectThrough = readTls(tls);
  const byOrigin = new Map<string, Lanes>();
  let onAllClosed: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  const openLanes = (key: string, url: URL, keptMs: number, isPublicOnly: boolean): Lanes => {
    const connector = connectThrough(chooseProxy(url), isPublicOnly);
    const lanes = new Lanes(url.origin, connections, keptMs, connector, () => {
      byOrigin.delete(key);
      if (byOrigin.size === 0) onAllClosed?.();
    });
    byOrigin.set(key, lanes);
    return lanes;
  };
  const fetch = async (address: string, init: FetchInit): Promise<FetchResponse> => {
    init.signal.throwIfAborted();
    const url = parseUrl(address);
    if (!url || !isHttp(url)) throw new TypeError('Cannot fetch: the address is no http(s) URL.');
    if (closing) throw unsent('it is closed: close() was called on this fetch');
    for (const name of Object.keys(init.headers)) checkHeaderName(name);
    // creates have lanes of their own: they must not wait for polls that use every connection
    const kind = init.fresh ? 'fresh' : init.method;
    const isPublicOnly = init.publicOnly === true;
    // an open connection may lead to a private address
    const key = `${kind} ${isPublicOnly ? 'public ' : ''}${url.origin}`;
    const lanes = byOrigin.get(key) ?? openLanes(key, url, kind === 'GET' ? keepAliveMs : 0, isPublicOnly);
    return lanes.send(url, init);
  };
  // an address that cannot be parsed is refused by fetch itself
  const resolvesElsewhere = (address: string): boolean => {
    const url = parseUrl(address);
    return url !== undefined && chooseProxy(url) !== undefined;
  };
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      onAllClosed = resolve;
      if (byOrigin.size === 0) resolve();
      for (const lanes of byOrigin.values()) lanes.close();
    });
    return closing;
  };
  return Object.assign(fetch, { connections, resolvesElsewhere, close, [Symbol.asyncDispose]: close });
}

/** Bun replaces undici by a module of its own, in which these names do nothing. */
function checkUndici(): void {
  if (typeof Client?.prototype?.dispatch === 'function' && typeof buildConnector === 'function') return;
  throw new Error(
    'Cannot create an undici fetch: the undici of this runtime has no dispatcher. Leave the option fetch out, and the global fetch is used.',
  );
}
