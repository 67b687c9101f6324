import { describeFailure, exits } from './failure.js';
import type { Arguments } from './flags.js';
import { quoteArgument, type Screen } from './screen.js';
import type { OpenCreate } from './session.js';

/** Tells why a command ends, and how each thing that is paid for goes on. Gives the exit code. */
export function tellFailure(
  screen: Screen,
  error: unknown,
  open: ReadonlySet<OpenCreate>,
  given?: Arguments,
): number {
  const { exit, name, message, fix } = describeFailure(error);
  // a key that is missing is to be mended before anything goes on
  const first = exit === exits.refused || open.size === 0 ? [fix] : [];
  const left = [...open].map((entry) => ({ entry, lines: [...first, ...goOn(entry, given)] }));
  if (screen.mode === 'json') {
    for (const { entry, lines } of left) {
      const { id, clientRequestId } = entry;
      const error = { name, message, fix: lines.join('\n') };
      screen.result({ error, id, clientRequestId: clientRequestId || undefined }, [], []);
    }
    if (left.length === 0) screen.result({ error: { name, message, fix } }, [], []);
  } else {
    screen.error(message);
    const lines = left.length === 0 ? first : new Set(left.flatMap(({ lines }) => lines));
    for (const line of lines) screen.error(`${screen.dim('next:')} ${line}`);
  }
  return open.size > 0 && exit === exits.failed ? exits.open : exit;
}

/** The lines that go on with what is paid for. */
function goOn({ id, isDone, links, provider, clientRequestId }: OpenCreate, given?: Arguments): string[] {
  const flags = ['provider', 'base-url'].flatMap((name) => {
    const value = given?.text(name);
    return value === undefined ? [] : [`--${name} ${quoteArgument(value)} `];
  });
  const line = (command: string, what: string) =>
    `aimlapi-wan ${command} ${flags.join('')}${what.startsWith('-') ? '-- ' : ''}${quoteArgument(what)}`;
  if (links?.length) return links.map((link) => line('save', link));
  if (id !== undefined) return [line(isDone ? 'save' : 'wait', id)];
  if (provider === 'vtrix') return ['see the console of Vtrix: it has no log to look it up in'];
  return [line('recover', clientRequestId)];
}
