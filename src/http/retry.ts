import { isRecord } from '../base/json.js';
import { backoffMs } from '../time/backoff.js';
import type { Answer, Lost } from './answer.js';
import { retryAfterMs } from './retry-after.js';

/** What follows an attempt without a result. `unknown`: it may have been paid for. `fail`: the answer is the error. */
export type Decision = { waitMs: number } | 'unknown' | 'fail';

/** Longer than this, `Retry-After` is for the caller to wait out. */
export const longestRetryAfterMs = 60_000;

/** The sending table, for an attempt that gave no result. `fromApi`: whether the answer is in the API's own words. */
export function judge(
  { status, wasSent }: { status?: number | undefined; wasSent?: Lost['wasSent'] },
  fromApi: boolean,
  isPaid: boolean,
): 'retry' | 'unknown' | 'fail' {
  if (wasSent === 'no') return 'retry';
  if (wasSent === 'never') return 'fail';
  // a paid request goes out again only when it never left, or when the API refused or failed it
  const doubt = isPaid ? 'unknown' : 'retry';
  if (status === undefined) return doubt;
  if (status === 429) return 'retry';
  if (status >= 500 && fromApi) return isPaid && status !== 500 && status !== 503 ? 'fail' : 'retry';
  return status >= 300 && !isPassing(status) ? 'fail' : doubt;
}

/** Whether the next answer may be another one. */
export function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}

/** `attempt` is the one that failed, from 1. */
export function decide(
  answer: Answer | Lost,
  fromApi: boolean,
  isPaid: boolean,
  attempt: number,
  maxRetries: number,
): Decision {
  const verdict = judge(answer, fromApi, isPaid);
  if (verdict !== 'retry') return verdict;
  const askedMs = answer.status === undefined ? 0 : (retryAfterMs(answer.headers) ?? 0);
  if (attempt > maxRetries || askedMs > longestRetryAfterMs) return 'fail';
  return { waitMs: Math.max(askedMs, backoffMs(attempt)) };
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

/** `ofFetch`: it is the cause that Node's fetch gives, and not what another fetch threw. */
function failedToConnect(error: Record<string, unknown>, ofFetch: boolean): boolean {
  if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') return true;
  const { code } = error;
  // an HTTP/2 session that broke had been up
  if ('http2ErrorCode' in error || typeof code !== 'string') return false;
  // a server without TLS; from another fetch, the code may come from a session that was up
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return ofFetch;
  return code === 'UND_ERR_CONNECT_TIMEOUT' || certificateCodes.test(code) || handshakeCodes.test(code);
}
