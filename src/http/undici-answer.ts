import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FetchBody, FetchHeaders, FetchResponse } from '../base/options.js';
import type { UndiciBody } from './undici-body.js';

/** No answer of these statuses has a body, whatever its headers say. One of 205 may: unread, it would hold its connection. */
const bodiless = [204, 304];

/** An answer of undici as fetch gives it. */
export function toResponse(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: UndiciBody,
): FetchResponse {
  const read = new AnswerHeaders(headers);
  if (bodiless.includes(status)) return { status, headers: read, body: null };
  const packedAs = read.get('content-encoding');
  return { status, headers: read, body: packedAs === null ? body : unpack(body, packedAs) };
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

/** Each coding needs an unpacker of its own: a header of 16 kB could name thousands. */
const mostCodings = 5;

const unpackers: Readonly<Record<string, () => Transform>> = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
  'x-gzip': createGunzip,
};

/** Some servers pack what nobody asked them to. */
function unpack(body: UndiciBody, packedAs: string): FetchBody {
  const codings = packedAs
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  const unknown =
    codings.length > mostCodings ? packedAs : codings.find((coding) => !Object.hasOwn(unpackers, coding));
  if (unknown !== undefined) {
    void body.cancel();
    body.fail(new Error(`the answer is packed as "${unknown.slice(0, 80)}", which was not asked for`));
  }
  if (unknown !== undefined || codings.length === 0) return body;
  const unpacked = codings.reduce<Readable>(
    (packed, coding) => {
      const unpacker = unpackers[coding]?.();
      return unpacker ? pipeline(packed, unpacker, () => {}) : packed;
    },
    Readable.from(chunksOf(body)),
  );
  return Readable.toWeb(unpacked);
}

async function* chunksOf(body: UndiciBody): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
