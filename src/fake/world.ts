import type { OptionNames } from '../base/option-names.js';
import { Account } from './account.js';
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
  /** The only key that the API accepts. @defaultValue any */
  apiKey?: string;
  /** How many seconds a video takes to finish. @defaultValue `3` */
  videoSeconds?: number;
  /**
   * The status words before `completed`. Each lasts for an equal share of the time.
   * @defaultValue `['queued', 'generating']`, at Vtrix `['in_queue', 'in_progress']`
   */
  statuses?: readonly string[];
  /** How many seconds a link works. @defaultValue `86_400` */
  linkSeconds?: number;
  /** Whether an answer contains images as links or as base64. @defaultValue `'url'` */
  images?: 'url' | 'base64';
  /** How many seconds pass before the log lists a request. @defaultValue `0` */
  logDelaySeconds?: number;
  /** US dollars on the account. A create that costs more than is left is refused. @defaultValue `1_000_000` */
  balanceUsd?: number;
  /** Whether the file server answers `Range` requests with parts of a file. @defaultValue `true` */
  ranges?: boolean;
  /** Where Vtrix expects the input: in `input[0].params`, or flat beside `model`. @defaultValue `'params'` */
  vtrixBody?: 'params' | 'flat';
}

export const fakeApiOptionNames: OptionNames<FakeApiOptions> = {
  apiKey: true,
  videoSeconds: true,
  statuses: true,
  linkSeconds: true,
  images: true,
  logDelaySeconds: true,
  balanceUsd: true,
  ranges: true,
  vtrixBody: true,
};

/** The state of the embedded API: jobs, files, the log and the faults that are left. */
export class World {
  readonly faults = new Faults();
  readonly files = new Files();
  readonly jobs = new Map<string, Job>();
  readonly log = new RequestLog();
  /** How many creates were accepted. A real account would pay for each of them. */
  generations = 0;

  readonly account: Account;

  constructor(readonly options: FakeApiOptions) {
    this.account = new Account(options.balanceUsd);
  }

  timingWith(defaultStatuses: readonly string[]): JobTiming {
    const { videoSeconds = defaultVideoSeconds } = this.options;
    return { videoSeconds, statuses: this.options.statuses ?? defaultStatuses };
  }

  /** Starts a job. The job fails if a `job-fails` fault hits this create. */
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

  /** Makes a link to the video of a finished job. */
  makeVideoLink(url: URL, job: Job): string {
    job.file ??= this.files.add(`${toFileName(job.id)}.mp4`, { contentType: 'video/mp4', bytes: clipBytes });
    return this.makeLink('status', url, job.file);
  }

  /** Makes a signed link for the answer to a request to `url`. */
  makeLink(route: Route, url: URL, path: string): string {
    // a local server also serves the files; without a socket, the links name a separate host, as the API's links do
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
