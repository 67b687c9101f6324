import { html, own, ownOld, proxyJson } from './answers.js';
import type { Came } from './memory-fetch.js';
import type { Transport, WireFaultName } from './wire-faults.js';

/** The call of a create, and what the API answered where it carried the create out. */
export interface CreateContext {
  kind: 'image' | 'video';
  transport: Transport;
  path: string;
  made: { headers: Record<string, string>; body: string };
}

/**
 * What follows a fault, by DESIGN.md's sending table. `again`: another attempt. `made`: the call's result (of a video, the
 * header is enough for it). `reason`: the caller's abort. Else the name of the error.
 */
export type Verdict =
  | 'again'
  | 'made'
  | 'reason'
  | 'OutcomeUnknownError'
  | 'UnexpectedResponseError'
  | 'ConnectionError'
  | 'ApiError'
  | 'AuthenticationError'
  | 'PermissionError'
  | 'RateLimitError';

export interface CreateFault {
  name: string;
  /** Whether the API carried the create out. */
  accepted: boolean;
  came(context: CreateContext): Came;
  verdict(context: CreateContext): Verdict;
  /** The error when this was the last attempt, where `verdict` is `again`. */
  afterAll: Verdict;
  /** When the caller aborts: once the request has arrived, or so many milliseconds later. */
  abortAfterMs?: number;
  /** The least pause that the answer asks for. */
  askedMs: number;
}

type Extra = Partial<Pick<CreateFault, 'accepted' | 'afterAll' | 'abortAfterMs' | 'askedMs'>>;

function fault(
  name: string,
  came: Came | CreateFault['came'],
  verdict: Verdict | CreateFault['verdict'],
  extra: Extra = {},
): CreateFault {
  return {
    name,
    accepted: false,
    afterAll: 'ApiError',
    askedMs: 0,
    came: typeof came === 'function' ? came : () => came,
    verdict: typeof verdict === 'function' ? verdict : () => verdict,
    ...extra,
  };
}

/** The fault as it strikes before the API carried the create out, and after. */
function both(
  name: string,
  came: Came | CreateFault['came'],
  verdict: Verdict,
  extra: Extra = {},
): CreateFault[] {
  return [
    fault(name, came, verdict, extra),
    fault(`${name}, accepted`, came, verdict, { ...extra, accepted: true }),
  ];
}

const neverLeft = (thrown: WireFaultName) =>
  fault(thrown, { thrown }, 'again', { afterAll: 'ConnectionError' });

/** The API's answer to an accepted create, spoiled. */
function spoiled(
  name: string,
  spoil: (made: CreateContext['made']) => Came,
  imageVerdict: Verdict = 'OutcomeUnknownError',
): CreateFault[] {
  const toCame =
    (hasHeader: boolean): CreateFault['came'] =>
    ({ made: { headers, body } }) => {
      const { 'x-inference-id': id = '', ...others } = headers;
      return spoil({ headers: hasHeader ? { ...others, 'x-inference-id': id } : others, body });
    };
  return [true, false].map((hasHeader) =>
    fault(
      hasHeader ? name : `${name}, no header`,
      toCame(hasHeader),
      ({ kind }) => (hasHeader && kind === 'video' ? 'made' : imageVerdict),
      { accepted: true },
    ),
  );
}

const half = (body: string) => body.slice(0, body.length / 2);

const refusals: [number, Verdict][] = [
  [400, 'ApiError'],
  [401, 'AuthenticationError'],
  [403, 'PermissionError'],
  [404, 'ApiError'],
  [422, 'ApiError'],
  [501, 'ApiError'],
  [502, 'ApiError'],
  [504, 'ApiError'],
];

