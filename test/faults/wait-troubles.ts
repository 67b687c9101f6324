import { html, json, own } from './answers.js';
import type { Came } from './memory-fetch.js';
import type { Transport, WireFaultName } from './wire-faults.js';

/** The paths at which a job is asked for, the better one first. */
export const statusPaths = ['/v2/video/generations', '/v2/generate/video/alibaba/generation'] as const;

export const jobId = 'G3b3v:x';
export const videoUrl = 'https://cdn.aimlapi.com/v1.mp4?Signature=abc';

/**
 * What DESIGN.md says of an answer to a check. `alive`: all is well. `trouble`: it is waited out. `outage`: so is a request
 * without a whole answer. `elsewhere`: the other path is asked next. `elsewhere`, `foreign`, `unclaimed` and `empty` end the
 * wait after 60 s of nothing else. The others end it at once.
 */
export type Meaning =
  | { is: 'alive' | 'empty' | 'unclaimed' | 'failed'; status: string }
  | { is: 'foreign'; id: string }
  | { is: 'trouble' | 'outage' | 'elsewhere' | 'done' | 'refused' | 'reason' };

export interface Trouble {
  name: string;
  came(path: string): Came;
  meaning(transport: Transport): Meaning;
  /** The pause that the answer asks for; 60 s of it count at most. */
  askedMs: number;
  /** When the caller aborts: once the request has arrived, or so many milliseconds later. */
  abortAfterMs?: number;
}

const ownOf =
  (status: number, headers?: Record<string, string>): Trouble['came'] =>
  (path) =>
    own(status, path, headers);

function trouble(
  name: string,
  came: Came | Trouble['came'],
  meaning: Meaning | Trouble['meaning'],
  extra: Partial<Pick<Trouble, 'askedMs' | 'abortAfterMs'>> = {},
): Trouble {
  return {
    name,
    askedMs: 0,
    came: typeof came === 'function' ? came : () => came,
    meaning: typeof meaning === 'function' ? meaning : () => meaning,
    ...extra,
  };
}

const outage = (thrown: WireFaultName) => trouble(thrown, { thrown }, { is: 'outage' });
const passing: Meaning = { is: 'trouble' };

export const completed = json({ id: jobId, status: 'completed', video: { url: videoUrl } });

/** The better path does not know the job. */
export const unknownHere = trouble('own 404', ownOf(404), { is: 'elsewhere' });

export const waitTroubles: readonly Trouble[] = [
  outage('refused'),
  outage('reset'),
  trouble('stall', 'stall', { is: 'outage' }),
  trouble('body cut', { status: 200, body: '{"id":', end: 'bodyClosed' }, { is: 'outage' }),
  trouble('502 of a proxy', html(502), passing),
  trouble('own 500', ownOf(500), passing),
  trouble('own 503, Retry-After 45', ownOf(503, { 'retry-after': '45' }), passing, { askedMs: 45_000 }),
  trouble('429, Retry-After 300', ownOf(429, { 'retry-after': '300' }), passing, { askedMs: 60_000 }),
  trouble('307', { status: 307, headers: { location: 'https://elsewhere.example/' } }, passing),
  trouble('401 of a proxy', html(401), passing),
  trouble('broken JSON', { status: 200, body: `{"id":"${jobId}",` }, passing),
  trouble('200 without a status', json({ id: jobId }), passing),
  unknownHere,
  trouble('405 of a proxy', html(405), { is: 'elsewhere' }),
  trouble('foreign id', json({ id: 'other', status: 'generating' }), { is: 'foreign', id: 'other' }),
  trouble(
    'another foreign id, done',
    json({ id: 'G3b3', status: 'completed', video: { url: 'https://cdn.aimlapi.com/another.mp4' } }),
    { is: 'foreign', id: 'G3b3' },
  ),
  trouble('failure without id', json({ status: 'error', error: { message: 'gone' } }), {
    is: 'unclaimed',
    status: 'error',
  }),
  trouble('unknown word', json({ id: jobId, status: 'dreaming' }), { is: 'alive', status: 'dreaming' }),
  trouble(
    'running with a URL, id with a suffix',
    json({ id: `${jobId}:wan`, status: 'Generating', video: { url: 'https://cdn.aimlapi.com/early.mp4' } }),
    { is: 'alive', status: 'Generating' },
  ),
  trouble('done without URL', json({ id: jobId, status: 'completed', video: null }), {
    is: 'empty',
    status: 'completed',
  }),
  // the end at once
  trouble('unknown word with a URL', json({ id: jobId, status: 'shiny', video: { url: videoUrl } }), {
    is: 'done',
  }),
  trouble('failed', json({ id: jobId, status: 'Error', error: { message: 'gone' } }), {
    is: 'failed',
    status: 'Error',
  }),
  trouble('own 401', ownOf(401), { is: 'refused' }),
  trouble('own 403', ownOf(403), { is: 'refused' }),
  trouble('badPort', { thrown: 'badPort' }, (transport) =>
    transport === 'fetch' ? { is: 'refused' } : { is: 'outage' },
  ),
  trouble('abort in flight', 'deaf', { is: 'reason' }, { abortAfterMs: 0 }),
  trouble(
    'abort in the pause',
    json({ id: jobId, status: 'queued' }),
    { is: 'reason' },
    { abortAfterMs: 10 },
  ),
];
