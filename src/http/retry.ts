import { isRecord } from '../base/json.js';

/** What became of one attempt that gave no result. */
export type Failure =
  /** It provably never left this machine. */
  | { kind: 'unsent' }
  /** Fetch refused its arguments: it never left, and it never will. */
  | { kind: 'unsendable' }
  /** Reset, cut, timed out: nobody can tell whether it arrived. */
  | { kind: 'lost' }
  /** An answer that is no success, or a success that cannot be read. */
  | { kind: 'answered'; status: number; fromApi: boolean; retryAfterMs?: number | undefined };

/** `retry`: send again. `unknown`: it may have been paid for. `fail`: the answer is the error. */
export type Verdict = 'retry' | 'unknown' | 'fail';

/** Longer than this, `Retry-After` is for the caller to wait out. */
export const longestRetryAfterMs = 60_000;

const backoff = { baseMs: 500, capMs: 8_000 };

/** The sending table: a paid request goes out again only when it never left, or when the API refused or failed it. */
export function judge(failure: Failure, paid: boolean): Verdict {
  if (failure.kind === 'unsent') return 'retry';
  if (failure.kind === 'unsendable') return 'fail';
  const doubt = paid ? 'unknown' : 'retry';
  if (failure.kind === 'lost') return doubt;
  const { status, fromApi } = failure;
  if (status === 429) return 'retry';
  if (status >= 500 && fromApi) return paid && status !== 500 && status !== 503 ? 'fail' : 'retry';
  return status >= 300 && !isPassing(status) ? 'fail' : doubt;
}

/** Whether the next answer may be another one. */
export function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}

/** Milliseconds to wait before the next attempt, or `undefined` to give up. `attempt` is the one that failed, from 1. */
export function retryDelayMs(
  failure: Failure,
  paid: boolean,
  attempt: number,
  maxRetries: number,
): number | undefined {
  if (attempt > maxRetries || judge(failure, paid) !== 'retry') return undefined;
  const asked = failure.kind === 'answered' ? (failure.retryAfterMs ?? 0) : 0;
  return asked > longestRetryAfterMs ? undefined : Math.max(asked, backoffMs(attempt));
}

/** Half fixed, half random, doubling, capped. `attempt` counts from 1. */
export function backoffMs(attempt: number, { baseMs, capMs } = backoff): number {
  const full = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (Math.random() * full) / 2);
}

const certificateCodes =
  /^((CERT|CRL)_(HAS_EXPIRED|NOT_YET_VALID|SIGNATURE_FAILURE)|CERT_(CHAIN_TOO_LONG|REJECTED|REVOKED|UNTRUSTED)|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|UNABLE_TO_(GET_(CRL|ISSUER_CERT(_LOCALLY)?)|VERIFY_LEAF_SIGNATURE)|ERR_TLS_CERT_ALTNAME_INVALID)$/;

// what only a handshake can end in. The codes of the record layer (bad MAC, bad record type, …) also break a session
// that is long up, after the request was carried out
const handshakeCodes =
  /^ERR_SSL_(NO_PROTOCOLS_AVAILABLE|UNSUPPORTED_PROTOCOL|NO_CIPHER_MATCH|NO_SHARED_CIPHER|DH_KEY_TOO_SMALL|CERTIFICATE_VERIFY_FAILED|\w*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|NO_APPLICATION_PROTOCOL|INSUFFICIENT_SECURITY)|TLSV1_UNRECOGNIZED_NAME)$/;

/** Whether a rejection of fetch proves that the request never left: no address, no connection, no TLS. */
export function neverLeft(error: unknown): boolean {
  if (!isRecord(error)) return false;
  const { cause } = error;
  if (!isRecord(cause)) return allFailedToConnect(error);
  // an error that lists its attempts itself must not hide one that got through
  return allFailedToConnect(cause, true) && (!Array.isArray(error.errors) || allFailedToConnect(error));
}

function allFailedToConnect(error: Record<string, unknown>, ofFetch = false): boolean {
  const { errors } = error;
  if (!Array.isArray(errors)) return failedToConnect(error, ofFetch);
  return errors.length > 0 && errors.every((entry) => isRecord(entry) && failedToConnect(entry, ofFetch));
}

/** `ofFetch`: it is the cause that Node's fetch gives, and not what another transport threw. */
function failedToConnect(error: Record<string, unknown>, ofFetch: boolean): boolean {
  if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') return true;
  const { code } = error;
  // an HTTP/2 session that broke had been up
  if ('http2ErrorCode' in error || typeof code !== 'string') return false;
  // a server without TLS; from another transport it could be a session that was broken into
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return ofFetch;
  return code === 'UND_ERR_CONNECT_TIMEOUT' || certificateCodes.test(code) || handshakeCodes.test(code);
}
