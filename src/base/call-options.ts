import { nameValue } from './kind.js';
import { checkOptionNames, type OptionNames } from './option-names.js';
import { clientOptionNames } from './options.js';
import { isRecord, record } from './record.js';

/** Checks the names of a call's options, and its signal: `checkOptionNames`, with more to say. */
export function checkCallOptions(doing: string, options: unknown, names: OptionNames<object>): void {
  if (options === undefined) return;
  const refuse = (what: string) => new TypeError(`Cannot ${doing}: ${what}.`);
  const isOfClient = (name: string) => record(options)[name] !== undefined && !Object.hasOwn(names, name);
  const ofClient = Object.keys(clientOptionNames).find(isOfClient);
  if (ofClient !== undefined) throw refuse(`there is no option "${ofClient}" (the client takes it)`);
  checkOptionNames(doing, options, names);
  const { signal } = record(options);
  if (signal === undefined || typeof Object(signal).addEventListener === 'function') return;
  const hint = isRecord(signal) && 'signal' in signal ? ': pass controller.signal' : '';
  throw refuse(`the option signal takes an AbortSignal, not ${nameValue(signal)}${hint}`);
}
