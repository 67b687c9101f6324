/** Characters of a word that are compared. */
const longestWord = 100;
/** A shorter word is a part of too many others. */
const shortestPart = 4;

/** The candidate that was probably meant, or `undefined` where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(word);
  const [best] = candidates
    .map((candidate) => [editDistance(plain, simplify(candidate)), candidate] as const)
    .sort(([a], [b]) => a - b);
  if (best && best[0] <= Math.max(1, plain.length / 4)) return best[1];
  return plain.length < shortestPart
    ? undefined
    : candidates.find((candidate) => simplify(candidate).includes(plain));
}

// negativePrompt, negative-prompt and NEGATIVE_PROMPT are the same word
function simplify(word: string): string {
  return word
    .slice(0, longestWord)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Letters to insert, drop or replace, to get from one word to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = [0, ...to].map((_, column) => column);
  for (const letter of from) {
    let left = Infinity;
    row = row.map((above, column) => {
      const replaced = (row[column - 1] ?? Infinity) + Number(letter !== to[column - 1]);
      left = Math.min(replaced, above + 1, left + 1);
      return left;
    });
  }
  return row[to.length] ?? 0;
}
