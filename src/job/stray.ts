import { UnexpectedResponseError } from '../base/errors.js';
import type { VideoJob } from '../base/results.js';
import { UnusableAnswer } from '../http/failure.js';

/** The `answer` of a {@link StrayAnswerError} where a failure names no job. */
export const unclaimedFailure = 'a failure of no job';

/** An answer to a status check that may be about another job. A wait asks again; `getVideo` throws the error. */
export class StrayAnswerError extends UnexpectedResponseError {
  readonly #answer: string;
  readonly #failedJob: VideoJob | undefined;

  constructor(error: UnexpectedResponseError, answer: string, failedJob?: VideoJob) {
    const { status, url, issues } = error;
    super(error.message, { status, url, issues }, error.body);
    this.#answer = answer;
    this.#failedJob = failedJob;
  }

  /** Names the answer: two answers that say the same have the same text. */
  get answer(): string {
    return this.#answer;
  }

  /** The failed job, where the answer tells of a failure and names no job. */
  get failedJob(): VideoJob | undefined {
    return this.#failedJob;
  }
}

/** Gives the job of an answer; throws where the answer may be about another job than the one that was asked for. */
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

/** The same id may come with `:model` at its end, or without. */
function isSameJob(id: string, other: string): boolean {
  return id === other || id.startsWith(`${other}:`) || other.startsWith(`${id}:`);
}
