import { tagOf } from './kind.js';
import { nearest } from './nearest.js';
import { isRecord } from './record.js';
import { printable, shorten } from './redact.js';

/** The names of all options of a type: the compiler sees that none is missing and none is invented. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** Characters of an unknown name that a message shows. */
const longestName = 80;
/** Options that calls do not take: their client does. */
const ofClient = ['apiKey', 'baseUrl', 'fetch', 'onAttempt'];

/**
 * Throws a `TypeError` where options are no object, hold a name that does not exist, or a signal that is none. A misspelt
 * option would be ignored: `baseURL` would pay at the real API. `doing` is what
 * they are for, such as `call createWan`.
 */
export function checkOptionNames(doing: string, options: unknown, names: OptionNames<object>): void {
  if (options === undefined) return;
  const refuse = (what: string) => new TypeError(`Cannot ${doing}: ${what}.`);
  if (!isRecord(options) || tagOf(options) !== 'Object') {
    // a text may be the key
    const given = isRecord(options)
      ? tagOf(options)
      : typeof options === 'string'
        ? 'a text'
        : printable(options);
    const hint = given === 'AbortSignal' ? ': pass { signal }' : '';
    throw refuse(`options take a plain object, not ${given}${hint}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const near = nearest(name, known);
    const meant = near === undefined ? `it takes ${known.join(', ')}` : `did you mean "${near}"?`;
    const hint = ofClient.includes(name) ? 'the client takes it' : meant;
    throw refuse(`there is no option "${shorten(name, longestName)}" (${hint})`);
  }
  const { signal } = options;
  if (signal !== undefined && typeof Object(signal).addEventListener !== 'function') {
    const hint = isRecord(signal) && 'signal' in signal ? ': pass controller.signal' : '';
    throw refuse(`the option signal takes an AbortSignal, not ${printable(signal)}${hint}`);
  }
}
