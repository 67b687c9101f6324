import { UnexpectedResponseError } from '../base/errors.js';
import type { VideoJob } from '../base/results.js';
import { type UnexpectedResponse, UnusableAnswer } from '../http/failure.js';

/** The `answer` of a {@link StrayAnswerError} where a failure names no job. */
export const unclaimedFailure = 'a failure of no job';

/** An answer to a status check that may be about another job. A wait asks again; `getVideo` throws the error. */
export class StrayAnswerError extends UnexpectedResponseError {
  readonly #answer: string;
  readonly #failedJob: VideoJob | undefined;

  constructor(answer: string, failedJob: VideoJob | undefined, facts: UnexpectedResponse) {
    super(...facts);
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
  if (answeredId === undefined ? told.state !== 'failed' : isSameJob(asked.id, answeredId)) return told;
  const [issue, answer, failedJob] =
    answeredId === undefined
      ? ['it tells of a failure and does not say of which job', unclaimedFailure, told]
      : [`it is about another job ("${answeredId.slice(0, 100)}")`, `another job: ${answeredId}`];
  throw new UnusableAnswer(issue, (...facts) => new StrayAnswerError(answer, failedJob, facts));
}

/** The same id may come with `:model` at its end, or without. */
function isSameJob(id: string, other: string): boolean {
  return id === other || id.startsWith(`${other}:`) || other.startsWith(`${id}:`);
}
