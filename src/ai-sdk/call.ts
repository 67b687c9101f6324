import { WanError } from '../base/errors.js';
import type { RequestOptions } from '../base/options.js';
import { mayHaveBeenPaid, notePayment } from '../base/payment.js';
import { isRecord } from '../base/record.js';
import { messageOf } from '../base/thrown.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { onAbort } from '../time/abort.js';
import type { CallSettings } from './spec.js';

const idempotencyKey = 'idempotency-key';

/** The options of a create. The API knows no idempotency key, but its log finds a create by the id that it carried. */
export function toCreateOptions(settings: CallSettings): RequestOptions {
  const [, clientRequestId] =
    Object.entries(settings.headers ?? {}).find(
      ([name, value]) => name.toLowerCase() === idempotencyKey && value !== undefined,
    ) ?? [];
  if (clientRequestId !== undefined) checkClientRequestId(clientRequestId, `headers.${idempotencyKey}`);
  return { ...toCheckOptions(settings), clientRequestId };
}

/** The options of a status check, which is no create: what is between here and the API must not repeat an answer to it. */
export function toCheckOptions({ abortSignal, headers = {} }: CallSettings): RequestOptions {
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== idempotencyKey);
  return { signal: abortSignal, headers: Object.fromEntries(kept) };
}

/**
 * Runs what one call of the AI SDK pays for, and what it then does with what it paid for. An error that is marked as
 * retryable would make `ai` pay again, and the caller's own functions (`aroundCreate`, `apiKey`) can throw such an error
 * after the create, as can a signal that a middleware makes for each call.
 */
export async function payOnce<Paid, Made>(
  signal: AbortSignal | undefined,
  pay: () => Promise<Paid>,
  finish: (paid: Paid) => Promise<Made>,
): Promise<Made> {
  let leave: (() => void) | undefined;
  try {
    const paid = await pay();
    // a create that never left may end with the same reason, which must not tell that nothing was paid for
    leave = onAbort(signal, () => notePayment(signal?.reason, { mayBePaid: true }));
    return await finish(paid);
  } catch (error) {
    const shown: unknown = signal?.aborted ? signal.reason : error;
    notePayment(shown, { mayBePaid: mayHaveBeenPaid(error) });
    if (!isRecord(shown) || shown.isRetryable !== true || !mayHaveBeenPaid(shown)) throw shown;
    const message = `Cannot tell whether this was paid for, so it is not made again: ${messageOf(shown)}`;
    throw new WanError(message, { cause: shown });
  } finally {
    leave?.();
  }
}
