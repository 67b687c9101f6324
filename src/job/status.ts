import type { JobState } from '../results.js';

const states = new Map<string, JobState>();
for (const word of ['completed', 'succeeded', 'success', 'done', 'ready', 'finished'])
  states.set(word, 'done');
for (const word of ['error', 'failed', 'cancelled', 'canceled', 'expired', 'timeout'])
  states.set(word, 'failed');
for (const word of [
  'queued',
  'generating',
  'waiting',
  'active',
  'pending',
  'processing',
  'in_progress',
  'in_queue',
]) {
  states.set(word, 'running');
}

/** What a status word means. A word nobody knows is still running, unless there is a video already. */
export function toState(word: string, hasUrl: boolean): JobState {
  return states.get(word.trim().toLowerCase()) ?? (hasUrl ? 'done' : 'running');
}
