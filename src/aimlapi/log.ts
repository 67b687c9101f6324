import { checkCallOptions } from '../base/call-options.js';
import type { OptionNames } from '../base/option-names.js';
import type { RequestOptions } from '../base/options.js';
import type { Config } from '../http/config.js';
import { send } from '../http/send.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { sleep } from '../time/sleep.js';
import { type LoggedRequest, type LogWindow, readLog, toIsoTime } from './log-pages.js';
import { findKnownModel } from './models/find-model.js';

export type { LoggedRequest } from './log-pages.js';

export interface FindRequestInput {
  /** The id that the request carried. */
  clientRequestId: string;
  /** Where to begin: a Date or an ISO time, at most 92 days before `until`. */
  since: string | Date;
  /** Where to end. @defaultValue now, and up to a day later, because this machine's clock may be slow */
  until?: string | Date | undefined;
  /** Only rows of this model, by any of its names. */
  model?: string | undefined;
}

const inputNames: OptionNames<FindRequestInput> = {
  clientRequestId: true,
  since: true,
  until: true,
  model: true,
};

export const dayMs = 86_400_000;
/** The longest window that the log takes. */
export const longestWindowMs = 92 * dayMs;

export async function findRequest(
  config: Config,
  input: FindRequestInput,
  options?: RequestOptions,
): Promise<LoggedRequest[]> {
  checkCallOptions('find the request', input, inputNames);
  const { clientRequestId, since, until, model } = input;
  checkClientRequestId(clientRequestId);
  const window = toWindow(since, until);
  const models = [model, `alibaba/${model}`, ...(findKnownModel(model)?.names ?? [])];
  const found: LoggedRequest[] = [];
  const rows = readLog(window, {
    ask: (call) => send(config, call, options),
    pause: (ms) => sleep(ms, options?.signal),
  });
  for await (const page of rows) {
    for (const row of page) {
      const isAsked = model === undefined || models.includes(row.model);
      if (isAsked && row.clientRequestId === clientRequestId) found.push(row);
    }
  }
  return found;
}

/** The window of the log between two times of the caller. */
export function toWindow(since: unknown, until: unknown): LogWindow {
  const startMs = toTime('since', since);
  const endMs = until === undefined ? defaultEndMs(startMs, Date.now()) : toTime('until', until);
  if (startMs <= endMs && endMs - startMs <= longestWindowMs) return { startMs, endMs };
  throw new RangeError(
    `Cannot search the request log from ${toIsoTime(startMs)} to ${toIsoTime(endMs)}: it takes at most 92 days, the earlier time first.`,
  );
}

/** Up to a day after now, because this machine's clock may be slow. More is no harm: the log has no rows of the future. */
function defaultEndMs(startMs: number, nowMs: number): number {
  return Math.max(nowMs, Math.min(Math.max(nowMs, startMs) + dayMs, startMs + longestWindowMs));
}

/** Milliseconds since 1970 of a time that the caller gives. */
export function toTime(name: string, value: unknown): number {
  const time = value instanceof Date || typeof value === 'string' ? new Date(value).getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new TypeError(`Cannot use ${name}: it takes a Date or an ISO time such as "2026-01-31T12:00:00Z".`);
}
