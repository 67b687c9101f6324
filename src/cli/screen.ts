import type { Arguments } from './flags.js';

/** Where output goes: data to stdout where it is piped or `--json` is given, else text for people, and status on stderr. */
export interface Screen {
  readonly mode: 'json' | 'quiet' | 'text';
  /** Whether a question can be asked. */
  readonly canAsk: boolean;
  /** One result: its data as a line of JSON, its lines for people, or what `--quiet` leaves of it. */
  result(data: object, lines: readonly string[], short: readonly string[]): void;
  /** A line for people, on stderr. */
  note(line: string): void;
  /** Lines that the next ones replace. Where nothing can be redrawn, `head` is printed each time that it changes. */
  status(lines: readonly string[], head: string): void;
  /** A line on stderr in every mode. */
  error(line: string): void;
  dim(text: string): string;
}

export function createScreen(given: Pick<Arguments, 'has'>): Screen {
  // a stream is made at the first look at it, which takes time
  const { stdout, env } = process;
  const isQuiet = given.has('quiet') && !given.has('json');
  const mode = isQuiet ? 'quiet' : given.has('json') || !stdout.isTTY ? 'json' : 'text';
  const isText = mode === 'text' && Boolean(process.stderr.isTTY);
  const isPlain = Boolean(env.CI) || env.TERM === 'dumb';
  const hasColor = isText && !isPlain && !env.NO_COLOR;
  if (mode !== 'json') process.stderr.on('error', () => {});
  let drawn = 0;
  let last = '';

  const erase = () => {
    if (drawn > 0) process.stderr.write(`${drawn > 1 ? `\x1b[${drawn - 1}A` : ''}\r\x1b[J`);
    drawn = 0;
  };
  return {
    mode,
    canAsk: isText && !isPlain && Boolean(process.stdin.isTTY),
    result(data, lines, short) {
      erase();
      const text =
        mode === 'json' ? [JSON.stringify(data)] : mode === 'quiet' ? short : lines.map(toSafeLine);
      if (text.length > 0) stdout.write(`${text.join('\n')}\n`);
    },
    note(line) {
      if (mode !== 'text') return;
      erase();
      process.stderr.write(`${toSafeLine(line)}\n`);
    },
    status(lines, head) {
      if (mode !== 'text') return;
      if (isText && !isPlain) {
        erase();
        // a line that wraps or has scrolled out could not be erased
        const { columns = 80, rows = 24 } = process.stderr;
        const shown = lines.slice(0, rows - 1).map((line) => cutToWidth(line, columns - 1));
        process.stderr.write(shown.join('\n'));
        drawn = shown.length;
      } else if (head !== last) process.stderr.write(`${toSafeLine(head)}\n`);
      last = head;
    },
    error(line) {
      erase();
      process.stderr.write(`${toSafeLine(line)}\n`);
    },
    dim: (text) => (hasColor ? `${dimOn}${text}${dimOff}` : text),
  };
}

const [dimOn, dimOff] = ['\x1b[2m', '\x1b[22m'];

/** The API's texts may hold what moves the cursor: a terminal gets no control character but ours. */
export function toSafeLine(line: string): string {
  return line.replace(/[^\P{Cc}\n](\[22?m)?/gu, (found) =>
    found === dimOn || found === dimOff ? found : ` ${found.slice(1)}`,
  );
}

/** Characters that take two cells. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60]|\p{Emoji_Presentation}/u;

/** As much of a text as fits into so many cells. A prompt may hold anything, even what moves the cursor. */
export function cutToWidth(text: string, mostCells: number): string {
  let cells = 0;
  let kept = '';
  for (const character of text.replace(/\p{C}+/gu, ' ')) {
    cells += wide.test(character) ? 2 : 1;
    if (cells > mostCells) break;
    kept += character;
  }
  return kept;
}

const barCells = 20;

export function showBar(part: number): string {
  const full = Math.round(part * barCells);
  return `${'█'.repeat(full)}${'░'.repeat(barCells - full)} ${String(Math.round(part * 100)).padStart(3)} %`;
}

/** `0:32` */
export function showTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function showUsd(usd: number): string {
  return `$${usd.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** An argument as a shell takes it back. */
export function quoteArgument(text: string): string {
  if (/^[\w.:/@%+=,-]+$/.test(text)) return text;
  return process.platform === 'win32'
    ? `"${text.replaceAll('"', '')}"`
    : `'${text.replaceAll("'", "'\\''")}'`;
}
