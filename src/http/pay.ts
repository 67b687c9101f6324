import type { AroundCreate, Create } from '../base/around-create.js';
import { keepSale } from '../base/create-payment.js';
import { OutcomeUnknownError } from '../base/errors.js';
import { text } from '../base/json.js';
import { nameValue } from '../base/kind.js';
import { notePayment, type Payment } from '../base/payment.js';
import { isRecord, record } from '../base/record.js';
import { messageOf } from '../base/thrown.js';
import { untilAborted } from '../time/abort.js';

/** What is about to be paid for. */
export interface Purchase {
  readonly create: Create;
  /** The body as it goes out. */
  readonly json: string;
  /** The client's functions, the outermost first. */
  readonly around: readonly AroundCreate[];
  /** What the create does, for messages. */
  readonly doing: string;
  readonly payment: Payment;
}

/** Makes one paid create within the client's functions, and notes of each error whether it may have been paid for. */
export async function pay<Made>(purchase: Purchase, attempt: () => Promise<Made>): Promise<Made> {
  const { create, around, doing, json, payment } = purchase;
  const { signal } = create;
  let isUnderWay = false;
  let isOver = false;
  let made: { result: Made } | undefined;
  let sentAt = create.startedAt;
  keepSale(create, payment, json);

  const sendNow = async (): Promise<Made> => {
    isUnderWay = true;
    sentAt = new Date().toISOString();
    try {
      const result = await attempt();
      made = { result };
      return result;
    } catch (error) {
      // the functions may ask about it before the call ends
      notePayment(error, payment);
      throw error;
    } finally {
      isUnderWay = false;
    }
  };
  const run = async (index: number): Promise<Made> => {
    const current = around[index];
    if (!current) return sendNow();
    let isSent = false;
    let sent: Promise<Made> | undefined;
    const send = async (): Promise<Made> => {
      if (isSent) throw new Error(`Cannot ${doing}: send() was called twice. A create is paid for once`);
      isSent = true;
      signal?.throwIfAborted();
      if (isOver) {
        throw new Error(`Cannot ${doing}: send() was called after the call had ended. Nothing was sent`);
      }
      sent = run(index + 1);
      return sent;
    };
    const given = await current(create, () => {
      const sending = send();
      // a function that does not await it must not end the process: the call itself tells why send() rejected
      sending.catch(() => {});
      return sending;
    });
    // a function that forgets to give what send() gave must not lose it, nor hide why send() rejected
    if (isRecord(given)) return given;
    if (sent) return sent;
    throw new TypeError(
      `Cannot ${doing}: aroundCreate gave ${nameValue(given)} and never called send(). Nothing was sent`,
    );
  };

  try {
    return await (around.length > 0 ? untilAborted(run(0), signal) : run(0));
  } catch (error) {
    const isAborted = signal?.aborted === true && error === signal.reason;
    // after an abort nothing more leaves; after any other error a create that is under way may still be paid for
    const mayBePaid = payment.mayBePaid || (isUnderWay && !isAborted);
    const shown = made && !isAborted ? toLostError(purchase, sentAt, made.result, error) : error;
    notePayment(shown, { mayBePaid });
    throw shown;
  } finally {
    isOver = true;
  }
}

/** The error where a function threw after the create was made. It holds the answer, and what finds the create again. */
function toLostError(
  { create, doing }: Purchase,
  startedAt: string,
  made: unknown,
  cause: unknown,
): OutcomeUnknownError {
  const { clientRequestId, model } = create;
  const { raw, inferenceId } = record(made);
  const message = `Cannot ${doing}: it was made and paid for, and then aroundCreate threw (${messageOf(cause)}). Its answer is in error.body; its client request id is "${clientRequestId}"`;
  const facts = { clientRequestId, model, startedAt, inferenceId: text(inferenceId) };
  return new OutcomeUnknownError(message, facts, typeof raw === 'string' ? raw : JSON.stringify(raw), {
    cause,
  });
}
