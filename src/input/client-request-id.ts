import { printable } from '../base/redact.js';
import { toInvalidInputError } from './explain.js';

/** Throws an `InvalidInputError` for an id that the API would drop silently. `path` is where the caller passed it. */
export function checkClientRequestId(id: unknown, path = 'clientRequestId'): asserts id is string {
  if (typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id)) return;
  const message = 'takes 1 to 128 characters of A-Z a-z 0-9 . _ : -';
  throw toInvalidInputError('send that', undefined, [{ path, message, received: printable(id) }]);
}
