import { clipBytes } from './clip.js';
import { Faults, type Route } from './faults.js';
import { Files } from './files.js';
import type { Job, JobTiming } from './jobs.js';
import { RequestLog } from './request-log.js';
import { msPerSecond, secondsPerDay } from './units.js';

const defaultVideoSeconds = 3;
const defaultLinkSeconds = secondsPerDay;
const expiredLinkSeconds = -60;

export interface FakeApiOptions {
  /** The one key that is let in. @defaultValue any */
  apiKey?: string;
  /** Seconds that a video takes. @defaultValue `3` */
  videoSeconds?: number;
  /**
   * Status words on the way to `completed`, each for an equal share of the time.
   * @defaultValue `['queued', 'generating']`, at Vtrix `['in_queue', 'in_progress']`
   */
  statuses?: readonly string[];
  /** Seconds that a link works. @defaultValue `86_400` */
  linkSeconds?: number;
  /** How images come: as links or as base64 in the answer. @defaultValue `'url'` */
  images?: 'url' | 'base64';
  /** Seconds until a request shows in the log. @defaultValue `0` */
  logDelaySeconds?: number;
  /** Whether the file server gives parts of a file (`Range`). @defaultValue `true` */
  ranges?: boolean;
  /** How Vtrix takes the input: in an array under `params`, or flat beside the model. @defaultValue `'params'` */
  vtrixBody?: 'params' | 'flat';
}

/** What the embedded API holds: jobs, files, the log, and the faults to come. */
export class World {
  readonly faults = new Faults();
  readonly files = new Files();
  readonly jobs = new Map<string, Job>();
  readonly log = new RequestLog();
  /** Paid creates that were accepted. */
  generations = 0;

  constructor(readonly options: FakeApiOptions) {}

  timingWith(defaultStatuses: readonly string[]): JobTiming {
    const { videoSeconds = defaultVideoSeconds } = this.options;
    return { videoSeconds, statuses: this.options.statuses ?? defaultStatuses };
  }

  /** Starts a job, for which an account would be billed. */
  startJob(url: URL, id: string, model: string): Job {
    const job: Job = { id, model, createdMs: Date.now() };
    const fault = this.faults.takeKind('job-fails', 'video', url.pathname);
    if (fault) {
      const { name = 'GenerationError', message = 'The content was refused by the model’s inspection' } =
        fault;
      job.failure = { name, message };
    }
    this.jobs.set(id, job);
    return job;
  }

  /** A link to a finished job's video. */
  makeVideoLink(url: URL, job: Job): string {
    job.file ??= this.files.add(`${toFileName(job.id)}.mp4`, { contentType: 'video/mp4', bytes: clipBytes });
    return this.makeLink('status', url, job.file);
  }

  /** A signed link, as a request to `url` is handed it. */
  makeLink(route: Route, url: URL, path: string): string {
    // over a socket the files come from the same server; else from a host of their own, like the API's
    const origin = /^(localhost$|127\.|10\.|192\.168\.|\[::1)/.test(url.hostname)
      ? url.origin
      : 'https://cdn.aimlapi.com';
    const expired = this.faults.takeKind('expired-link', route, url.pathname) !== undefined;
    const seconds = expired ? expiredLinkSeconds : (this.options.linkSeconds ?? defaultLinkSeconds);
    return this.files.sign(origin, path, Math.floor(Date.now() / msPerSecond) + seconds);
  }
}

export function toFileName(id: string): string {
  return id.replace(/[^\w-]/g, '_');
}
