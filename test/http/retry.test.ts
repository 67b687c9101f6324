import { describe, expect, it } from 'vitest';
import type { Answer, Lost } from '../../src/http/answer.js';
import { decide, judge, neverLeft } from '../../src/http/retry.js';

type Ending = { status?: number; fromApi?: boolean; wasSent?: Lost['wasSent'] };
type Verdict = ReturnType<typeof judge>;

const table: [string, Ending, get: Verdict, paidPost: Verdict][] = [
  ['never left', { wasSent: 'no' }, 'retry', 'retry'],
  ['refused by fetch', { wasSent: 'never' }, 'fail', 'fail'],
  ['lost on the way', { wasSent: 'perhaps' }, 'retry', 'unknown'],
  ['429', { status: 429 }, 'retry', 'retry'],
  ['429 of the API', { status: 429, fromApi: true }, 'retry', 'retry'],
  ['500 of the API', { status: 500, fromApi: true }, 'retry', 'retry'],
  ['503 of the API', { status: 503, fromApi: true }, 'retry', 'retry'],
  ['501 of the API', { status: 501, fromApi: true }, 'retry', 'fail'],
  ['502 of the API', { status: 502, fromApi: true }, 'retry', 'fail'],
  ['504 of the API', { status: 504, fromApi: true }, 'retry', 'fail'],
  ['500 of something else', { status: 500 }, 'retry', 'unknown'],
  ['502 of something else', { status: 502 }, 'retry', 'unknown'],
  ['503 of something else', { status: 503 }, 'retry', 'unknown'],
  ['524 of something else', { status: 524 }, 'retry', 'unknown'],
  ['408', { status: 408 }, 'retry', 'unknown'],
  ['408 of the API', { status: 408, fromApi: true }, 'retry', 'unknown'],
  ['425', { status: 425 }, 'retry', 'unknown'],
  ['an unreadable 200', { status: 200 }, 'retry', 'unknown'],
  ['an empty 204', { status: 204 }, 'retry', 'unknown'],
  ['300', { status: 300 }, 'fail', 'fail'],
  ['301', { status: 301 }, 'fail', 'fail'],
  ['307', { status: 307 }, 'fail', 'fail'],
  ['a status that is none', { status: 0 }, 'retry', 'unknown'],
  ['101', { status: 101 }, 'retry', 'unknown'],
  ['no status at all', { status: Number.NaN }, 'retry', 'unknown'],
  ['400', { status: 400, fromApi: true }, 'fail', 'fail'],
  ['401', { status: 401, fromApi: true }, 'fail', 'fail'],
  ['403 of something else', { status: 403 }, 'fail', 'fail'],
  ['404', { status: 404, fromApi: true }, 'fail', 'fail'],
  ['418', { status: 418 }, 'fail', 'fail'],
];

describe('judge()', () => {
  it.each(table)('decides on %s', (_, attempt, get, paidPost) => {
    expect(judge(attempt, attempt.fromApi ?? false, false)).toBe(get);
    expect(judge(attempt, attempt.fromApi ?? false, true)).toBe(paidPost);
  });
});

