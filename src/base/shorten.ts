/** Characters of an id that a message quotes. */
export const longestId = 200;

/** A text, cut where it is longer than `most` characters. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}

/** Characters of a text that a message quotes at most. */
export const longestExcerpt = 2_000;
