import { randomBytes, randomUUID } from 'node:crypto';
import { msPerSecond } from './units.js';

export interface Job {
  id: string;
  model: string;
  createdMs: number;
  failure?: { name: string; message: string };
  /** The path of the finished file. Absent until the first link to the file is made. */
  file?: string;
}

export interface JobTiming {
  videoSeconds: number;
  /** The status words before the job ends. Each lasts for an equal share of the time. */
  statuses: readonly string[];
}

/** Returns the status word of the job at this time. */
export function statusOf(job: Job, timing: JobTiming, nowMs: number): string {
  const { statuses } = timing;
  const share = shareOf(job, timing, nowMs);
  if (share >= 1 || statuses.length === 0) return job.failure ? 'error' : 'completed';
  return statuses[Math.floor(share * statuses.length)] ?? 'generating';
}

/** Returns the share of the job's time that has passed, from 0 to 1. */
export function shareOf(job: Job, { videoSeconds }: JobTiming, nowMs: number): number {
  if (videoSeconds <= 0) return 1;
  return Math.min(1, Math.max(0, (nowMs - job.createdMs) / (videoSeconds * msPerSecond)));
}

/** Makes an id. The ids take turns between the three forms that the API returns. */
export function makeId(count: number, model: string): string {
  const forms = [
    () => randomUUID(),
    () => `${randomUUID()}:${model}`,
    () => `-${randomBytes(15).toString('base64url')}`,
  ];
  return forms[count % forms.length]?.() ?? randomUUID();
}
