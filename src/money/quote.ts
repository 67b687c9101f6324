import { number, text } from '../base/json.js';
import { isRecord, record } from '../base/record.js';
import { printable } from '../base/redact.js';
import { toCredits } from './credits.js';

/** A unit that prices are given by. */
export type Unit = 'image' | 'video' | 'megapixel' | 'second' | 'request';

/** A create, as far as its price depends on it. */
export interface PricedCreate {
  /** The model's names in the catalogue, the one on the wire first. */
  readonly names: readonly string[];
  /** The fields of the body, and what the API takes for those that are left out. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** How many of each unit it is, or why that is not known. */
  readonly amounts: Readonly<Record<Unit, number | string>>;
}

/** A price in whole credits and how it came about, or why there is none, as a sentence without a full stop. */
export type Quote = { credits: number; basis: string } | { reason: string };

/** Prices a create by its model's `pricing` in the catalogue. What is not understood in full is not quoted. */
export function quote(pricing: unknown, create: PricedCreate): Quote {
  if (!isRecord(pricing)) return { reason: 'the catalogue names no price of the model' };
  const { kind, currency, units, variants } = pricing;
  if (kind === 'variable') return { reason: 'the price of the model is known only afterwards' };
  if (!isUsd(currency)) return { reason: `the price is in ${say(currency)}, not in USD` };
  if (kind === 'fixed') return quoteFixed(units, create);
  if (kind === 'variants') return quoteVariant(variants, create);
  return { reason: `the price is of an unknown kind (${say(kind)})` };
}

function quoteFixed(units: unknown, create: PricedCreate): Quote {
  if (!Array.isArray(units) || units.length === 0) return { reason: 'the price names no unit' };
  const [rate] = units;
  if (units.length === 1) return quoteRate(rate, record(rate).name, create);
  const names = units.map((unit) => say(record(unit).name)).join(', ');
  return { reason: `the price has parts by ${names}, and it is not documented how they add up` };
}

function quoteVariant(variants: unknown, create: PricedCreate): Quote {
  if (!Array.isArray(variants) || variants.length === 0) return { reason: 'the price names no variants' };
  const fitting: unknown[] = [];
  for (const variant of variants) {
    const { when } = record(variant);
    if (!isRecord(when)) return { reason: 'a variant of the price does not say what it is for' };
    const verdict = compare(when, create.fields);
    if (verdict === 'fits') fitting.push(variant);
    else if (verdict !== 'differs') return { reason: verdict.reason };
  }
  const [variant] = fitting;
  if (fitting.length === 1)
    return quoteRate(variant, record(variant).unit, create, record(record(variant).when));
  const names = new Set(variants.flatMap(({ when }) => Object.keys(when)));
  const choice = [...names].map((name) => `${say(name)} = ${say(create.fields[name])}`).join(', ');
  const found = fitting.length === 0 ? 'no variant' : `${fitting.length} variants`;
  return { reason: `${found} of the price would fit ${choice || 'it'}` };
}

/** Whether the fields have the values of a variant. Values that cannot be compared give the reason. */
function compare(
  when: Record<string, unknown>,
  fields: PricedCreate['fields'],
): 'fits' | 'differs' | { reason: string } {
  const names = Object.keys(when);
  const isComparable = (name: string) =>
    isPlain(when[name]) && Object.hasOwn(fields, name) && isPlain(fields[name]);
  if (names.some((name) => isComparable(name) && !isSame(when[name], fields[name]))) return 'differs';
  const open = names.find((name) => !isComparable(name));
  return open === undefined
    ? 'fits'
    : { reason: `the price depends on ${say(open)}, and its value is not known here` };
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** The API writes `1080P` at some models and `1080p` at others, and a duration as a number or as a text. */
function isSame(one: unknown, other: unknown): boolean {
  const [first, second] = [number(one), number(other)];
  if (first !== undefined && second !== undefined) return first === second;
  return toWord(one) === toWord(other);
}

function toWord(value: unknown): string {
  return String(value).trim().toLowerCase();
}

function quoteRate(
  rate: unknown,
  name: unknown,
  { amounts }: PricedCreate,
  when: Record<string, unknown> = {},
): Quote {
  const { price: asked, per: count, measure, currency } = record(rate);
  if (!isUsd(currency)) return { reason: `the price is in ${say(currency)}, not in USD` };
  const unit = toWord(text(name)).replace(/s$/, '');
  if (!isUnit(unit, amounts) || (measure != null && measure !== 'output')) {
    const of = measure == null ? '' : ` of ${say(measure)}`;
    return { reason: `the price is by ${say(name)}${of}, which is not a unit that is known here` };
  }
  const [price, per] = [number(asked), number(count)];
  if (price === undefined || price < 0) return { reason: 'the price has no amount that can be read' };
  if (per === undefined || per <= 0)
    return { reason: `the price does not say for how many of ${say(name)} it is` };
  const amount = amounts[unit];
  if (typeof amount === 'string') return { reason: `the price is by the ${unit}, and ${amount}` };
  const credits = toCredits((price * amount) / per);
  if (!(amount > 0) || !Number.isSafeInteger(credits))
    return { reason: 'the price times the amount is out of range' };
  const chosen = Object.entries(when).map(([field, value]) => `${field} ${value}`);
  const rated = `$${price} per ${per === 1 ? unit : `${per} ${unit}s`}`;
  const basis = `${rated} x ${amount} ${unit}${amount === 1 ? '' : 's'}`;
  return { credits, basis: chosen.length === 0 ? basis : `${basis} (${chosen.join(', ')})` };
}

function isUnit(name: string, amounts: PricedCreate['amounts']): name is Unit {
  return Object.hasOwn(amounts, name);
}

/** The catalogue's prices are in USD where it names no currency. */
function isUsd(currency: unknown): boolean {
  return currency == null || (text(currency) !== undefined && toWord(currency) === 'usd');
}

function say(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(printable(value));
}
