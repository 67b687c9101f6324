import { isRecord } from '../base/record.js';
import { backoffMs } from '../time/backoff.js';
import type { Answer, Lost } from './answer.js';
import { retryAfterMs } from './retry-after.js';

/** A longer `Retry-After` ends the call: the caller decides whether to wait that long. */
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

/** Whether a paid request that ended like this was certainly not billed. */
export function isUnpaid(ended: Parameters<typeof judge>[0], fromApi: boolean): boolean {
  const verdict = judge(ended, fromApi, true);
  // an answer of a server in between that fails the request does not prove that the API has not seen it
  return verdict === 'retry' || (verdict === 'fail' && (fromApi || ended.wasSent === 'never'));
}

/** Whether the same request may get another answer later. */
export function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}

/**
 * What follows an attempt without a result: a pause and another attempt, or the end. `unknown`: it may have been paid for.
 * `fail`: the answer is the error. `attempt` counts from 1.
 */
export function decide(
  answer: Answer | Lost,
  fromApi: boolean,
  isPaid: boolean,
  attempt: number,
  maxRetries: number,
): { waitMs: number } | 'unknown' | 'fail' {
  const verdict = judge(answer, fromApi, isPaid);
  if (verdict !== 'retry') return verdict;
  const askedMs = answer.status === undefined ? 0 : (retryAfterMs(answer.headers) ?? 0);
  if (attempt > maxRetries || askedMs > longestRetryAfterMs) return 'fail';
  return { waitMs: Math.max(askedMs, backoffMs(attempt)) };
}

const certificateCodes =
  /^((CERT|CRL)_(HAS_EXPIRED|NOT_YET_VALID|SIGNATURE_FAILURE)|CERT_(CHAIN_TOO_LONG|REJECTED|REVOKED|UNTRUSTED)|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|UNABLE_TO_(GET_(CRL|ISSUER_CERT(_LOCALLY)?)|VERIFY_LEAF_SIGNATURE)|ERR_TLS_CERT_ALTNAME_INVALID)$/;

// errors that only a handshake can end with. Codes of the record layer (bad MAC, bad record type, …) are left out: they
// also break a session that is up, perhaps after the request was carried out
const handshakeCodes =
  /^ERR_SSL_(NO_PROTOCOLS_AVAILABLE|UNSUPPORTED_PROTOCOL|NO_CIPHER_MATCH|NO_SHARED_CIPHER|DH_KEY_TOO_SMALL|CERTIFICATE_VERIFY_FAILED|\w*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|NO_APPLICATION_PROTOCOL|INSUFFICIENT_SECURITY)|TLSV1_UNRECOGNIZED_NAME)$/;

/** Whether a rejection of fetch proves that the request never left: no address, no connection, no TLS. */
export function neverLeft(error: unknown): boolean {
  if (!isRecord(error)) return false;
  const { cause } = error;
  if (!isRecord(cause)) return allFailedToConnect(error);
  // where the error lists attempts of its own beside the cause, they too must all have failed to connect
  return allFailedToConnect(cause, true) && (!Array.isArray(error.errors) || allFailedToConnect(error));
}

function allFailedToConnect(error: Record<string, unknown>, ofFetch = false): boolean {
  const { errors } = error;
  if (!Array.isArray(errors)) return failedToConnect(error, ofFetch);
  return errors.length > 0 && errors.every((entry) => isRecord(entry) && failedToConnect(entry, ofFetch));
}

/** `ofFetch`: the error is the cause of an error of Node's fetch, and not one that another fetch threw. */
function failedToConnect(error: Record<string, unknown>, ofFetch: boolean): boolean {
  if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') return true;
  const { code } = error;
  // an HTTP/2 session can only break after it was up
  if ('http2ErrorCode' in error || typeof code !== 'string') return false;
  // Node's fetch gives this code for a server without TLS; another fetch may give it for a session that was up
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return ofFetch;
  return code === 'UND_ERR_CONNECT_TIMEOUT' || certificateCodes.test(code) || handshakeCodes.test(code);
}
