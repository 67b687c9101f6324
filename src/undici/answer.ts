import { pipeline, Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FetchBody, FetchReader, FetchResponse } from '../base/fetch.js';

const mostCodings = 5;

/** The answer in the form that a fetch gives. */
export function toResponse(
  status: number,
  values: Readonly<Record<string, string | string[] | undefined>>,
  body: FetchBody,
): FetchResponse {
  const get = (name: string): string | null => {
    const value = values[name.toLowerCase()];
    return typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : null;
  };
  // a 205 should have no body either. If it has one, the body must be read, or its connection is never free again
  const hasBody = status !== 204 && status !== 304;
  return { status, headers: { get }, body: hasBody ? unpack(body, get('content-encoding') ?? '') : null };
}

/** Some servers compress without being asked. undici's own `decompress` is experimental, and prints a warning. */
function unpack(body: FetchBody, packedAs: string): FetchBody {
  const codings = packedAs
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return body;
  // each coding needs an unpacker of its own, and a header of 16 kB could name thousands
  if (codings.length > mostCodings) codings.splice(0, Infinity, packedAs);
  const unpackNext = (packed: Readable, coding: string) => pipeline(packed, createUnpacker(coding), () => {});
  return Readable.toWeb(codings.reduceRight(unpackNext, toReadable(body.getReader())));
}

function toReadable(reader: FetchReader): Readable {
  return new Readable({
    read() {
      reader.read().then(
        ({ value }) => this.push(value ?? null),
        (error) => this.destroy(error),
      );
    },
    destroy(error, onDone) {
      void reader.cancel();
      onDone(error);
    },
  });
}

function createUnpacker(coding: string): Transform {
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip();
  if (coding === 'deflate') return createInflate();
  if (coding === 'br') return createBrotliDecompress();
  const error = new Error(`the answer is packed as "${coding.slice(0, 80)}", which was not asked for`);
  return new Transform({ transform: (_chunk, _encoding, onDone) => onDone(error) });
}
