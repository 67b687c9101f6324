import { buildConnector, Client } from 'undici';
import { checkHeaderName } from '../base/headers.js';
import { record, text } from '../base/json.js';
import type { Fetch, FetchInit, FetchResponse } from '../base/options.js';
import { parseUrl, printable } from '../base/redact.js';
import { onAbort } from '../time/abort.js';
import { type Connection, type Ending, reserve } from '../time/deadline.js';
import { createConnect, type TlsOptions, unsent } from './undici-connect.js';
import { exchange } from './undici-exchange.js';
import { Lanes } from './undici-lanes.js';
import { readProxy } from './undici-proxy.js';

export interface UndiciFetchOptions {
  /**
   * The most connections to one origin that polls, downloads and other GETs share. Creates have as many of their own.
   * What finds none free waits in line; of a status check that counts towards `timeoutMs`, of
   * a create it does not (behind a function of your own around this fetch it does). @defaultValue `128`
   */
  connections?: number | undefined;
  /**
   * An HTTP proxy, as `http://user:password@host:port`; or `'env'`: the environment's `HTTP_PROXY`, `HTTPS_PROXY` and
   * `NO_PROXY`, or the same in lower case. @defaultValue none
   */
  proxy?: string | URL | undefined;
  /**
   * Milliseconds that an idle connection is kept for the next GET, or less where the server asks for less; `0`: each
   * serves one request. @defaultValue `10_000`
   */
  keepAliveMs?: number | undefined;
  /** Options of `tls.connect` for every https server; an https proxy gets only `ca` and `rejectUnauthorized`. */
  tls?: TlsOptions | undefined;
}

/** A {@link Fetch} with connections of its own. */
export interface UndiciFetch extends Fetch {
  /** Takes no more requests; resolves when those under way are done and every connection is closed. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a `fetch` for the clients' option of that name, with connections of its own.
 *
 * It is no fetch for anything else: it takes and gives the part of it that the clients use. It follows no redirects,
 * keeps no cookies and no cache, and speaks HTTP/1.1. A body has to be read or cancelled, as with any fetch.
 *
 * GETs share warm connections. Each POST goes out on a connection of its own that was never idle, so that none is lost
 * on one that the server is about to close. There is no limit but `timeoutMs` to how long an answer may take.
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
  const { connections = 128, keepAliveMs = 10_000, tls = {} } = options;
  checkNumbers(connections, keepAliveMs);
  const chooseProxy = readProxy(options.proxy);
  const connect = readTls(tls);
  const byOrigin = new Map<string, Lanes>();
  let onAllClosed: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  const lanesFor = (url: URL, method: FetchInit['method']): Lanes => {
    const key = `${method} ${url.origin}`;
    const known = byOrigin.get(key);
    if (known) return known;
    const lanes = new Lanes(
      connections,
      {
        origin: url.origin,
        proxy: chooseProxy(url),
        connect,
        keepAliveMs: method === 'POST' ? 0 : keepAliveMs,
      },
      exchange,
      () => {
        byOrigin.delete(key);
        if (byOrigin.size === 0) onAllClosed?.();
      },
    );
    byOrigin.set(key, lanes);
    return lanes;
  };

  const take = (
    address: string,
    method: FetchInit['method'],
    ending: Ending,
  ): Connection | Promise<Connection> => {
    const url = toUrl(address);
    if (closing) throw unsent('it is closed: close() was called on this fetch');
    const lanes = lanesFor(url, method);
    return lanes.take() ?? waitInLine(lanes, method, ending);
  };
  const fetch = async (address: string, init: FetchInit): Promise<FetchResponse> => {
    init.signal.throwIfAborted();
    for (const name of Object.keys(init.headers)) checkHeaderName(name);
    const ending = new SignalEnding(init.signal);
    const connection = await take(address, init.method, ending);
    return connection.send(address, init, ending);
  };
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      onAllClosed = resolve;
      if (byOrigin.size === 0) resolve();
      for (const lanes of byOrigin.values()) lanes.close();
    });
    return closing;
  };
  return Object.assign(fetch, {
    // a wrapper that has this too, such as a Proxy, is to be called itself
    [reserve](this: unknown, ...request: Parameters<typeof take>) {
      return this === fetch ? take(...request) : undefined;
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** Nothing of a create was sent before it has a connection: to end it here would leave its outcome in doubt. */
function waitInLine(lanes: Lanes, method: FetchInit['method'], ending: Ending): Promise<Connection> {
  if (method === 'GET') return lanes.wait(ending);
  ending.hold(true);
  return lanes.wait(ending).finally(() => ending.hold(false));
}

/** Of a fetch that is called with a signal, as any other is. */
class SignalEnding implements Ending {
  #leave = () => {};

  constructor(readonly signal: AbortSignal) {}

  get over(): Ending['over'] {
    return this.signal.aborted ? { reason: this.signal.reason } : undefined;
  }

  onOver(callback: (() => void) | undefined): void {
    this.#leave();
    if (callback) this.#leave = onAbort(this.signal, callback);
  }

  /** The time is somebody else's. */
  hold(): void {}
}

function toUrl(address: string): URL {
  const url = parseUrl(address);
  if (!url) throw new TypeError('Cannot fetch: the address is no URL.');
  return url;
}

/** Bun puts a module of its own in the place of undici, in which these names do nothing. */
function checkUndici(): void {
  if (typeof Client?.prototype?.dispatch === 'function' && typeof buildConnector === 'function') return;
  throw new Error(
    'Cannot create an undici fetch: the undici of this runtime has no dispatcher. Leave the option fetch out, and the global fetch is used.',
  );
}

function checkNumbers(connections: number, keepAliveMs: number): void {
  if (!Number.isInteger(connections) || connections < 1) {
    throw new RangeError(
      `Cannot use connections: it takes a whole number from 1, not ${printable(connections)}.`,
    );
  }
  if (!(typeof keepAliveMs === 'number' && keepAliveMs >= 0)) {
    throw new RangeError(
      `Cannot use keepAliveMs: it takes milliseconds from 0, not ${printable(keepAliveMs)}.`,
    );
  }
}

function readTls(tls: TlsOptions): ReturnType<typeof createConnect> {
  try {
    return createConnect(tls);
  } catch (error) {
    const { code } = record(error);
    const why = text(code) ?? 'a certificate or a key cannot be read';
    throw new TypeError(`Cannot use tls: ${why}.`);
  }
}
