/** The candidate that was probably meant, or `undefined` where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(word);
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editDistance(plain, simplify(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  if (best && best.edits <= Math.max(1, plain.length / 4)) return best.candidate;
  return plain.length < 4 ? undefined : candidates.find((candidate) => simplify(candidate).includes(plain));
}

// negativePrompt, negative-prompt and NEGATIVE_PROMPT are the same word
function simplify(word: string): string {
  return word
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Letters to insert, drop or replace, to get from one word to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
