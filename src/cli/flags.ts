import { parseArgs } from 'node:util';
import { nearName } from './near-name.js';

/** A flag of a command. Without `takes` it is a switch. */
export interface Flag {
  readonly about: string;
  /** What its value is: a word of `readers`, or any other for a text. */
  readonly takes?: string;
  readonly short?: string;
  /** The field of the input that it fills. */
  readonly field?: string;
}

export type Flags = Readonly<Record<string, Flag>>;
type Value = string | number | boolean;

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readTime(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|[smhd])?$/.exec(text) ?? [];
  return Number(amount ?? 0) * (units[unit] ?? 1) || undefined;
}

/** Values that are no texts: what each is, and how it is read; `undefined` where it cannot be. */
const readers: Record<string, { says: string; read: (text: string) => Value | undefined }> = {
  usd: {
    says: 'US dollars such as 2.50',
    read: (text) => (/^\d*\.?\d+$/.test(text) ? Number(text) : undefined),
  },
  count: {
    says: 'a whole number from 1',
    read: (text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined),
  },
  age: {
    says: 'a time such as 90s, 20m or 24h, or a date such as 2026-11-01',
    read: (text) => readTime(text) ?? (Date.now() - Date.parse(text) || undefined),
  },
  time: { says: 'a time such as 90s, 20m or 24h', read: readTime },
  provider: {
    says: 'aimlapi or vtrix',
    read: (text) => (text === 'aimlapi' || text === 'vtrix' ? text : undefined),
  },
};

/** What was given on the command line, and all that is wrong with it. */
export class Arguments {
  readonly positionals: string[] = [];
  readonly mistakes: string[] = [];
  readonly #values = new Map<string, Value[]>();

  add(name: string, value: Value): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  /** Whether a flag was given. A switch may be off, as in `--yes=false`. */
  has(name: string): boolean {
    return (this.#values.get(name)?.at(-1) ?? false) !== false;
  }

  /** The last value of a flag; `undefined` where it was not given. */
  text(name: string): string | undefined {
    const value = this.#values.get(name)?.at(-1);
    return value === undefined ? undefined : String(value);
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name)?.at(-1);
    return typeof value === 'number' ? value : undefined;
  }

  /** Every value of each flag that fills a field. */
  fields(flags: Flags): [field: string, values: Value[]][] {
    const fields = new Set(Object.values(flags).flatMap(({ field }) => field ?? []));
    return [...fields].flatMap((field) => {
      const values = this.#values.get(field);
      return values ? [[field, values] satisfies [string, Value[]]] : [];
    });
  }
}

export function readArguments(given: readonly string[], flags: Flags, hasId = false): Arguments {
  const read = new Arguments();
  const names = Object.entries(flags).flatMap(([name, flag]) =>
    // the wire's own spelling is understood too
    [name, name.replaceAll('-', '_')].map((each) => [each, flag] as const),
  );
  const options = Object.fromEntries(
    names.map(([name, { takes, short }]) => [
      name,
      {
        type: takes === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(short !== undefined && !name.includes('_') && { short }),
      },
    ]),
  );
  const args = hasId ? takeDashedId(given, flags, read) : given;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') read.positionals.push(token.value);
    else if (token.kind === 'option') readOption(token, args[token.index] ?? '', flags, read);
  }
  return read;
}

interface OptionToken {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function readOption(
  { name: spelled, rawName, value, inlineValue }: OptionToken,
  word: string,
  flags: Flags,
  read: Arguments,
) {
  const name = spelled.replaceAll('_', '-');
  // an object has words that nobody put into it, such as "constructor"
  const find = (known: string) => (Object.hasOwn(flags, known) ? flags[known] : undefined);
  const opposite = name.startsWith('no-') ? find(name.slice(3)) : undefined;
  const isOff = !find(name) && opposite?.field !== undefined && opposite.takes === undefined;
  const flag = isOff ? opposite : find(name);
  if (!flag) {
    const near = nearName(name, Object.keys(flags));
    const isText = !rawName.startsWith('--') && word.length > 2;
    const hint = isText
      ? 'a text that begins with a dash stands behind --'
      : near && `did you mean --${near}?`;
    const mistake = `${isText ? word : rawName} is not known${hint === undefined ? '' : `: ${hint}`}`;
    // each letter of "-dragon" comes here
    if (!read.mistakes.includes(mistake)) read.mistakes.push(mistake);
    return;
  }
  const key = flag.field ?? name;
  if (flag.takes === undefined) {
    if (value === undefined || /^(true|false)$/i.test(value))
      return read.add(key, isOff === (value?.toLowerCase() === 'false'));
    return void read.mistakes.push(`--${name} is a switch: it takes true or false, not "${value}"`);
  }
  const reader = readers[flag.takes];
  const says = reader?.says ?? flag.takes;
  const isFlag = value?.startsWith('--') && find(value.slice(2).replaceAll('_', '-'));
  if (value === undefined || (isFlag && !inlineValue)) {
    return void read.mistakes.push(`--${name} takes a value: ${says}`);
  }
  const amount = reader ? reader.read(value) : value;
  if (amount === undefined) return void read.mistakes.push(`--${name} takes ${says}, not "${value}"`);
  read.add(key, amount);
}

/** Takes out an id that begins with a dash and cannot be a flag. The others stand behind `--`. */
function takeDashedId(given: readonly string[], flags: Flags, read: Arguments): string[] {
  const shorts = Object.values(flags).map(({ short }) => short);
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  return given.filter((text, index) => {
    const before = given[index - 1] ?? '';
    const isValue = Object.entries(flags).some(
      ([name, { takes, short }]) => takes !== undefined && [`--${name}`, `-${short}`].includes(before),
    );
    const isId = index < end && /^-[^-]./.test(text) && !shorts.includes(text[1]) && !isValue;
    if (isId) read.positionals.push(text);
    return !isId;
  });
}