describe('decide()', () => {
  const unsent: Lost = { error: new Error('x'), isTimeout: false, wasSent: 'no' };
  const refused = (retryAfterSeconds?: number): Answer => ({
    status: 429,
    headers: new Headers(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    text: '',
    body: undefined,
    raw: undefined,
    isTimeout: false,
  });
  const waitMs = (answer: Answer | Lost, isPaid: boolean, attempt = 1, maxRetries = 4) => {
    const decision = decide(answer, true, isPaid, attempt, maxRetries);
    return typeof decision === 'object' ? decision.waitMs : decision;
  };

  it('gives up after the last retry, and where the table does not repeat', () => {
    expect(waitMs(unsent, true, 4)).toBeGreaterThan(0);
    expect(waitMs(unsent, true, 5)).toBe('fail');
    expect(waitMs(unsent, true, 1, 0)).toBe('fail');
    expect(waitMs({ ...unsent, wasSent: 'never' }, false)).toBe('fail');
    expect(waitMs({ ...unsent, wasSent: 'perhaps' }, true)).toBe('unknown');
  });

  it('honours Retry-After up to 60 s, and leaves longer ones to the caller', () => {
    expect(waitMs(refused(7), true)).toBe(7_000);
    expect(waitMs(refused(60), false)).toBe(60_000);
    expect(waitMs(refused(60.001), false)).toBe('fail');
    expect(waitMs(refused(0), false)).toBeGreaterThanOrEqual(250);
    expect(waitMs(refused(), false)).toBeGreaterThanOrEqual(250);
  });
});

describe('neverLeft()', () => {
  const failed = (cause: unknown) => new TypeError('fetch failed', { cause });
  const coded = (facts: object) => Object.assign(new Error('x'), facts);

  it.each([
    ['a refused connection', coded({ code: 'ECONNREFUSED', syscall: 'connect' })],
    ['a name that is not found', coded({ code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
    ['a reset while connecting', coded({ code: 'ECONNRESET', syscall: 'connect' })],
    ['a connection that takes too long', coded({ code: 'UND_ERR_CONNECT_TIMEOUT' })],
    ['a server that wants newer TLS', coded({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })],
    ['a refused handshake', coded({ code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' })],
    ['a wrong certificate name', coded({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['an expired certificate', coded({ code: 'CERT_HAS_EXPIRED' })],
    ['a self-signed certificate', coded({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
    [
      'several addresses, all refused',
      coded({ code: 'ECONNREFUSED', errors: [coded({ syscall: 'connect' }), coded({ syscall: 'connect' })] }),
    ],
  ])('is true for %s', (_, cause) => {
    expect(neverLeft(failed(cause))).toBe(true);
    expect(neverLeft(cause)).toBe(true);
  });

  it.each([
    'CERT_CHAIN_TOO_LONG',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REJECTED',
    'CERT_REVOKED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'CRL_HAS_EXPIRED',
    'CRL_NOT_YET_VALID',
    'CRL_SIGNATURE_FAILURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HOSTNAME_MISMATCH',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_CRL',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('is true for the certificate code %s as a whole, as a text', (code) => {
    expect(neverLeft(failed(coded({ code })))).toBe(true);
    for (const other of [`${code}_X`, `X_${code}`, `${code}\n`, code.toLowerCase(), [code]]) {
      expect(neverLeft(failed(coded({ code: other })))).toBe(false);
    }
  });

  it.each(['CRL_REVOKED', 'CERT_', 'CERT_CA', 'UNABLE_TO_GET', 'UNABLE_TO_GET_CRL_LOCALLY'])(
    'is false for %s, which is no code',
    (code) => {
      expect(neverLeft(failed(coded({ code })))).toBe(false);
    },
  );

  it('reads the code of a handshake as a whole', () => {
    for (const code of ['ERR_SSL_NO_CIPHER_MATCH', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE']) {
      expect(neverLeft(failed(coded({ code })))).toBe(true);
      expect(neverLeft(failed(coded({ code: `${code}_X` })))).toBe(false);
      expect(neverLeft(failed(coded({ code: `X_${code}` })))).toBe(false);
    }
  });

  it.each([undefined, null, 'ECONNREFUSED', 7])('is false for %s, which a fetch may throw', (thrown) => {
    expect(neverLeft(thrown)).toBe(false);
  });

  it('is true for a server without TLS, but only as Node’s fetch reports it', () => {
    const cause = coded({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
    expect(neverLeft(failed(cause))).toBe(true);
    expect(neverLeft(cause)).toBe(false);
    expect(neverLeft(failed(Object.assign(cause, { http2ErrorCode: 2 })))).toBe(false);
  });

  it('is false where the error itself lists an attempt that got through', () => {
    const cause = coded({ syscall: 'connect' });
    const error = Object.assign(failed(cause), { errors: [coded({ syscall: 'read' }), cause] });
    expect(neverLeft(error)).toBe(false);
  });

  it.each([
    ['a reset while reading', coded({ code: 'ECONNRESET', syscall: 'read' })],
    ['a reset while writing', coded({ code: 'ECONNRESET', syscall: 'write' })],
    ['a reset of unknown origin', coded({ code: 'ECONNRESET' })],
    ['a closed socket', coded({ code: 'UND_ERR_SOCKET' })],
    ['a late answer', coded({ code: 'UND_ERR_HEADERS_TIMEOUT' })],
    ['an HTTP/2 error', coded({ code: 'ERR_HTTP2_STREAM_ERROR' })],
    ...[
      'SSLV3_ALERT_BAD_RECORD_MAC',
      'BAD_RECORD_TYPE',
      'ENCRYPTED_LENGTH_TOO_LONG',
      'INVALID_AAD',
      'BAD_LENGTH',
      'TLSV1_ALERT_DECODE_ERROR',
    ].map((code): [string, Error] => [
      `a TLS session that breaks (${code})`,
      coded({ code: `ERR_SSL_${code}` }),
    ]),
    ['a port that fetch blocks', new Error('bad port')],
    ['a proxy that answers 407', new DOMException('aborted', 'AbortError')],
    [
      'several addresses, one reached',
      coded({ errors: [coded({ syscall: 'connect' }), coded({ syscall: 'read' })] }),
    ],
    ['no address tried', coded({ errors: [] })],
    ['nothing at all', undefined],
    ['a text', 'ECONNREFUSED'],
  ])('is false for %s', (_, cause) => {
    expect(neverLeft(failed(cause))).toBe(false);
  });
});
