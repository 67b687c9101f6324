import { field } from '../../input/schema.js';

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
  return typeof value === 'string' && /^https?:\/\/\S(.*\S)?$/i.test(value) && URL.canParse(value);
}

function isDataUri(value: unknown, media: Medium): boolean {
  if (typeof value !== 'string') return false;
  const head = /^data:(\w+)\/[\w.+-]+;base64,/i.exec(value);
  if (head?.[1]?.toLowerCase() !== media) return false;
  const base64 = value.slice(head[0].length);
  // a last group of one character would not make a byte
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.replace(/=+$/, '').length % 4 !== 1;
}
