import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { FetchHeaders, FetchResponse } from '../options.js';
import { UndiciBody } from './undici-body.js';

/** As by fetch, these statuses have no body. */
const bodiless = [204, 205, 304];

/** An answer of undici as fetch gives it; `onCancel` is called when the rest of its body is not wanted. */
export function toResponse(
  { statusCode: status, headers, body: stream }: Dispatcher.ResponseData,
  onCancel: () => void,
): FetchResponse & { body: UndiciBody | null } {
  if (bodiless.includes(status)) {
    stream.on('error', () => {}).resume();
    return { status, headers: new AnswerHeaders(headers), body: null };
  }
  return { status, headers: new AnswerHeaders(headers), body: toBody(stream, headers, onCancel) };
}

class AnswerHeaders implements FetchHeaders {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  get(name: string): string | null {
    const value = this.#values[name.toLowerCase()];
    return typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : null;
  }
}

const unpackers: Readonly<Record<string, () => Transform>> = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
  'x-gzip': createGunzip,
};

/** Some servers pack what nobody asked them to. */
function toBody(
  stream: Readable,
  headers: Dispatcher.ResponseData['headers'],
  onCancel: () => void,
): UndiciBody {
  const encoding = headers['content-encoding'];
  if (encoding === undefined) return new UndiciBody(stream, onCancel);
  const codings = String(encoding)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  const unknown = codings.find((coding) => !Object.hasOwn(unpackers, coding));
  if (unknown !== undefined) {
    const body = new UndiciBody(stream, onCancel);
    body.fail(new Error(`the answer is packed as "${unknown.slice(0, 80)}", which was not asked for`));
    onCancel();
    return body;
  }
  const body = codings.reduce<Readable>((packed, coding) => {
    const unpacker = unpackers[coding]?.();
    return unpacker ? pipeline(packed, unpacker, () => {}) : packed;
  }, stream);
  return new UndiciBody(body, onCancel);
}
