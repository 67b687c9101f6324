import { randomBytes, randomUUID } from 'node:crypto';
import { msPerSecond } from './units.js';

export interface Job {
  id: string;
  model: string;
  createdMs: number;
  failure?: { name: string; message: string };
  /** Path of the finished file. */
  file?: string;
}

export interface JobTiming {
  videoSeconds: number;
  /** The words on the way, each for an equal share of the time. */
  statuses: readonly string[];
}

/** What a status request hears of the job now. */
export function statusOf(job: Job, timing: JobTiming, nowMs: number): string {
  const { statuses } = timing;
  const share = shareOf(job, timing, nowMs);
  if (share >= 1 || statuses.length === 0) return job.failure ? 'error' : 'completed';
  return statuses[Math.floor(share * statuses.length)] ?? 'generating';
}

/** How much of its time has passed, 0 to 1. */
export function shareOf(job: Job, { videoSeconds }: JobTiming, nowMs: number): number {
  if (videoSeconds <= 0) return 1;
  return Math.min(1, Math.max(0, (nowMs - job.createdMs) / (videoSeconds * msPerSecond)));
}

/** Ids in turn of each form that the API has been seen to give. */
export function makeId(count: number, model: string): string {
  const forms = [
    () => randomUUID(),
    () => `${randomUUID()}:${model}`,
    () => `-${randomBytes(15).toString('base64url')}`,
  ];
  return forms[count % forms.length]?.() ?? randomUUID();
}
