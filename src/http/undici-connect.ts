import { isIP, Socket } from 'node:net';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { buildConnector, Client } from 'undici';
import { record } from '../base/json.js';
import type { HttpProxy } from './undici-proxy.js';

export type TlsOptions = Pick<
  ConnectionOptions,
  | 'ca'
  | 'cert'
  | 'checkServerIdentity'
  | 'ciphers'
  | 'key'
  | 'maxVersion'
  | 'minVersion'
  | 'passphrase'
  | 'pfx'
  | 'rejectUnauthorized'
  | 'servername'
>;

type Target = buildConnector.Options;
type OnConnected = buildConnector.Callback;

/** Opens a connection, through the proxy where there is one. What it gives ends an attempt that is under way. */
export type Connect = (proxy: HttpProxy | undefined, target: Target, onConnected: OnConnected) => () => void;

/** As long as Node's own fetch takes. */
const defaultConnectTimeoutMs = 10_000;

export function createConnect(tls: TlsOptions, timeoutMs = defaultConnectTimeoutMs): Connect {
  // read once: each connection would read all the certificates again
  const secureContext = createSecureContext(tls);
  const open = buildConnector({ ...tls, secureContext, timeout: timeoutMs });
  const { ca, rejectUnauthorized } = tls;
  // the client's own certificate is for the server alone
  const openProxy = buildConnector({
    ...(ca !== undefined && { ca }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    timeout: timeoutMs,
  });

  return (proxy, target, onConnected) => {
    // undici's own timer covers the single steps only
    const attempt = new Attempt(onConnected, proxy, timeoutMs);
    const openTarget = (through: { httpSocket?: Socket }) =>
      attempt.track(
        open({ ...target, ...through }, (error, socket) =>
          error ? attempt.fail(error) : attempt.succeed(socket),
        ),
      );
    try {
      if (proxy) openTunnel(proxy, target, openProxy, attempt, openTarget);
      else openTarget({});
    } catch (error) {
      attempt.fail(error);
    }
    return () => attempt.fail(new Error('the attempt to connect was given up'));
  };
}

/** An attempt to connect, which ends once: whatever of it is still open at a failure is closed. */
class Attempt {
  readonly #underWay = new Set<{ destroy(error: Error): unknown }>();
  readonly #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(
    readonly onConnected: OnConnected,
    readonly proxy: HttpProxy | undefined,
    timeoutMs: number,
  ) {
    const onTimeout = () => this.failAtProxy(new Error(`it gave no connection within ${timeoutMs} ms`));
    this.#timer = proxy && setTimeout(onTimeout, timeoutMs);
  }

  /** Takes what is to be closed in the end; undici gives its sockets, and does not say so in its types. */
  track(part: unknown): void {
    if (part instanceof Socket || part instanceof Client) this.#underWay.add(part);
  }

  succeed(socket: Socket): void {
    if (this.#end()) this.onConnected(null, socket);
    else socket.destroy();
  }

  fail(why: unknown): void {
    this.#fail(unsent(this.proxy ? `${say(why)} (through the proxy ${this.proxy.name})` : say(why), why));
  }

  failAtProxy(why: unknown): void {
    this.#fail(unsent(`the proxy ${this.proxy?.name} cannot be used: ${say(why)}`, why));
  }

  #fail(error: Error): void {
    if (!this.#end()) return;
    for (const part of this.#underWay) part.destroy(error);
    this.onConnected(error, null);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#timer);
    return true;
  }
}

/** Has the proxy open a tunnel, to a server without TLS as well. */
function openTunnel(
  { origin, authorization }: HttpProxy,
  { hostname, port, protocol }: Target,
  openProxy: buildConnector.connector,
  attempt: Attempt,
  openTarget: (through: { httpSocket: Socket }) => void,
): void {
  const client = new Client(origin, {
    // else the name would be that of the target, which the header below holds
    connect: (to, onOpened) => attempt.track(openProxy({ ...to, servername: nameOf(to.hostname) }, onOpened)),
    headersTimeout: 0,
  });
  attempt.track(client);
  const path = `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  const headers = { host: path, ...(authorization && { 'proxy-authorization': authorization }) };
  client.connect({ path, headers }, (error, answer) => {
    if (error) return attempt.failAtProxy(error);
    const { statusCode, socket } = answer;
    // undici has let go of it
    socket.on('error', (broken) => attempt.failAtProxy(broken));
    if (statusCode < 200 || statusCode > 299 || !(socket instanceof Socket)) {
      socket.destroy();
      return attempt.failAtProxy(new Error(refusal(statusCode)));
    }
    attempt.track(socket);
    if (protocol === 'https:') openTarget({ httpSocket: socket });
    else attempt.succeed(socket);
  });
}

/** What TLS takes as a server's name: an address is none. */
function nameOf(hostname: string): string {
  return isIP(hostname) === 0 ? hostname : '';
}

function refusal(status: number): string {
  return status === 407
    ? 'it answered 407: it wants a user and a password, or others'
    : `it answered ${status} and opened no tunnel`;
}

/** What undici takes as a reason to connect again, on and on, and not to fail the request. */
const retriedByUndici = ['UND_ERR_SOCKET', 'UND_ERR_INFO'];

/**
 * An error by which the table of what is sent again knows that nothing was sent. Only for what precedes the request:
 * undici writes it after the connection is handed over.
 */
export function unsent(message: string, why?: unknown): Error {
  const { code } = record(why);
  const known = typeof code === 'string' && !retriedByUndici.includes(code) ? code : 'ECONNRESET';
  return Object.assign(new Error(message), { code: known, syscall: 'connect' });
}

function say(why: unknown): string {
  if (why instanceof AggregateError && why.errors.length > 0) return why.errors.map(say).join('; ');
  return why instanceof Error ? why.message || String(Reflect.get(why, 'code')) : String(why);
}