export const createFaults: readonly CreateFault[] = [
  // never left
  ...(
    ['refused', 'refusedTwice', 'unknownHost', 'connectTimeout', 'selfSigned', 'wrongHost', 'noTls'] as const
  ).map(neverLeft),
  fault(
    'resetInHandshake',
    { thrown: 'resetInHandshake' },
    // undici knows that nothing was written; the error of Node's fetch does not tell
    ({ transport }) => (transport === 'undici' ? 'again' : 'OutcomeUnknownError'),
    { afterAll: 'ConnectionError' },
  ),
  fault('badPort', { thrown: 'badPort' }, ({ transport }) =>
    transport === 'fetch' ? 'ConnectionError' : 'OutcomeUnknownError',
  ),
  // left, and no answer came
  ...(['reset', 'closed', 'closedInHead', 'garbage'] as const).flatMap((thrown) =>
    both(thrown, { thrown }, 'OutcomeUnknownError'),
  ),
  ...both('no answer in time', 'stall', 'OutcomeUnknownError'),
  ...both('no answer in time, late answer', 'deaf', 'OutcomeUnknownError'),
  // refused or failed by the API
  fault('429', ({ path }) => own(429, path), 'again', { afterAll: 'RateLimitError' }),
  fault('429 of a proxy', html(429), 'again', { afterAll: 'RateLimitError' }),
  fault('429, Retry-After 7', ({ path }) => own(429, path, { 'retry-after': '7' }), 'again', {
    afterAll: 'RateLimitError',
    askedMs: 7_000,
  }),
  fault('429, retry-after-ms 60000', ({ path }) => own(429, path, { 'retry-after-ms': '60000' }), 'again', {
    afterAll: 'RateLimitError',
    askedMs: 60_000,
  }),
  fault('429, Retry-After 61', ({ path }) => own(429, path, { 'retry-after': '61' }), 'RateLimitError'),
  fault('own 500', ({ path }) => own(500, path), 'again'),
  fault('own 503', ({ path }) => own(503, path), 'again'),
  fault('own 503, Retry-After 3', ({ path }) => own(503, path, { 'retry-after': '3' }), 'again', {
    askedMs: 3_000,
  }),
  fault('own 503, older form', ({ path }) => ownOld(503, path), 'again'),
  ...refusals.map(([status, verdict]) => fault(`own ${status}`, ({ path }) => own(status, path), verdict)),
  fault('own 400, older form', ({ path }) => ownOld(400, path), 'ApiError'),
  fault('401 of a proxy', html(401), 'AuthenticationError'),
  fault('404 of a proxy', html(404), 'ApiError'),
  ...[301, 307].map((status) =>
    fault(`${status}`, { status, headers: { location: 'https://elsewhere.example/' } }, 'ApiError'),
  ),
  // answers that prove nothing
  ...[500, 502, 503, 504, 524, 408, 425].flatMap((status) =>
    both(`${status} of a proxy`, html(status), 'OutcomeUnknownError'),
  ),
  ...both('503 of a proxy, Retry-After 1', html(503, { 'retry-after': '1' }), 'OutcomeUnknownError'),
  ...both('500 of a proxy in JSON', proxyJson(500), 'OutcomeUnknownError'),
  ...both('own 408', ({ path }) => own(408, path), 'OutcomeUnknownError'),
  ...both('own 425', ({ path }) => own(425, path), 'OutcomeUnknownError'),
  ...both('own 503, cut', ({ path }) => ({ ...own(503, path), end: 'bodyClosed' }), 'OutcomeUnknownError'),
  ...both('status 0', { status: 0, body: '' }, 'OutcomeUnknownError'),
  ...both('status 103', { status: 103 }, 'OutcomeUnknownError'),
  // successes that are no use, or only the header is
  ...spoiled('cut', ({ headers, body }) => ({
    status: 200,
    headers,
    body: half(body),
    end: 'bodyClosed',
  })),
  ...spoiled('cut at once', ({ headers }) => ({ status: 200, headers, body: '', end: 'bodyReset' })),
  ...spoiled('body stalls', ({ headers, body }) => ({
    status: 200,
    headers,
    body: half(body),
    end: 'stall',
  })),
  ...spoiled('broken JSON', ({ headers, body }) => ({
    status: 200,
    headers,
    body: `${body.slice(0, -1)},`,
  })),
  ...spoiled('empty 200', ({ headers }) => ({ status: 200, headers, body: '' })),
  ...spoiled('204', ({ headers }) => ({ status: 204, headers })),
  ...spoiled('HTML 200', ({ headers }) => ({
    status: 200,
    headers,
    body: '<!DOCTYPE html><html></html>',
  })),
  ...spoiled(
    '200 without id',
    ({ headers }) => ({ status: 200, headers, body: '{"status":"queued"}' }),
    'UnexpectedResponseError',
  ),
  fault('cut after the whole JSON', ({ made }) => ({ status: 200, ...made, end: 'bodyReset' }), 'made', {
    accepted: true,
  }),
  // the caller's abort
  ...both('abort in flight', 'stall', 'reason', { abortAfterMs: 0 }),
  ...both('abort in flight, late answer', 'deaf', 'reason', { abortAfterMs: 0 }),
  fault(
    'abort in the body',
    ({ made: { headers, body } }) => ({ status: 200, headers, body: half(body), end: 'stall' }),
    'reason',
    { accepted: true, abortAfterMs: 10 },
  ),
  fault('abort in the pause', ({ path }) => own(429, path), 'reason', { abortAfterMs: 10 }),
];
