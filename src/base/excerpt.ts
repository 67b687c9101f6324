import { redact } from './redact.js';
import { longestExcerpt } from './shorten.js';

/** What a message may quote of a text: {@link redact}, and at most 2,000 characters. */
export function excerpt(text: string, secrets: readonly string[] = []): string {
  if (text.length <= longestExcerpt) return redact(text, secrets);
  const longestSecret = secrets.reduce((longest, { length }) => Math.max(longest, length), 0);
  const head = redact(text.slice(0, 4 * longestExcerpt), secrets);
  // the head may end within a secret, and half a secret is not recognised: leave out as much as a secret is long
  const shown = head.slice(0, Math.max(0, Math.min(longestExcerpt, head.length - longestSecret)));
  return `${shown}… (${text.length} characters)`;
}
