import { isIP, Socket } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContextOptions } from 'node:tls';
import { buildConnector, Client } from 'undici';
import { text } from '../base/json.js';
import { compact, record } from '../base/record.js';
import { messageOf } from '../base/thrown.js';
import type { HttpProxy } from './proxy.js';
import { buildPublicConnector } from './public-only.js';

// undici's own ProxyAgent keeps no promise about a proxy that fails. Measured with undici 7.30:
// - it asks a proxy that hangs up again without end (3,346 times in 2 s): the request never fails;
// - it ignores an abort while the proxy opens the tunnel: the request and its connection stay open;
// - its error does not tell whether the proxy refused, or the server behind the proxy.
// So the tunnel is opened here, by the CONNECT of undici's Client, between two connectors of undici.

export type TlsOptions = SecureContextOptions &
  Pick<ConnectionOptions, 'checkServerIdentity' | 'rejectUnauthorized' | 'servername'>;

/** Makes the function that opens the connections of one Client. An abort closes them, also while they open. */
export type MakeConnector = (signal: AbortSignal) => buildConnector.connector;

/** The time that Node's own fetch has to connect. */
const timeoutMs = 10_000;

/** A proxy resolves the names itself: with one, `isPublicOnly` changes nothing. */
type ConnectThrough = (proxy: HttpProxy | undefined, isPublicOnly: boolean) => MakeConnector;

export function readTls(tls: TlsOptions): ConnectThrough {
  const { ca, rejectUnauthorized } = tls;
  const forServer = withContext(tls);
  // the proxy must not get the client's certificate
  const forProxy = withContext(compact({ ca, rejectUnauthorized }));
  return (proxy, isPublicOnly) => (signal) => {
    const toServer = { ...forServer, signal, timeout: timeoutMs };
    if (!proxy) return isPublicOnly ? buildPublicConnector(toServer) : buildConnector(toServer);
    const connect = buildConnector(toServer);
    const connectProxy = buildConnector({ ...forProxy, signal, timeout: timeoutMs });
    return (target, onConnected) => {
      openTunnel(proxy, target, connectProxy).then(
        (tunnel) => {
          if (target.protocol !== 'https:') return onConnected(null, tunnel);
          connect({ ...target, httpSocket: tunnel }, (error, socket) => {
            if (socket) onConnected(null, socket);
            else onConnected(unsent(`${messageOf(error)} (through the proxy ${proxy.name})`, error), null);
          });
        },
        // leave out the error's code: at some codes, undici connects again without end
        (error) => onConnected(unsent(`the proxy ${proxy.name} cannot be used: ${messageOf(error)}`), null),
      );
    };
  };
}

/** Reads the certificates once for all connections. */
function withContext(tls: TlsOptions): TlsOptions & Pick<ConnectionOptions, 'secureContext'> {
  try {
    return { ...tls, secureContext: createSecureContext(tls) };
  } catch (error) {
    const why = text(record(error).code) ?? 'a certificate or a key cannot be read';
    throw new TypeError(`Cannot use tls: ${why}.`);
  }
}

/** Asks the proxy for a tunnel, also to a server without TLS. */
async function openTunnel(
  { origin, authorization }: HttpProxy,
  { hostname, port, protocol }: buildConnector.Options,
  connectProxy: buildConnector.connector,
): Promise<Socket> {
  const client = new Client(origin, {
    // undici would ask for the certificate of the target, from the header `host`. TLS takes no IP address as a name
    connect: (to, done) => connectProxy({ ...to, servername: isIP(to.hostname) ? '' : to.hostname }, done),
    headersTimeout: 0,
  });
  const giveUp = () => void client.destroy(new Error(`it gave no connection within ${timeoutMs} ms`));
  const timer = setTimeout(giveUp, timeoutMs);
  const host = `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  const headers = { host, ...(authorization && { 'proxy-authorization': authorization }) };
  try {
    const { statusCode, socket } = await client.connect({ path: host, headers });
    if (statusCode >= 200 && statusCode <= 299 && socket instanceof Socket) return socket;
    socket.on('error', () => {}).destroy();
    const what = statusCode === 407 ? ': it wants a user and a password, or others' : ' and opened no tunnel';
    throw new Error(`it answered ${statusCode}${what}`);
  } finally {
    clearTimeout(timer);
  }
}

/** An error with the `syscall` of a failed connection: it tells the sending table that nothing was sent. */
export function unsent(message: string, why?: unknown): Error {
  const code = text(record(why).code) ?? 'ECONNRESET';
  return Object.assign(new Error(message), { code, syscall: 'connect' });
}
