import { readFileSync } from 'node:fs';
import { type Command, commands, common } from './commands.js';
import type { Arguments, Flags } from './flags.js';

const exitCodes = {
  0: 'done',
  1: 'failed',
  2: 'usage or invalid input: nothing was sent',
  3: 'key, credits or a limit',
  4: 'accepted but not finished, or outcome unknown: the id or the client request id is in the output',
};

const nameWidth = 30;

export function toLine(name: string, about: string): string {
  return name.length < nameWidth - 2
    ? `  ${name.padEnd(nameWidth - 2)} ${about}`
    : `  ${name}\n${' '.repeat(nameWidth + 1)}${about}`;
}

function print(lines: readonly string[]): number {
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

export function showVersion(): number {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return print([JSON.parse(file).version]);
}

export function showCommands(given: Arguments): number {
  const entries = Object.entries(commands);
  if (given.has('json')) {
    return print([
      JSON.stringify({
        commands: Object.fromEntries(entries.map(([name, command]) => [name, toData(name, command)])),
        exitCodes,
      }),
    ]);
  }
  return print([
    'aimlapi-wan <command> [flags]: images and videos of the Wan models of the AIML API',
    '',
    ...entries.map(([name, { takes, summary }]) =>
      toLine(takes === undefined ? name : `${name} ${takes}`, summary),
    ),
    '',
    'aimlapi-wan <command> --help tells its flags.',
    '',
    'Exit codes',
    ...Object.entries(exitCodes).map(([code, about]) => `  ${code} ${about}`),
  ]);
}

function toUsage(name: string, { takes }: Command): string {
  return `aimlapi-wan ${name}${takes === undefined ? '' : ` ${takes}`} [flags]`;
}

function toData(name: string, command: Command): object {
  return { usage: toUsage(name, command), summary: command.summary, flags: { ...command.flags, ...common } };
}

function toFlagLines(flags: Flags): string[] {
  return Object.entries(flags).map(([name, { about, takes, short }]) =>
    toLine(
      `${short === undefined ? '' : `-${short}, `}--${name}${takes === undefined ? '' : ` <${takes}>`}`,
      about,
    ),
  );
}

export async function showHelp(name: string, command: Command, given: Arguments): Promise<number> {
  const model = given.text('model') ?? (command.fields === 'any' ? given.positionals[0] : undefined);
  const fields = command.fields && model !== undefined ? await describeFields(model) : [];
  if (given.has('json')) return print([JSON.stringify({ ...toData(name, command), fields, exitCodes })]);
  const more = 'Every field of a model is a flag too: --help with --model <name> tells them.';
  const ofModel =
    fields.length === 0
      ? [more]
      : [`Flags of ${model}`, ...fields.map((field) => toLine(`--${field.flag}`, toText(field)))];
  return print([
    `${toUsage(name, command)}: ${command.summary}`,
    '',
    ...toFlagLines(command.flags),
    ...(command.fields ? ['', ...ofModel] : []),
    '',
    'Flags of every command',
    ...toFlagLines(common),
  ]);
}

export interface FieldHelp {
  field: string;
  flag: string;
  takes: string;
  required?: true;
  default?: unknown;
  about: unknown;
}

/** What each field of a model takes. */
export async function describeFields(model: string): Promise<FieldHelp[]> {
  const { findKnownModel } = await import('./fields.js');
  const { limits } = await findKnownModel(model);
  const { jsonSchemaOf } = await import('../models.js');
  const { describeLimits } = await import('./model-flags.js');
  const properties = new Map(Object.entries(Object(jsonSchemaOf(model).properties)));
  return Object.entries(limits).map(([field, limit]) => ({
    field,
    flag: `${limit.type === 'boolean' ? '[no-]' : ''}${field.replaceAll('_', '-')}`,
    takes: describeLimits(limit),
    ...(limit.required && { required: true }),
    ...(limit.default !== undefined && { default: limit.default }),
    about: Object(properties.get(field)).description,
  }));
}

export function toText({ takes, about, required, ...field }: FieldHelp): string {
  const standard = field.default === undefined ? '' : ` (default ${field.default})`;
  return `${takes}${standard}${required ? ' (required)' : ''}. ${about}`;
}
