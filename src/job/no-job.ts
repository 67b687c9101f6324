import { OutcomeUnknownError } from '../base/errors.js';
import { isError } from '../base/is-error.js';
import { isRecord } from '../base/record.js';
import { printable } from '../base/redact.js';

const jobErrors = ['JobError', 'VideoFailedError', 'PollTimeoutError', 'PollStoppedError'];

/** What is wrong with a value that is no job, and what to pass in its place. */
export function explainNoJob(value: unknown): string {
  const takes = 'it takes a job from generateVideo, or its id';
  if (!isRecord(value)) return `${takes}, not ${value === '' ? 'an empty text' : printable(value)}`;
  if (typeof value.then === 'function') return 'it is a Promise: await it';
  if (Array.isArray(value.images)) return 'it is the result of generateImage: its images are there already';
  if (value instanceof OutcomeUnknownError || value.name === 'OutcomeUnknownError') {
    return 'it is an OutcomeUnknownError: pass it to recoverVideo, which finds the job';
  }
  // a copy of an error, by JSON or structuredClone, has lost its job
  if (isError(value) || jobErrors.some((name) => name === value.name)) {
    return 'it is an error, or the copy of one, without a job: pass error.job or error.id';
  }
  return 'id' in value
    ? `${takes}, not an object that names no provider: pass its id`
    : `${takes}, not an object without an id`;
}
