import type { JobState } from '../base/results.js';

const done = /^(completed|succeeded|success|done|ready|finished)$/i;
const failed = /^(error|failed|cancell?ed|expired|timeout)$/i;
const running = /^(queued|generating|waiting|active|pending|processing|in_progress|in_queue)$/i;

/** What a status word means. An unknown word counts as running until there is a video: it must not end a paid job. */
export function toState(word: string, hasUrl: boolean): JobState {
  const bare = word.trim();
  if (failed.test(bare)) return 'failed';
  return done.test(bare) || (hasUrl && !running.test(bare)) ? 'done' : 'running';
}
