import { UnexpectedResponseError, VideoFailedError } from '../base/errors.js';
import { compact } from '../base/record.js';
import type { VideoJob } from '../base/results.js';
import type { Config } from '../http/config.js';
import { updateJob } from '../job/job.js';
import { type LoggedRequest, logPath } from './log-pages.js';
import { findKnownModel } from './models/find-model.js';
import { costOfFailure } from './usage.js';

/** What is known of a create whose answer was lost; an `OutcomeUnknownError` holds it. */
export interface RecoverFacts {
  clientRequestId: string;
  /** ISO time of the first attempt, by this machine's clock. */
  startedAt: string;
  model: string;
  /** The API's id, where an answer named one. */
  inferenceId?: string | undefined;
}

/** What a search in the log has seen of a create so far. */
export interface RowsOfCreate {
  /** Rows that were read, those of other creates too. */
  rows: number;
  failed?: LoggedRequest;
  /** A row of the create that succeeded, and does not say under which id. */
  withoutId?: LoggedRequest;
}

/** Gives the job of the first row of the create that did not fail. Other rows of it are noted in `seen`. */
export function findJob(
  facts: RecoverFacts,
  rows: readonly LoggedRequest[],
  seen: RowsOfCreate,
): VideoJob | undefined {
  seen.rows += rows.length;
  for (const row of rows.filter((each) => isOfCreate(each, facts))) {
    const id = row.inferenceId ?? facts.inferenceId;
    if (row.status === 'failed') seen.failed ??= row;
    else if (id) return toFoundJob(facts, row, id);
    else seen.withoutId ??= row;
  }
  return undefined;
}

/** Throws where a log that was read to its end has rows of the create, and no job among them. */
export function throwIfFound(
  { baseUrl }: Config,
  facts: RecoverFacts,
  { failed, withoutId }: RowsOfCreate,
): void {
  if (withoutId) {
    const { clientRequestId } = facts;
    const issue = 'the request log says that it was made, and does not say under which id';
    const message = `${cannotRecover(facts)}: ${issue}. It may have been paid for: the row is in error.body`;
    const answer = { status: 200, url: `${baseUrl}${logPath}`, issues: [issue], clientRequestId };
    throw new UnexpectedResponseError(message, answer, withoutId.raw);
  }
  if (!failed) return;
  const reason = 'the request log says that the create failed';
  const job = toFoundJob(facts, failed, failed.inferenceId ?? facts.clientRequestId, 'failed');
  throw new VideoFailedError(`${cannotRecover(facts)}: ${reason}. ${costOfFailure}`, job, { reason });
}

export function cannotRecover({ clientRequestId }: RecoverFacts): string {
  return `Cannot recover the video of client request id "${clientRequestId}"`;
}

function isOfCreate({ clientRequestId, inferenceId, model }: LoggedRequest, facts: RecoverFacts): boolean {
  const isNamed =
    clientRequestId === facts.clientRequestId || (!!inferenceId && inferenceId === facts.inferenceId);
  // the log may name a model in a way that is not known here
  const [logged, asked] = [findKnownModel(model), findKnownModel(facts.model)];
  return isNamed && (!logged || !asked || logged === asked);
}

function toFoundJob(facts: RecoverFacts, row: LoggedRequest, id: string, status?: string): VideoJob {
  const known = compact({
    provider: 'aimlapi',
    id,
    model: row.model ?? facts.model,
    createdAt: row.createdAt || facts.startedAt,
    clientRequestId: facts.clientRequestId,
    inferenceId: id,
  } as const);
  return updateJob(known, { status, usage: row.usage }, row.raw);
}
