import type { FetchHeaders } from '../base/options.js';
import type { Finding } from './first-bytes.js';

/** Where an answer's part of a file lies. */
export interface Range {
  /** Absent where there is no such part. */
  startBytes?: number | undefined;
  endBytes?: number | undefined;
  totalBytes?: number | undefined;
}

export function readRange(contentRange: string): Range {
  const [, start, last, total] = /^\s*bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)\s*$/i.exec(contentRange) ?? [];
  const lastByte = toLength(last);
  return {
    startBytes: toLength(start),
    endBytes: lastByte === undefined ? undefined : lastByte + 1,
    totalBytes: toLength(total),
  };
}

/** A count of bytes, or `undefined` where it is none. */
export function toLength(value: string | null | undefined): number | undefined {
  return /^\d{1,15}$/.test(value ?? '') ? Number(value) : undefined;
}

/** Whether the bytes that come are not those that the lengths count. */
export function isPacked(headers: FetchHeaders): boolean {
  return !/^\s*(identity)?\s*$/i.test(headers.get('content-encoding') ?? '');
}

/** What a content type says that the file is, where that is no media. */
export function kindOfType(contentType: string): Finding['instead'] {
  if (/^(text\/html|application\/xhtml\+xml)$/.test(contentType)) return 'a web page';
  return /^\w+\/(.*[+-])?(nd)?json$/.test(contentType) ? 'JSON' : undefined;
}
