import { isError } from './kind.js';
import { findNodeModule } from './node-module.js';

/** The longest text that is made of a value, in characters. */
const mostCharacters = 100_000;
const mostDepth = 6;

/** A value as Node's `inspect` shows it; `undefined` where it is too large, or where looking into it throws. */
export function show(value: unknown): string | undefined {
  try {
    const { inspect } = findNodeModule('node:util') ?? {};
    const budget = new Budget();
    if (!inspect) return showByHand(value, budget, mostDepth);
    // inspect has no limit of length, but it calls `stylize` for each piece
    const stylize = (piece: string): string => budget.take(piece);
    const limits = { depth: mostDepth, maxStringLength: mostCharacters + 1, stylize };
    const shown = inspect(value, limits);
    return shown.length > mostCharacters ? undefined : shown;
  } catch {
    return undefined;
  }
}

/** Counts the characters of what is shown. */
class Budget {
  #left = mostCharacters;

  take(piece: string): string {
    this.#left -= piece.length;
    if (this.#left < 0) throw new Error('too large');
    return piece;
  }
}

/**
 * For runtimes without `inspect`. Texts stand there as they are, so that a secret in them is recognised. Throws where a
 * part is deep or of a class that may hide a secret, as Headers do.
 */
function showByHand(value: unknown, budget: Budget, depth: number): string {
  if (typeof value === 'function') return budget.take('(a function)');
  if (typeof value !== 'object' || value === null) return budget.take(String(value));
  if (depth === 0) throw new Error('too deep');
  const field = (name: string | symbol): string => {
    // an empty field counts as well
    budget.take(', ');
    return showByHand(Reflect.get(value, name), budget, depth - 1);
  };
  const isList = Array.isArray(value);
  const hasMessage = isError(value);
  if (!isList && !hasMessage && !isPlain(value)) throw new Error('it cannot be looked into');
  if (isList && value.length > mostCharacters) throw new Error('too large');
  const hidden = isList ? 'length' : hasMessage ? 'message' : undefined;
  const names = Reflect.ownKeys(value).filter((name) => name !== hidden);
  if (isList) return `[ ${names.map(field).join(', ')} ]`;
  const fields = names.map((name) => `${budget.take(String(name))}: ${field(name)}`).join(', ');
  return hasMessage ? `${field('name')}: ${field('message')} { ${fields} }` : `{ ${fields} }`;
}

/** Whether it is an object of no class, of any realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
