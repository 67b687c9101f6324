import { isIP, Socket } from 'node:net';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { buildConnector, Client } from 'undici';
import { isRecord } from '../json.js';
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
    const underWay = new Set<{ destroy(error: Error): unknown }>();
    let isOver = false;
    const succeed = (socket: Socket) => {
      if (isOver) return void socket.destroy();
      isOver = true;
      clearTimeout(timer);
      onConnected(null, socket);
    };
    const fail = (why: unknown, at?: HttpProxy) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      const error = unsent(why, at);
      for (const part of underWay) part.destroy(error);
      onConnected(error, null);
    };
    const track = (socket: unknown) => void (socket instanceof Socket && underWay.add(socket));
    const onTimeout = () => fail(new Error(`it gave no connection within ${timeoutMs} ms`), proxy);
    // undici's own covers the single steps only
    const timer = proxy && setTimeout(onTimeout, timeoutMs);
    const finish = (error: Error | null, socket: Socket | null) => (socket ? succeed(socket) : fail(error));

    /** The part of the proxy: a tunnel, also to a server without TLS. */
    const openTunnel = ({ origin, authorization }: HttpProxy) => {
      const client = new Client(origin, {
        // else the name of the target, which the header below holds
        connect: (to, onOpened) => track(openProxy({ ...to, servername: nameOf(to.hostname) }, onOpened)),
        headersTimeout: 0,
      });
      underWay.add(client);
      const port = target.port || (target.protocol === 'https:' ? '443' : '80');
      const path = `${isIP(target.hostname) === 6 ? `[${target.hostname}]` : target.hostname}:${port}`;
      const headers = { host: path, ...(authorization && { 'proxy-authorization': authorization }) };
      client.connect({ path, headers }, (error, answer) => {
        if (error) return fail(error, proxy);
        const { statusCode, socket } = answer;
        // from here on the socket is nobody else's
        socket.on('error', (broken) => fail(broken, proxy));
        if (isOver || statusCode < 200 || statusCode > 299 || !(socket instanceof Socket)) {
          socket.destroy();
          return fail(new Error(refusal(statusCode)), proxy);
        }
        underWay.add(socket);
        if (target.protocol !== 'https:') return succeed(socket);
        track(open({ ...target, httpSocket: socket }, finish));
      });
    };

    try {
      if (proxy) openTunnel(proxy);
      else track(open(target, finish));
    } catch (error) {
      fail(error, proxy);
    }
    return () => fail(new Error('the attempt to connect was given up'));
  };
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
export function unsent(why: unknown, proxy?: HttpProxy): Error {
  const { code } = isRecord(why) ? why : {};
  const known = typeof code === 'string' && !retriedByUndici.includes(code) ? code : 'ECONNRESET';
  const message = proxy ? `the proxy ${proxy.name} cannot be used: ${say(why)}` : say(why);
  return Object.assign(new Error(message), { code: known, syscall: 'connect' });
}

function say(why: unknown): string {
  if (why instanceof AggregateError && why.errors.length > 0) return why.errors.map(say).join('; ');
  return why instanceof Error ? why.message || String(Reflect.get(why, 'code')) : String(why);
}
