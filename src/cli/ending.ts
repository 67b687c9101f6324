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
  // what is wrong with the key or the flags is to be mended before anything goes on
  const first = exit === exits.refused || exit === exits.invalid || open.size === 0 ? [fix] : [];
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

/** Where creates go. */
export function providerOf(given: Arguments): OpenCreate['provider'] {
  return given.text('provider') === 'vtrix' ? 'vtrix' : 'aimlapi';
}

/** Where the API is, where the flags or the environment say so. */
export function originOf(given: Arguments): string | undefined {
  const name = providerOf(given) === 'vtrix' ? 'VTRIX_BASE_URL' : 'AIMLAPI_BASE_URL';
  const url = given.text('base-url') ?? process.env[name] ?? '';
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** The lines that go on with what is paid for. */
export function goOn(
  { id, isDone, links, provider, origin, clientRequestId }: OpenCreate,
  given?: Arguments,
): string[] {
  const elsewhere = given && origin !== originOf(given) ? origin : undefined;
  const url = given?.text('base-url') ?? elsewhere;
  const flags = [
    ...(provider === 'vtrix' ? ['--provider vtrix '] : []),
    ...(url === undefined ? [] : [`--base-url ${quoteArgument(url)} `]),
  ];
  const line = (command: string, what: string) =>
    `aimlapi-wan ${command} ${flags.join('')}${what.startsWith('-') ? '-- ' : ''}${quoteArgument(what)}`;
  if (links?.length) return links.map((link) => line('save', link));
  if (id !== undefined) return [line(isDone ? 'save' : 'wait', id)];
  if (provider === 'vtrix') return ['see the console of Vtrix: it has no log to look it up in'];
  return [line('recover', clientRequestId)];
}
