import { excerpt } from './excerpt.js';
import { record } from './record.js';
import { longestExcerpt, redact, tagOf } from './redact.js';

/** Characters of an error that are searched for secrets. */
const longestInspection = 100_000;

/** A value as `inspect` shows it; `undefined` where it is too large, or where inspecting it throws. */
function show(value: unknown): string | undefined {
  let left = longestInspection;
  // inspect has no limit of length, but it calls this function for each piece
  const stylize = (piece: string): string => {
    left -= piece.length;
    if (left < 0) throw new Error('too large');
    return piece;
  };
  const options = { depth: 6, maxStringLength: longestInspection + 1, stylize };
  try {
    // an import of node:util would make the import of this package slower
    const shown = process.getBuiltinModule('node:util').inspect(value, options);
    return shown.length > longestInspection ? undefined : shown;
  } catch {
    return undefined;
  }
}

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
  return show(thrown) ?? 'a value that cannot be shown';
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

/** The error itself if it is short and shows no secret; else a new error with the parts that may be shown. */
export function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  const shown = show(cause);
  if (shown !== undefined && redact(shown, secrets) === shown) return cause;
  const copy = new Error(messageOf(cause, secrets));
  if (!isError(cause)) return copy;
  for (const fact of ['name', 'code', 'syscall']) {
    const value: unknown = Reflect.get(cause, fact);
    if (typeof value === 'string') Object.assign(copy, { [fact]: excerpt(value, secrets) });
  }
  return copy;
}

/** Whether the value is an error. Under Jest, an error of Node is no `instanceof Error`. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || /^(Error|DOMException)$/.test(tagOf(value));
}
