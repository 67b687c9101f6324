import * as z from 'zod/mini';
import { parseUrl } from '../../base/url.js';
import { about } from '../../input/field.js';

type Medium = 'image' | 'video' | 'audio';

/** The address of a file that the API fetches, and nothing else. */
export const urlOf = (media: Medium) =>
  z.string().check(z.regex(httpUrl), z.refine(isReadable)).register(about, { media, dataUri: false });

/** The address of a file, or a local file as a base64 data URI. */
export const urlOrDataUriOf = (media: 'image' | 'video') =>
  z
    .string()
    .check(z.refine((value) => (httpUrl.test(value) ? isReadable(value) : isDataUri(value, media))))
    .register(about, { media, dataUri: true });

/**
 * `URL` drops blanks at the end and line breaks anywhere, but the API gets the text as it is. Without flags: JSON Schema
 * has none.
 */
const httpUrl = /^[hH][tT][tT][pP][sS]?:\/\/\S(?:.*\S)?$/;

const isReadable = (address: string) => parseUrl(address) !== undefined;

function isDataUri(value: string, media: Medium): boolean {
  const head = /^data:(\w+)\/[\w.+-]+;base64,/i.exec(value.slice(0, 200));
  return head?.[1]?.toLowerCase() === media && isBase64(value.slice(head[0].length));
}

/** A multiple of 4, so that no group of base64 is divided. */
const pieceLength = 65_536;

/** Whether a text is base64 and nothing else. A regular expression would take 70 ms for 14 MB, this takes 2 ms. */
function isBase64(text: string): boolean {
  const end = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  // a last group of one character holds less than a byte
  if (end === 0 || end % 4 === 1) return false;
  try {
    for (let start = 0; start < end; start += pieceLength) {
      const piece = text.slice(start, Math.min(start + pieceLength, end));
      // atob throws at an unknown character, but drops blanks and padding: the bytes are then too few
      if (atob(piece).length !== Math.floor((piece.length * 3) / 4)) return false;
    }
    return true;
  } catch {
    return false;
  }
}
