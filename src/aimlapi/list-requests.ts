import { checkCallOptions } from '../base/call-options.js';
import { RateLimitError } from '../base/errors.js';
import type { OptionNames } from '../base/option-names.js';
import type { RequestOptions } from '../base/options.js';
import { printable } from '../base/redact.js';
import type { Config } from '../http/config.js';
import { longestRetryAfterMs } from '../http/retry.js';
import { send } from '../http/send.js';
import { sleep } from '../time/sleep.js';
import { toWindow } from './log.js';
import { type LoggedRequest, type LogReader, readLog } from './log-pages.js';
import { findKnownModel } from './models/find-model.js';

export interface ListRequestsInput {
  /** Where to begin: a Date or an ISO time, at most 92 days before `until`. */
  since: string | Date;
  /** Where to end. @defaultValue now, and up to a day later, because this machine's clock may be slow */
  until?: string | Date | undefined;
  /** Only requests of this model, by any of its names. */
  model?: string | undefined;
  /** Only requests that ended like this. A failed one is billed nothing. */
  status?: 'succeeded' | 'failed' | undefined;
}

const inputNames: OptionNames<ListRequestsInput> = { since: true, until: true, model: true, status: true };
const doing = 'list the requests';
/** The API takes 200 requests in 60 s, and does not say when it takes the next. */
const busyPauseMs = 15_000;
/** A page that is refused this often with 429 ends the list. */
const mostBusyPauses = 8;

export async function* listRequests(
  config: Config,
  input: ListRequestsInput,
  options?: RequestOptions,
): AsyncGenerator<LoggedRequest, void, undefined> {
  if (input === undefined) throw new TypeError(`Cannot ${doing}: it takes an object such as { since }.`);
  checkCallOptions(doing, input, inputNames);
  const { since, until, model, status } = input;
  const window = toWindow(since, until);
  const filters = [...namesOf(model).map(toFilter('model')), ...statusOf(status).map(toFilter('status'))];
  const signal = options?.signal;
  const pause = (ms: number) => sleep(ms, signal);

  const ask: LogReader['ask'] = async (call) => {
    for (let pauses = 0; ; pauses += 1) {
      try {
        return await send(config, call, options);
      } catch (error) {
        if (!(error instanceof RateLimitError) || pauses >= mostBusyPauses) throw error;
        const askedMs = error.retryAfterMs ?? 0;
        if (askedMs > longestRetryAfterMs) throw error;
        await pause(Math.max(askedMs, busyPauseMs));
      }
    }
  };

  for await (const rows of readLog({ ...window, filters }, { ask, pause })) {
    // a server that does not know the filter gives all rows
    yield* rows.filter((row) => status === undefined || row.status === status);
  }
}

const toFilter =
  (name: string) =>
  (value: string): [string, string] => [name, value];

/** The names under which the log may have a model. */
function namesOf(model: unknown): string[] {
  if (model === undefined) return [];
  if (typeof model === 'string' && model !== '') return findKnownModel(model)?.names ?? [model];
  throw new TypeError(
    `Cannot ${doing}: model takes the id of a model, not ${JSON.stringify(printable(model))}.`,
  );
}

function statusOf(status: unknown): string[] {
  if (status === undefined) return [];
  if (status === 'succeeded' || status === 'failed') return [status];
  throw new TypeError(
    `Cannot ${doing}: status takes "succeeded" or "failed", not ${JSON.stringify(printable(status))}.`,
  );
}
