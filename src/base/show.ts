import { isError } from './is-error.js';
import { findNodeModule } from './node-module.js';

/** The longest text that is made of a value, in characters. */
const mostCharacters = 100_000;

/** Levels of a value that a message shows. */
const shownDepth = 6;
/** Without `inspect`, deeper values count as too large: a recursion must not overflow the stack. */
const mostDepth = 50;

/** A value as Node's `inspect` shows it; `undefined` where it is too large, or where looking into it throws. */
export function show(value: unknown, depth = shownDepth, customInspect = true): string | undefined {
  try {
    const { inspect } = findNodeModule('node:util') ?? {};
    const budget = new Budget();
    if (!inspect) return showByHand(value, budget, depth);
    // inspect has no limit of length, but it calls `stylize` for each piece
    const stylize = (piece: string): string => budget.take(piece);
    const limits = {
      depth,
      customInspect,
      maxStringLength: mostCharacters + 1,
      maxArrayLength: mostCharacters,
      stylize,
    };
    const shown = inspect(value, limits);
    return shown.length > mostCharacters ? undefined : shown;
  } catch {
    return undefined;
  }
}

/** All that some way of looking at the value brings to light; `undefined` where that is too much. */
export function showAll(value: unknown): string | undefined {
  const depth = findNodeModule('node:util') ? Infinity : mostDepth;
  // a custom inspect shows something else than what is there
  const [shown, bare] = [show(value, depth), show(value, depth, false)];
  if (shown === undefined || bare === undefined) return undefined;
  const written = [() => JSON.stringify(value), () => String(value)].map((write) => {
    try {
      return write() ?? '';
    } catch {
      // nobody can write it in this way
      return '';
    }
  });
  const all = [shown, bare, ...written].join('\n');
  const isCut = all.length > 4 * mostCharacters || /Maximum call stack size exceeded/.test(bare);
  return isCut ? undefined : all;
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
