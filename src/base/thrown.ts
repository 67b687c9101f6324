import { excerpt } from './excerpt.js';
import { isError, kindOf } from './is-error.js';
import { record } from './record.js';
import { redact } from './redact.js';
import { longestExcerpt } from './shorten.js';
import { show, showAll } from './show.js';

/** The words of a thrown value of any type, as a message may quote them. */
export function messageOf(thrown: unknown, secrets: readonly string[] = []): string {
  return excerpt(wordsOf(thrown), secrets);
}

function wordsOf(thrown: unknown): string {
  try {
    if (isError(thrown)) return String(thrown.message || (Reflect.get(thrown, 'code') ?? thrown.name));
  } catch {
    // a getter of the error throws: show it in another way
  }
  if (typeof thrown === 'string' && thrown.length > longestExcerpt) return thrown;
  return show(thrown) ?? `a value that cannot be shown (${kindOf(thrown)})`;
}

/** The fields that this library reads of a thrown value. */
const namesRead = ['name', 'message', 'cause', 'errors', 'code', 'syscall'];

/** The thrown value; an error in its place where a getter of the value or of its cause throws. */
export function toReadable(thrown: unknown): unknown {
  try {
    const errors = [thrown, record(thrown).cause].flatMap((each) => [each, record(each).errors].flat());
    for (const error of errors) {
      isError(error);
      for (const name of namesRead) {
        // a getter could throw the next time
        if (Reflect.getOwnPropertyDescriptor(Object(error), name)?.get) throw new Error('a getter');
        String(Reflect.get(Object(error), name));
      }
    }
    return thrown;
  } catch {
    return new Error('fetch failed with what cannot be shown');
  }
}

/**
 * The error itself if it is short and shows no secret in any way of looking at it; else a new error with the parts that
 * may be shown.
 */
export function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  const shown = showAll(cause);
  if (shown !== undefined && redact(shown, secrets) === shown) return cause;
  const copy = new Error(messageOf(cause, secrets));
  try {
    if (!isError(cause)) return copy;
    for (const fact of ['name', 'code', 'syscall']) {
      const value: unknown = Reflect.get(cause, fact);
      if (typeof value === 'string') Object.assign(copy, { [fact]: excerpt(value, secrets) });
    }
  } catch {
    // a getter of the error throws: its words are enough
  }
  return copy;
}
