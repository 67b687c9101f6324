import { InvalidInputError } from './errors.js';

/** For each error that a create ended with: whether one of the creates that ended with it may have been paid for. */
const verdicts = new WeakMap<object, boolean>();

/** Whether a create may have been paid for so far. */
export interface Payment {
  mayBePaid: boolean;
}

export function notePayment(error: unknown, { mayBePaid }: Payment): void {
  if (Object(error) !== error) return;
  const key = Object(error);
  verdicts.set(key, mayBePaid || verdicts.get(key) === true);
}

/**
 * Whether a create that ended with this error may have been billed. `false` only where it is certain that it was not: it
 * never left, the API itself refused or failed it, or a function of `aroundCreate` threw before it was sent.
 *
 * One abort may end several creates: its reason gives `true` as soon as one of them may have been paid for. What no create
 * of this process ended with gives `true` as well: a text as the reason, the copy of an error, the error of another call.
 *
 * @param error what the create rejected with: an error, or the reason of the signal that aborted it
 * @example
 * ```ts
 * const job = await wan.generateVideo(input).catch((error) => {
 *   if (mayHaveBeenPaid(error)) return lookItUp(error);
 *   return tryElsewhere(input);
 * });
 * ```
 */
export function mayHaveBeenPaid(error: unknown): boolean {
  return verdicts.get(Object(error)) ?? !(error instanceof InvalidInputError);
}
