/** The name that was probably meant, or `undefined` where none is near. The doors tell it of fields and models alone. */
export function nearName(word: string, names: readonly string[]): string | undefined {
  const [best] = names.map((name) => [distance(word, name), name] as const).sort(([a], [b]) => a - b);
  return best && best[0] <= Math.max(1, word.length / 4) ? best[1] : undefined;
}

/** Letters to insert, drop or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = [0, ...to].map((_, column) => column);
  for (const letter of from.slice(0, 100)) {
    let left = Infinity;
    row = row.map((above, column) => {
      const replaced = (row[column - 1] ?? Infinity) + Number(letter !== to[column - 1]);
      left = Math.min(replaced, above + 1, left + 1);
      return left;
    });
  }
  return row[to.length] ?? 0;
}
