import { parseUrl } from '../../base/redact.js';
import { field } from '../../input/field.js';

type Medium = 'image' | 'video' | 'audio';

const things = { image: 'picture', video: 'video', audio: 'sound' };

/** The address of a file that the API fetches, and nothing else. */
export function urlOf(media: Medium) {
  const rule = `takes an http(s) URL of a ${things[media]}, no data URI and no file name: put it where the API can fetch it`;
  return field<string>({ type: 'string', media, dataUri: false }, rule, isHttpUrl);
}

/** The address of a file, or a local file as a base64 data URI. */
export function urlOrDataUriOf(media: 'image' | 'video') {
  const rule = `takes an http(s) URL, or a local ${things[media]} as "data:${media}/…;base64,…" (toDataUri makes one)`;
  const fits = (value: unknown) => isHttpUrl(value) || isDataUri(value, media);
  return field<string>({ type: 'string', media, dataUri: true }, rule, fits);
}

function isHttpUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !/^https?:\/\/\S/i.test(value)) return false;
  // URL drops blanks at the end and line breaks anywhere, but the API gets the text as it is
  return !/\s$|[\n\r\u2028\u2029]/.test(value) && parseUrl(value) !== undefined;
}

function isDataUri(value: unknown, media: Medium): boolean {
  if (typeof value !== 'string') return false;
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
