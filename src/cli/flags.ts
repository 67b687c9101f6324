import { parseArgs } from 'node:util';
import { nearName } from './near-name.js';

/** A flag of a command. Without `takes` it is a switch. */
export interface Flag {
  readonly about: string;
  /** What its value is: a word of `readers`, or any other for a text. */
  readonly takes?: string;
  readonly short?: string;
  /** It may be given several times. */
  readonly many?: true;
  /** The field of the input that it fills. */
  readonly field?: string;
}

export type Flags = Readonly<Record<string, Flag>>;
type Value = string | number | boolean;

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readTime(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|[smhd])?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? 1);
}

/** Values that are no texts: what each is, and how it is read; `undefined` where it cannot be. */
const readers: Record<string, { says: string; read: (text: string) => number | undefined }> = {
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
};

/** What was given on the command line, and all that is wrong with it. */
export class Arguments {
  readonly positionals: string[] = [];
  readonly mistakes: string[] = [];
  readonly #values = new Map<string, Value[]>();

  add(name: string, value: Value): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  has(name: string): boolean {
    return this.#values.has(name);
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
    else if (token.kind === 'option') readOption(token, flags, read);
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
  flags: Flags,
  read: Arguments,
) {
  const name = spelled.replaceAll('_', '-');
  const flag = flags[name];
  const opposite = name.startsWith('no-') ? flags[name.slice(3)] : undefined;
  if (!flag && opposite?.field !== undefined && opposite.takes === undefined)
    return read.add(opposite.field, false);
  if (!flag) {
    const near = nearName(name, Object.keys(flags));
    return void read.mistakes.push(
      `${rawName} is not known${near === undefined ? '' : `: did you mean --${near}?`}`,
    );
  }
  const key = flag.field ?? name;
  if (flag.takes === undefined) {
    if (value === undefined || /^(true|false)$/i.test(value))
      return read.add(key, value?.toLowerCase() !== 'false');
    return void read.mistakes.push(`--${name} is a switch: it takes true or false, not "${value}"`);
  }
  const reader = readers[flag.takes];
  const says = reader?.says ?? flag.takes;
  const isFlag = value?.startsWith('--') && value.slice(2).replaceAll('_', '-') in flags;
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
