import { nameValue, tagOf } from './kind.js';
import { nearest } from './nearest.js';
import { isRecord } from './record.js';
import { shorten } from './shorten.js';

/** The names of all options of a type: the compiler sees that none is missing and none is invented. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** Characters of an unknown name that a message shows. */
const longestName = 80;

/**
 * Throws a `TypeError` where options are no object, or hold a name that does not exist. A misspelt option would be
 * ignored: `baseURL` would pay at the real API. `doing` is what they are for: `call createWan`.
 */
export function checkOptionNames(doing: string, options: unknown, names: OptionNames<object>): void {
  if (options === undefined) return;
  const refuse = (what: string) => new TypeError(`Cannot ${doing}: ${what}.`);
  if (!isRecord(options) || tagOf(options) !== 'Object') {
    const given = nameValue(options);
    const hint = given === 'AbortSignal' ? ': pass { signal }' : '';
    throw refuse(`options take a plain object, not ${given}${hint}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const near = nearest(name, known);
    const meant = near === undefined ? `it takes ${known.join(', ')}` : `did you mean "${near}"?`;
    throw refuse(`there is no option "${shorten(name, longestName)}" (${meant})`);
  }
}
