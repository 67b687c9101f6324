import type { Clock } from '../clock.js';
import type { VideoJob } from '../results.js';
import type { Outlook, Pace } from './pace.js';

/** A running and a finished answer further apart than this say too little about when the job ended. */
const widestBracketMs = 30_000;
const oldestMs = 7 * 24 * 3_600_000;

const freshSince = new WeakMap<VideoJob, number>();
const variants = new WeakMap<VideoJob, string>();

/** Where a wait gets its pace from. */
export interface PaceSource {
  /** What the client has learned. */
  readonly pace: Pace;
  /** Milliseconds that the model is said to take. */
  typicalMs?(model: string | undefined): number | undefined;
}

/** Notes that the job was started just now, so that its first check can wait, and the resolution it was asked for. */
export function markFresh(job: VideoJob, resolution = ''): VideoJob {
  freshSince.set(job, performance.now());
  variants.set(job, resolution);
  return job;
}

/** The pace of one wait. */
export interface Pacing {
  /** Milliseconds to the first check: none, unless the job was started just now. */
  readonly firstDelayMs: number;
  /** Milliseconds to the next check while all is well. */
  intervalMs(): number;
  outlook(): Outlook;
  /** Takes in an answer, and learns from one that shows when the job ended. */
  see(job: VideoJob): void;
}

/** `fixedMs`: the caller's own interval, in place of the plan's. */
export function startPacing(
  source: PaceSource,
  job: VideoJob,
  clock: Clock,
  fixedMs: number | undefined,
): Pacing {
  const since = freshSince.get(job);
  freshSince.delete(job);
  const knownAgeMs = since === undefined ? ageOf(job) : performance.now() - since;
  const ageMs = () => (knownAgeMs ?? 0) + clock.elapsedMs();
  const variant = variants.get(job);
  const kind = { model: job.model, variant };
  const plan = source.pace.plan(kind, source.typicalMs?.(job.model));
  const intervalMs = () => fixedMs ?? plan.nextDelayMs(ageMs());
  // a create that was answered just now is a look at a running job too
  let ranAtMs = since === undefined ? undefined : 0;
  return {
    firstDelayMs: since !== undefined && ageMs() < intervalMs() ? intervalMs() : 0,
    intervalMs,
    outlook: () => plan.outlook(ageMs()),
    see(now) {
      if (variant !== undefined) variants.set(now, variant);
      const seenAtMs = ageMs();
      const bracketMs = seenAtMs - (ranAtMs ?? Number.NaN);
      if (now.state === 'done' && knownAgeMs !== undefined && bracketMs <= widestBracketMs) {
        source.pace.learn(kind, seenAtMs - bracketMs / 2);
      }
      ranAtMs = now.state === 'running' ? seenAtMs : undefined;
    },
  };
}

/** By this machine's clock; nothing where that cannot be right. */
function ageOf({ createdAt }: VideoJob): number | undefined {
  const ageMs = Date.now() - Date.parse(createdAt ?? '');
  return ageMs >= 0 && ageMs <= oldestMs ? ageMs : undefined;
}
