import { checkCallOptions } from '../base/call-options.js';
import { WanError } from '../base/errors.js';
import { nameValue } from '../base/kind.js';
import type { OptionNames } from '../base/option-names.js';
import type { RequestOptions } from '../base/options.js';
import { notePayment } from '../base/payment.js';
import { record } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { VideoJob } from '../base/results.js';
import type { Config } from '../http/config.js';
import { toInvalidInputError } from '../input/explain.js';
import { createVideo, type VideoApi, type VideoCreate } from './calls.js';
import { withoutRaw } from './job.js';
import { readOrder, type VideoOrder } from './order.js';
import { markStarted } from './pace.js';
import { enter } from './under-way.js';

export interface StartOptions extends Omit<RequestOptions, 'clientRequestId'> {
  /**
   * Whether the order may have been paid for before: `order.sent`, the mark that you stored before you paid. `true` never
   * pays: it looks once whether the create is in the API's log. Never derive it from a count of attempts.
   * @defaultValue `false`
   */
  again?: boolean | undefined;
}

/** What a client does with an order, at any provider. */
export interface OrderCalls {
  /**
   * Pays for an order of `orderVideo`, and gives its job as soon as the API has given it an id. It is billed, so it is
   * repeated only when it never reached the API, or the API refused or failed it.
   *
   * For an engine that may die at any point: store `sent: true` beside the order first, and pass `again: order.sent`. If
   * it throws and {@link mayHaveBeenPaid} of the error is `false`, take the mark back. With `again: true` it pays for
   * nothing. It looks into the API's log once, from 10 minutes before the order until now, and gives the job, or
   * `undefined`: there is no row yet. Rows may come late: look again for at least 20 minutes, and so after a
   * `VideoFailedError`; then a person decides.
   *
   * The job is plain JSON, without `raw`. While an order is being started, another call for it in the same process is
   * refused.
   *
   * @throws {TypeError} when it is no order of this provider, or `again` is neither `true` nor `false`; nothing was sent
   * @throws {InvalidInputError} when the order's body breaks the model's rules of today (not with `again`); nothing was sent
   * @throws {OutcomeUnknownError} when the answer was lost and the video may have been paid for; at Vtrix, which has no log,
   * also with `again`
   * @throws {VideoFailedError} with `again`, when the log has only failed rows of it: they were billed nothing
   * @throws {RangeError} with `again`, when the order is older than the 92 days of the log, and it is not in them
   * @throws What {@link generateVideo} throws; with `again` what {@link findRequest} throws
   * @throws The signal's reason, when `options.signal` aborts
   * @example One step of an engine
   * ```ts
   * const again = order.sent === true;
   * if (!again) await store({ ...order, sent: true });
   * const job = await wan.startVideo(order, { again }).catch(async (error) => {
   *   if (!mayHaveBeenPaid(error)) await store({ ...order, sent: false });
   *   throw error;
   * });
   * if (!job) throw new Error('no row of it yet: look again later');
   * ```
   */
  startVideo(order: VideoOrder, options?: StartOptions): Promise<VideoJob | undefined>;
}

/** What a provider adds: its rules of today, and where it looks for what was paid for. */
export interface OrderRules {
  /** What to send for the body of an order. Throws an `InvalidInputError` where today's rules refuse it. */
  toCreate(body: VideoOrder['body']): VideoCreate;
  /** Looks once for the job of an order that may have been paid for. */
  look(order: VideoOrder, options: RequestOptions): Promise<VideoJob | undefined>;
}

const doing = 'start the video';
const optionNames: OptionNames<StartOptions> = {
  again: true,
  signal: true,
  timeoutMs: true,
  maxRetries: true,
  headers: true,
};

export async function startVideo(
  config: Config,
  api: VideoApi,
  rules: OrderRules,
  given: VideoOrder,
  options?: StartOptions,
): Promise<VideoJob | undefined> {
  const { order, create, request } = prepare(api, rules, given, options);
  const { provider, clientRequestId } = order;
  const leave = enter(`${provider} ${clientRequestId}`);
  if (!leave) {
    const message = `Cannot ${doing}: the order "${clientRequestId}" is being started in this process already. This call sent nothing`;
    // the other call may be paying: the mark of the order must stay
    throw noted(new WanError(message), true);
  }
  try {
    if (!create) return await lookAgain(rules, order, request);
    const job = await createVideo(config, api, create, { ...request, clientRequestId });
    return markStarted(withoutRaw(job), create.variant);
  } finally {
    leave();
  }
}

async function lookAgain(
  rules: OrderRules,
  order: VideoOrder,
  request: RequestOptions,
): Promise<VideoJob | undefined> {
  try {
    const job = await rules.look(order, request);
    return job && withoutRaw(job);
  } catch (error) {
    // the caller's abort may have ended creates that were not sent, and is noted as unpaid then
    throw noted(error, true);
  }
}

interface Start {
  order: VideoOrder;
  /** What to send; absent where nothing is to be paid for. */
  create: VideoCreate | undefined;
  request: RequestOptions;
}

/** Checks all that a call was given. An earlier call may have paid for the order, this one has sent nothing yet. */
function prepare(api: VideoApi, rules: OrderRules, given: unknown, options: StartOptions | undefined): Start {
  // options that cannot be read may have been meant to say `again`
  let mayBePaid = true;
  try {
    const { again, ...request } = readOptions(options);
    mayBePaid = again;
    const order = readOrder(given, api.provider);
    return { order, create: again ? undefined : toCreate(rules, order), request };
  } catch (error) {
    throw noted(error, mayBePaid);
  }
}

/** The create of an order that is to be paid for, by today's rules. */
function toCreate(rules: OrderRules, { model, body }: VideoOrder): VideoCreate {
  const create = rules.toCreate(body);
  if (body.model === model) return create;
  const message = `is another model in the body of the order ("${printable(body.model)}")`;
  throw toInvalidInputError(doing, undefined, [{ path: 'model', message, received: printable(model) }]);
}

function readOptions(given: StartOptions = {}): RequestOptions & { again: boolean } {
  const refuse = (what: string) => new TypeError(`Cannot ${doing}: ${what}.`);
  if (record(given).clientRequestId !== undefined) throw refuse('the order has its own clientRequestId');
  checkCallOptions(doing, given, optionNames);
  const { again = false, ...request } = given;
  if (typeof again === 'boolean') return { ...request, again };
  throw refuse(
    `the option again takes true or false, not ${nameValue(again)}: pass the mark that was stored before the order was paid for. A count of attempts does not tell whether one was paid for`,
  );
}

/** The error, with a note of whether the order may have been paid for. */
function noted(error: unknown, mayBePaid: boolean): unknown {
  notePayment(error, { mayBePaid });
  return error;
}
