import { UnexpectedResponseError } from '../base/errors.js';
import type { VideoJob } from '../base/results.js';
import { UnusableAnswer } from '../http/failure.js';

/** What a {@link StrayAnswerError} holds as its `answer` where a failure names no job. */
export const unclaimedFailure = 'a failure of no job';

/** The answer to a status check that may be about another job. A wait asks again; a single check ends with it. */
export class StrayAnswerError extends UnexpectedResponseError {
  readonly #answer: string;
  readonly #failedJob: VideoJob | undefined;

  constructor(error: UnexpectedResponseError, answer: string, failedJob?: VideoJob) {
    const { status, url, issues } = error;
    super(error.message, { status, url, issues }, error.body);
    this.#answer = answer;
    this.#failedJob = failedJob;
  }

  /** The same text for the same answer. */
  get answer(): string {
    return this.#answer;
  }

  /** The job as failed, where the answer says so and names no job. */
  get failedJob(): VideoJob | undefined {
    return this.#failedJob;
  }
}

/** Gives the job that an answer tells of, if the answer is about the job that was asked for. */
export function checkIdentity(asked: VideoJob, answeredId: string | undefined, told: VideoJob): VideoJob {
  const stray = (issue: string, key: string, failedJob?: VideoJob) =>
    new UnusableAnswer(issue, (error) => new StrayAnswerError(error, key, failedJob));
  if (answeredId === undefined) {
    if (told.state !== 'failed') return told;
    throw stray('it tells of a failure and does not say of which job', unclaimedFailure, told);
  }
  if (isSameJob(asked.id, answeredId)) return told;
  throw stray(`it is about another job ("${answeredId.slice(0, 100)}")`, `another job: ${answeredId}`);
}

/** An id may come with the model behind a colon, and without. */
function isSameJob(id: string, other: string): boolean {
  return id === other || id.startsWith(`${other}:`) || other.startsWith(`${id}:`);
}
