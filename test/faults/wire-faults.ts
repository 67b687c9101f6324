/** The transports: Node's global fetch, and the one of `aimlapi-wan/undici`. */
export const transports = ['fetch', 'undici'] as const;
export type Transport = (typeof transports)[number];

/** How a request ends without a whole answer. */
export interface WireFault {
  /** `connecting`: before the request was written. `refused`: fetch itself refuses the request. */
  when: 'connecting' | 'answering' | 'body' | 'refused';
  message: string;
  name?: string;
  code?: string;
  syscall?: string;
  /** One entry for each address of the host. */
  errors?: WireFault[];
}

const refused: WireFault = {
  when: 'connecting',
  message: 'connect ECONNREFUSED 127.0.0.1:1',
  code: 'ECONNREFUSED',
  syscall: 'connect',
};
const reset = { message: 'read ECONNRESET', code: 'ECONNRESET', syscall: 'read' };
const closed = { name: 'SocketError', message: 'other side closed', code: 'UND_ERR_SOCKET' };

/** What the transports meet. test/faults/wire-faults.test.ts compares each of them with the real one. */
export const wireFaults = {
  refused,
  refusedTwice: { when: 'connecting', message: '', code: 'ECONNREFUSED', errors: [refused, refused] },
  unknownHost: {
    when: 'connecting',
    message: 'getaddrinfo ENOTFOUND localhost.invalid',
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
  },
  connectTimeout: {
    when: 'connecting',
    name: 'ConnectTimeoutError',
    message: 'Connect Timeout Error (attempted address: 127.0.0.1:1, timeout: 10000ms)',
    code: 'UND_ERR_CONNECT_TIMEOUT',
  },
  selfSigned: {
    when: 'connecting',
    message: 'self-signed certificate',
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  },
  wrongHost: {
    when: 'connecting',
    message: "Hostname/IP does not match certificate's altnames: IP: 127.0.0.2 is not in the cert's list: ",
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  noTls: {
    when: 'connecting',
    message: 'error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
    code: 'ERR_SSL_WRONG_VERSION_NUMBER',
  },
  resetInHandshake: { when: 'connecting', ...reset },
  reset: { when: 'answering', ...reset },
  closed: { when: 'answering', ...closed },
  closedInHead: { when: 'answering', ...closed },
  garbage: {
    when: 'answering',
    name: 'HTTPParserError',
    message: 'Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)',
  },
  bodyClosed: { when: 'body', ...closed },
  bodyReset: { when: 'body', ...reset },
  badPort: { when: 'refused', message: 'bad port' },
} satisfies Record<string, WireFault>;

export type WireFaultName = keyof typeof wireFaults;

/** The error that the transport throws for it. */
export function toThrown(transport: Transport, fault: WireFault): Error {
  const error = toError(fault);
  if (transport === 'fetch') {
    return new TypeError(fault.when === 'body' ? 'terminated' : 'fetch failed', { cause: error });
  }
  if (fault.when !== 'connecting') return error;
  return Object.assign(new Error(fault.message || fault.code), { code: fault.code, syscall: 'connect' });
}

function toError({ message, name, code, syscall, errors }: WireFault): Error {
  const error = errors ? new AggregateError(errors.map(toError), message) : new Error(message);
  if (name) Object.defineProperty(error, 'name', { value: name });
  return Object.assign(error, code && { code }, syscall && { syscall });
}
