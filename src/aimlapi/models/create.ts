import { InvalidInputError } from '../../base/errors.js';
import { number, text } from '../../base/json.js';
import { isRecord, record } from '../../base/record.js';
import { printable } from '../../base/redact.js';
import { messageOf } from '../../base/thrown.js';
import { toInvalidInputError } from '../../input/explain.js';
import { type Kind, kinds } from './model.js';

/** A create that is about to be sent. */
export interface CreateRequest {
  /** The model's id on the wire. */
  model: string;
  path: string;
  body: object;
  /** `body` as JSON, written once: this goes out. */
  json: string;
  /** What it does, in words. */
  doing: string;
  /** Resolution and seconds, as far as the body names them. */
  variant: string;
}

/** The body is written now: the caller may change what is in it before it is sent. */
export function toCreateRequest(kind: Kind, model: string, path: string, body: object): CreateRequest {
  return {
    model,
    path,
    body,
    json: readInput(kind, () => JSON.stringify(body)),
    doing: `${kinds[kind].doing} with ${model}`,
    variant: [text(record(body).resolution), number(record(body).duration)].join(' '),
  };
}

/** Reads what the caller passed. If a getter or a toJSON in it throws, the input is refused. */
export function readInput<T>(kind: Kind, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    return refuse(kind, '', `cannot be written as JSON (${messageOf(cause)})`);
  }
}

export const noObject = 'takes an object such as { model, prompt }';

export function checkObject(kind: Kind, input: unknown): Record<string, unknown> {
  // spreading bytes would make a field of each byte
  if (isRecord(input) && !ArrayBuffer.isView(input)) return input;
  return refuse(kind, '', noObject);
}

/** Throws the error for an input that is not sent. */
export function refuse(kind: Kind, path: string, message: string, value?: unknown, model?: string): never {
  const received = value === undefined ? {} : { received: printable(value) };
  throw toInvalidInputError(kinds[kind].doing, model, [{ path, message, ...received }]);
}
