import { nameValue } from '../base/kind.js';
import { nearest } from '../base/nearest.js';
import { checkOptionNames, type OptionNames } from '../base/option-names.js';
import { isRecord } from '../base/record.js';
import { shorten } from '../base/shorten.js';
import { type Fault, onlyRouteOf, type Route } from './faults.js';

/** Characters of a word that a message shows. */
const longestName = 80;

const target = { kind: true, on: true, path: true, times: true, after: true } as const;
const create = { ...target, accepted: true } as const;
const cut = { ...target, withoutInferenceId: true, afterBytes: true } as const;

/** What each kind of fault takes. */
const fields: { readonly [K in Fault['kind']]: OptionNames<Extract<Fault, { kind: K }>> } = {
  answer: { ...create, status: true, body: true, headers: true },
  error: { ...create, status: true, message: true, name: true, data: true, form: true, headers: true },
  html: { ...create, status: true },
  'rate-limit': { ...target, retryAfterSeconds: true },
  reset: create,
  stall: create,
  cut,
  'stall-body': cut,
  'broken-json': { ...target, withoutInferenceId: true },
  status: { ...target, status: true },
  'no-video': target,
  'job-fails': { ...target, message: true, name: true },
  'expired-link': target,
};

const routes: Readonly<Record<Route, true>> = {
  image: true,
  video: true,
  status: true,
  file: true,
  log: true,
  catalogue: true,
  billing: true,
  key: true,
};

/** Throws a `TypeError` for a fault that would not strike as its test says: the test would pass without it. */
export function checkFault(fault: unknown): void {
  if (!isRecord(fault)) throw refusal(`it takes an object, not ${nameValue(fault)}`);
  const { on, status, times, after } = fault;
  const kind = checkName('kind', fault.kind, fields);
  checkOptionNames('script the fault', fault, fields[kind]);
  const only = onlyRouteOf[kind];
  if (on !== undefined && checkName('on', on, routes) !== (only ?? on)) {
    throw refusal(`"${kind}" strikes on "${only}" alone`);
  }
  checkCount('times', times, 1);
  checkCount('after', after, 0);
  if (kind === 'status') {
    if (typeof status === 'string') return;
    throw refusal(`status takes a word of the API, not ${nameValue(status)}`);
  }
  const isNeeded = kind === 'answer' || kind === 'error' || status !== undefined;
  const isStatus = typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599;
  if (isNeeded && !isStatus)
    throw refusal(`status takes a whole number from 200 to 599, not ${nameValue(status)}`);
}

function checkCount(name: string, value: unknown, least: number): void {
  if (value === undefined || value === Infinity) return;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return;
  throw refusal(`${name} takes a whole number from ${least}, not ${nameValue(value)}`);
}

/** The value as one of the names of a table. */
function checkName<Name extends string>(
  field: string,
  value: unknown,
  names: Readonly<Record<Name, unknown>>,
): Name {
  const list = Object.keys(names);
  const isKnown = (name: unknown): name is Name => typeof name === 'string' && Object.hasOwn(names, name);
  if (isKnown(value)) return value;
  const near = typeof value === 'string' ? nearest(value, list) : undefined;
  const given = typeof value === 'string' ? `"${shorten(value, longestName)}"` : nameValue(value);
  throw refusal(
    `${field} takes ${list.map((name) => `"${name}"`).join(', ')}, not ${given}${near ? ` (did you mean "${near}"?)` : ''}`,
  );
}

function refusal(why: string): TypeError {
  return new TypeError(`Cannot script the fault: ${why}.`);
}
