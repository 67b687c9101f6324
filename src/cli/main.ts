#!/usr/bin/env node
import { type Command, commands, common } from './commands.js';
import { tellFailure } from './ending.js';
import { exits, Interrupted, UsageError } from './failure.js';
import { Arguments, type Flags, readArguments } from './flags.js';
import { nearName } from './near-name.js';
import { createScreen, type Screen } from './screen.js';
import type { OpenCreate } from './session.js';

const open = new Set<OpenCreate>();
const interrupt = new AbortController();
const signals = ['SIGINT', 'SIGTERM'] as const;
let given = new Arguments();
let screen: Screen | undefined;

/** The first signal ends the waiting. No handler is left then, so that a second one ends the process at once. */
function onSignal(signal: NodeJS.Signals): void {
  for (const each of signals) process.off(each, onSignal);
  interrupt.abort(new Interrupted(signal));
}

async function main([name = '', ...rest]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return runWithout(name, rest);
  const own: Flags = { ...command.flags, ...common };
  given = readArguments(rest, own, command.hasId);
  if (given.has('help')) return (await import('./help.js')).showHelp(name, command, given);
  screen = createScreen(given);
  const { runs, readFieldFlags, openJournal } = await import('./runs.js');
  const read = command.fields
    ? await readFieldFlags(command.fields, rest, own, given)
    : { given, flags: own };
  given = read.given;
  if (!command.fields) checkArguments(command, given);
  // there for the commands that make something, or go on with it
  const isNoted = 'no-journal' in own && !['no-journal', 'fake', 'dry-run'].some((flag) => given.has(flag));
  const journal = isNoted ? openJournal(screen.error) : undefined;
  const shared = { command: name, screen, signal: interrupt.signal, open, before: new Map(), journal };
  const code = await runs[name]?.({ ...shared, ...read });
  return typeof code === 'number' ? code : exits.done;
}

/** What stands in place of a command. */
async function runWithout(name: string, rest: string[]): Promise<number> {
  given = readArguments(name.startsWith('-') ? [name, ...rest] : rest, { ...common, version: { about: '' } });
  const help = await import('./help.js');
  const about = name === 'help' ? rest[0] : undefined;
  if (about !== undefined && Object.hasOwn(commands, about) && commands[about])
    return help.showHelp(about, commands[about], given);
  if (given.has('version')) return help.showVersion();
  if (name === '' || name === 'help' || given.has('help')) return help.showCommands(given);
  const near = nearName(name, Object.keys(commands));
  const hint = near === undefined ? `there are ${Object.keys(commands).join(', ')}` : `did you mean ${near}?`;
  throw new UsageError([`${name} is no command: ${hint}`, ...given.mistakes]);
}

function checkArguments({ takes }: Command, { positionals, mistakes }: Arguments): void {
  const wrong = [...mistakes];
  const isOne = takes !== undefined && !given.has('all');
  if (isOne && !positionals[0]) wrong.push(`${takes} is missing`);
  const [extra] = positionals.slice(isOne ? 1 : 0);
  if (extra !== undefined && mistakes.length === 0) wrong.push(`"${extra}" is one argument too many`);
  if (wrong.length > 0) throw new UsageError(wrong);
}

for (const signal of signals) process.on(signal, onSignal);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // nobody reads on, as with `| head -1`; the journal holds what is paid for
  if (error.code === 'EPIPE') process.exit(open.size > 0 ? exits.open : exits.done);
  throw error;
});
const aborted = new Promise<never>((_, reject) => {
  interrupt.signal.addEventListener('abort', () => reject(interrupt.signal.reason));
});
try {
  // whatever goes on in the background, Ctrl-C is answered at once
  process.exitCode = await Promise.race([main(process.argv.slice(2)), aborted]);
} catch (error) {
  process.exitCode = tellFailure(screen ?? createScreen(given), error, open, given);
  // the shell has to see the signal, or a script would go on
  if (error instanceof Interrupted) process.kill(process.pid, error.signal);
}
