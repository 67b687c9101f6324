import type { InputIssue } from '../index.js';
import type { FieldLimits } from '../models.js';
import type { Flag, Flags } from './flags.js';

export type Limits = Readonly<Record<string, FieldLimits>>;

/** The flags that fill the fields of a model. Of `image_urls` there is `--image-url` too, to be given several times. */
export function toFieldFlags(limits: Limits): Flags {
  const flags = Object.entries(limits).flatMap(([field, limit]): [string, Flag][] => {
    const name = field.replaceAll('_', '-');
    const isMany = limit.type === 'array';
    const flag: Flag = {
      about: '',
      field,
      ...(limit.type !== 'boolean' && { takes: describeLimits(limit) }),
    };
    const single = name.replace(/s$/, '');
    return isMany && !(single.replaceAll('-', '_') in limits) && single !== name
      ? [
          [single, flag],
          [name, flag],
        ]
      : [[name, flag]];
  });
  return Object.fromEntries(flags);
}

const mediaWords = { image: 'picture', video: 'video', audio: 'sound' };

/** What a field takes, in a few words. */
export function describeLimits(limit: FieldLimits): string {
  const { type, anyOf, items, properties, media, minimum, maximum, multipleOf, maxLength } = limit;
  if (anyOf) return anyOf.map(describeLimits).join(', or ');
  if (limit.enum) return limit.enum.join(' | ');
  if (properties) {
    const [each] = Object.values(properties);
    return `${Object.keys(properties)
      .map((name) => `<${name}>`)
      .join('x')}${each ? `, each ${describeLimits(each)}` : ''}`;
  }
  if (items)
    return `${describeLimits(items)}${limit.maxItems === undefined ? '' : `, up to ${limit.maxItems} times`}`;
  if (media) return `URL${limit.dataUri ? ' or file' : ''} of a ${mediaWords[media]}`;
  if (type === 'boolean') return 'on or off';
  if (type === 'string') return maxLength === undefined ? 'text' : `text of up to ${maxLength} characters`;
  const range =
    minimum === undefined ? '' : ` from ${minimum}${maximum === undefined ? '' : ` to ${maximum}`}`;
  const step = multipleOf === undefined ? '' : `, a multiple of ${multipleOf}`;
  return `${type === 'integer' ? 'whole number' : 'number'}${range}${step}`;
}

/** Turns texts into what the fields take. Files are read; what does not fit stays, and the check of the input tells it. */
export async function toFields(
  given: Iterable<readonly [field: string, values: readonly unknown[]]>,
  limits: Limits,
  mistakes: string[],
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [field, values] of given) {
    const limit = limits[field] ?? {};
    const read = (value: unknown, one: FieldLimits) =>
      toValue(value, one).catch((error: Error) => {
        mistakes.push(`${toFlag(field)}: ${error.message}`);
        return value;
      });
    const { items } = limit;
    fields[field] = items
      ? await Promise.all(values.flat().map((value) => read(value, items)))
      : await read(values.at(-1), limit);
  }
  return fields;
}

async function toValue(given: unknown, limit: FieldLimits): Promise<unknown> {
  if (typeof given !== 'string') return given;
  if (limit.anyOf) {
    const read = await Promise.all(limit.anyOf.map((branch) => toValue(given, branch)));
    return read.find((value) => typeof value === 'object') ?? read.find((value) => value !== given) ?? given;
  }
  if (limit.enum)
    return (
      limit.enum.find((word) => String(word).toLowerCase() === given.toLowerCase()) ?? toNumber(given, limit)
    );
  if (limit.properties) {
    const numbers = given.split(/[x*]/i);
    const names = Object.keys(limit.properties);
    if (numbers.length !== names.length || !numbers.every((each) => /^\d+$/.test(each))) return given;
    return Object.fromEntries(names.map((name, index) => [name, Number(numbers[index])]));
  }
  // the check of the input tells of a model that takes addresses alone
  if (limit.media && limit.dataUri && !/^(https?|data):/i.test(given)) {
    const { toDataUri } = await import('../index.js');
    return toDataUri(given);
  }
  return toNumber(given, limit);
}

function toNumber(given: string, { type }: FieldLimits): unknown {
  const isNumber = type === 'integer' || type === 'number';
  return isNumber && /^[-+]?\d*\.?\d+(e[-+]?\d+)?$/i.test(given) ? Number(given) : given;
}

function toFlag(field: string): string {
  return `--${field.replaceAll('_', '-')}`;
}

/** What is wrong with an input, in the names of flags, beside what is known to be wrong with them already. */
export function explainIssues(
  issues: readonly InputIssue[],
  limits: Limits,
  mistakes: readonly string[] = [],
): string[] {
  const told = issues.flatMap(({ path, message, received }) => {
    // the fields of Vtrix lie in groups
    const [field = '', ...parts] = path.replace(/^(input|parameters)\./, '').split(/[.[\]]+/);
    const flag = toFlag(field);
    if (mistakes.some((mistake) => mistake.startsWith(flag))) return [];
    const part = parts[0] && (/^\d/.test(parts[0]) ? ` (number ${Number(parts[0]) + 1})` : ` (${parts[0]})`);
    const value = typeof received === 'string' ? `"${received}"` : received;
    const takes = message.startsWith('takes ');
    const words =
      takes && received !== undefined
        ? `${toWords(message, limits)}, not ${value}`
        : toWords(message, limits);
    return `${flag}${part ?? ''}${field === 'model' && !takes ? ` ${value}` : ''} ${words}`;
  });
  return [...mistakes, ...told];
}

/** What the library's functions and fields are called here. */
function toWords(message: string, limits: Limits): string {
  const told = message
    .replace(/ \((generate\w+Unchecked|toDataUri) .*\)$/, '')
    .replace(/generate(Image|Video)\b/g, (_, kind: string) => `aimlapi-wan ${kind.toLowerCase()}`);
  if (!told.startsWith('is not a field')) return told;
  return told.replace(/"?\b[a-z]+(?:_[a-z]+)*\b"?/g, (word) => {
    const name = word.replaceAll('"', '');
    return name in limits || name.includes('_') ? toFlag(name) : word;
  });
}
