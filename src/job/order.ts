import { checkCallOptions } from '../base/call-options.js';
import { parseJson, text } from '../base/json.js';
import { nameValue } from '../base/kind.js';
import type { OptionNames } from '../base/option-names.js';
import { outOfRange } from '../base/options.js';
import { randomId } from '../base/random-id.js';
import { isRecord, record } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { Provider } from '../base/results.js';
import { checkClientRequestId } from '../input/client-request-id.js';
import { toInvalidInputError, toPath } from '../input/explain.js';
import type { VideoCreate } from './calls.js';

/** A video that is to be paid for, and was not yet when this was made. Plain JSON: store it before you pay. */
export interface VideoOrder {
  provider: Provider;
  /** The model's id on the wire. */
  model: string;
  /** The checked input: at the AIML API as it goes out, at Vtrix as `{ model, input, parameters }`. */
  body: Record<string, unknown>;
  /** The create goes out with this id, and is found by it in the API's request log. */
  clientRequestId: string;
  /** ISO time by this machine's clock. */
  orderedAt: string;
}

export interface OrderOptions {
  /** 1 to 128 of `A–Z a–z 0–9 . _ : -`. Every order needs one of its own. @defaultValue a uuid */
  clientRequestId?: string | undefined;
  /**
   * The longest order that is taken, in bytes of its JSON (UTF-8): engines limit what a step may give, and a picture as
   * data URI has megabytes. @defaultValue `262_144` (256 KiB)
   */
  maxBytes?: number | undefined;
}

const optionNames: OptionNames<OrderOptions> = { clientRequestId: true, maxBytes: true };
const doing = 'order the video';
const defaultMaxBytes = 256 * 2 ** 10;

/** The order of a create that was checked. Nothing is sent. */
export function toVideoOrder(
  provider: Provider,
  { model, json }: Pick<VideoCreate, 'model' | 'json'>,
  options: OrderOptions = {},
): VideoOrder {
  checkCallOptions(doing, options, optionNames);
  const { clientRequestId = randomId(), maxBytes = defaultMaxBytes } = options;
  checkClientRequestId(clientRequestId);
  if (!(typeof maxBytes === 'number' && maxBytes > 0)) {
    throw outOfRange('maxBytes', 'a number of bytes above 0 (Infinity allowed)', maxBytes);
  }
  const body = record(parseJson(json));
  const order = { provider, model, body, clientRequestId, orderedAt: new Date().toISOString() };
  checkSize(order, maxBytes);
  return order;
}

function checkSize({ model, body, ...rest }: VideoOrder, maxBytes: number): void {
  const bytes = new TextEncoder().encode(JSON.stringify({ model, body, ...rest })).byteLength;
  if (bytes <= maxBytes) return;
  // a shorter name of the model would not help
  const { model: _, ...fields } = body;
  const { path, value } = findLongest(fields);
  const wayOut = /^data:/i.test(value)
    ? 'pass a URL in its place, or a larger maxBytes'
    : 'pass a larger maxBytes';
  const message = `makes the order ${bytes} bytes long, and at most ${maxBytes} are taken: ${wayOut}`;
  throw toInvalidInputError(doing, model, [{ path: toPath(path), message, received: printable(value) }]);
}

interface Place {
  path: readonly PropertyKey[];
  value: string;
}

/** The longest text of a body, and where it is. */
function findLongest(value: unknown, path: Place['path'] = []): Place {
  if (typeof value === 'string') return { path, value };
  const children = Array.isArray(value) ? value.entries() : Object.entries(record(value));
  let longest: Place = { path, value: '' };
  for (const [key, child] of children) {
    const found = findLongest(child, [...path, key]);
    if (found.value.length > longest.value.length) longest = found;
  }
  return longest;
}

/** Reads an order that was stored. `body` is not judged here. */
export function readOrder(given: unknown, provider: Provider): VideoOrder {
  const refuse = (what: string) => new TypeError(`Cannot start the video: ${what}.`);
  if (!isRecord(given)) throw refuse(`it takes an order from orderVideo, not ${nameValue(given)}`);
  if (typeof given.then === 'function') throw refuse('the order is a Promise: await it');
  const { provider: named, model, body, clientRequestId, orderedAt } = given;
  if (named === undefined) throw refuse('it takes an order from orderVideo, not an object without provider');
  if (named !== provider) {
    throw refuse(`it is an order of "${printable(named)}", and this client is one of "${provider}"`);
  }
  if (body === undefined && text(given.id)) {
    throw refuse('it is a job that was started before: pass it to checkVideo or pollUntilDone');
  }
  if (clientRequestId === undefined) throw refuse('the order has no clientRequestId');
  checkClientRequestId(clientRequestId);
  const time = text(orderedAt);
  if (time === undefined || Number.isNaN(Date.parse(time))) {
    throw refuse(`orderedAt of the order is no ISO time, but ${nameValue(orderedAt)}`);
  }
  const name = text(model);
  if (name === undefined) throw refuse(`model of the order is no text, but ${nameValue(model)}`);
  return { provider, model: name, body: record(body), clientRequestId, orderedAt: time };
}
