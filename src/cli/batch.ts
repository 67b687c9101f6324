import { fstatSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { CostEstimate } from '../index.js';
import { connect } from './client.js';
import { dryRun, type Hooks, runCreate, type Task } from './create.js';
import { goOn, originOf } from './ending.js';
import { describeFailure, exits, UsageError } from './failure.js';
import { loadFields, vtrixFields } from './fields.js';
import { goOnWith, showMade } from './finish.js';
import { addToGallery, type Picture, toPictures } from './gallery.js';
import { forEachOf, isDone, type Line, type Row, readLines, readRows } from './lines.js';
import { toFields } from './model-flags.js';
import { agree, priceOf } from './price.js';
import { showUsd } from './screen.js';
import type { Fields, Made, OpenCreate, Run, Session, Tools } from './session.js';
import { startTable, type Table } from './table.js';

const defaultConcurrency = 4;

/** A line that is to be made, or with `open` to be gone on with. */
type Item = Line & { open?: OpenCreate | undefined };

/** `--from-file`: one create for each line, and each settles on its own. */
export const runBatch: Run = async (session) => {
  const { given, screen, signal } = session;
  const extra = given.positionals.length > 0 ? ['with --from-file the prompts stand in the lines'] : [];
  const wrong = [...given.mistakes, ...extra];
  if (wrong.length > 0) throw new UsageError(wrong);
  const defaults = [session.fields?.model, ...given.fields(session.flags)];
  const lines = readLines(await readText(given.text('from-file')), defaults);
  if (lines.length === 0) throw new UsageError(['--from-file has no line, such as {"prompt":"a fox"}']);
  const earlier = await readEarlier(session);
  const tools = await connect(session);
  const batch = new Batch(session, tools, lines.length);

  // every mistake is told before anything is paid for
  const items: Item[] = [];
  const prices: CostEstimate[] = [];
  for (const line of lines) {
    const found = earlier(line);
    if (found.done) batch.report({ ...found.done, line: line.line });
    if (found.open) items.push({ ...line, open: { ...found.open, key: line.key } });
    if (found.done || found.open) continue;
    const { task, fields } = await readTask(session, line);
    const problem = await tools.names.problem({ ...task, model: fields.model });
    const mistakes = [...task.mistakes, ...(problem === undefined ? [] : [`--output: ${problem}`])];
    if (mistakes.length > 0)
      batch.fail(line, new UsageError([`line ${line.line}: ${mistakes.join('; ')}`], 'mend the line'));
    else if (given.has('dry-run')) await dryRun({ ...session, fields }, tools, task);
    else items.push(line);
    // only people are told prices
    if (mistakes.length === 0 && screen.mode === 'text')
      prices.push(await priceOf(tools.client, task.input, signal));
  }
  if (prices.length > 0) await agreeToAll(session, prices);
  if (!given.has('dry-run')) await batch.run(items, given.number('concurrency') ?? defaultConcurrency);
  if (given.has('gallery')) await addToGallery(screen, batch.pictures(lines));
  return batch.exit;
};

/** `wait --all`: goes on with all that the journal has open, at this provider and origin. */
export const waitForAll: Run = async (session) => {
  const { given, screen, journal } = session;
  const provider = given.text('provider') ?? 'aimlapi';
  const origin = originOf(given);
  const all = journal?.list() ?? [];
  const here = all.filter((entry) => entry.provider === provider && entry.origin === origin);
  const items = here.map(
    (open, at): Item => ({
      line: at + 1,
      key: open.clientRequestId,
      fields: { prompt: open.prompt },
      mistakes: [],
      open,
    }),
  );
  const more = all.length - here.length;
  if (more > 0) screen.note(`${more} more are open elsewhere: aimlapi-wan jobs`);
  const batch = new Batch(session, await connect(session), items.length);
  await batch.run(items, given.number('concurrency') ?? defaultConcurrency);
  return batch.exit;
};

async function agreeToAll(session: Session, prices: readonly CostEstimate[]): Promise<void> {
  const known = prices.flatMap(({ usd }) => usd ?? []);
  const usd = known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : undefined;
  const rest = prices.length - known.length;
  const told = `${usd === undefined ? 'no price' : showUsd(usd)}${rest > 0 && usd !== undefined ? `, and ${rest} without a price` : ''}`;
  await agree(session, `${prices.length} to make`, usd, told);
}

/** The lines as they settle. */
class Batch {
  readonly #rows = new Map<number, Row>();
  readonly #exits: number[] = [];
  #table: Table | undefined;
  /** Why nothing more is sent. */
  #stop: unknown;

  constructor(
    readonly session: Session,
    readonly tools: Tools,
    readonly total: number,
  ) {}

  /** One that cannot be kept apart from the others gives 1. */
  get exit(): number {
    const codes = new Set(this.#exits);
    for (const code of [exits.open, exits.refused]) if (codes.has(code)) return code;
    return codes.size > 1 ? exits.failed : (this.#exits[0] ?? exits.done);
  }

  async run(items: readonly Item[], concurrency: number): Promise<void> {
    const { signal, screen, open } = this.session;
    for (const item of items) if (item.open) open.add(item.open);
    // a result says of what is open how to go on: also when Ctrl-C ends the process in the next moment
    const leave = () => {
      this.#stop ??= signal.reason;
      for (const item of items)
        if (!this.#rows.has(item.line) && this.#openOf(item)) this.fail(item, this.#stop);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#table = startTable(screen, () => this.#summary());
    try {
      await forEachOf(
        items,
        concurrency,
        (item) => this.#settle(item),
        () => this.#stop !== undefined,
      );
    } finally {
      this.#table.close();
    }
    leave();
    screen.note(this.#summary());
  }

  async #settle(item: Item): Promise<void> {
    const { line, key, open, fields } = item;
    this.#table?.begin(line, String(fields.prompt ?? ''));
    const hooks: Hooks = { onUpdate: (update) => this.#table?.update(line, update) };
    try {
      const made = open
        ? await goOnWith(this.session, this.tools, open, line, hooks.onUpdate)
        : await this.#make(item, hooks);
      // with --no-wait it is left open
      const left = made.files.length === 0 && { open: toOpen(made, this.session, key) };
      this.report({ line, key, ...made, ...left });
    } catch (error) {
      if (!this.#rows.has(line)) this.fail(item, error);
    }
  }

  async #make(item: Item, hooks: Hooks) {
    // read once more: pictures of a thousand lines do not fit into memory
    const { task, fields } = await readTask(this.session, item);
    return runCreate({ ...this.session, fields }, this.tools, task, hooks);
  }

  report(row: Row, exit: number = exits.done): void {
    const { screen } = this.session;
    this.#rows.set(row.line, row);
    this.#exits.push(exit);
    this.#table?.end(row.line);
    if ('error' in row)
      screen.result(row, [`line ${row.line}: ${row.error.message}`, `  ${row.error.fix}`], []);
    else showMade(screen, row);
  }

  fail(item: Item, error: unknown): void {
    const { name, message, fix, exit } = describeFailure(error);
    const open = this.#openOf(item);
    const { line, key } = item;
    const told = open ? goOn(open, this.session.given).join('; ') : fix;
    const row = { line, key, error: { name, message, fix: told }, ...(open && { id: open.id, open }) };
    this.report(row, open ? exits.open : exit);
    // no other create would fare better without a key or credits
    if (exit === exits.refused && !/RateLimit|Permission|Budget/.test(name)) this.#stop ??= error;
  }

  /** What every file shows: for the gallery. */
  pictures(lines: readonly Line[]): Picture[] {
    return lines.flatMap(({ line, fields }) => {
      const row = this.#rows.get(line);
      return row && isDone(row) ? toPictures(row, fields.prompt) : [];
    });
  }

  #openOf({ key, open }: Item): OpenCreate | undefined {
    const entries = [...this.session.open];
    return entries.find((entry) => (open ? entry === open : entry.key === key));
  }

  #summary(): string {
    const rows = [...this.#rows.values()];
    const open = rows.filter((row) => row.open).length;
    const failed = rows.filter((row) => 'error' in row && !row.open).length;
    const usd = rows.reduce((sum, row) => sum + (('usd' in row && row.usd) || 0), 0);
    const counts = [failed > 0 && `${failed} failed`, open > 0 && `${open} open`, usd > 0 && showUsd(usd)];
    return [`${rows.length - open - failed} of ${this.total} done`, ...counts].filter(Boolean).join(', ');
  }
}

function toOpen({ kind, model, clientRequestId, id }: Made, { given }: Session, key: string): OpenCreate {
  const provider = given.text('provider') === 'vtrix' ? 'vtrix' : 'aimlapi';
  const startedAt = new Date().toISOString();
  return { kind, provider, model, clientRequestId, startedAt, id, origin: originOf(given), key };
}

/** What a line asks for. The flags of the command line are the defaults of its fields. */
async function readTask(session: Session, line: Line): Promise<{ task: Task; fields: Fields }> {
  const { command, given, flags } = session;
  const kind = command === 'image' ? 'image' : 'video';
  const { model = session.fields?.model, ...rest } = line.fields;
  const isVtrix = given.text('provider') === 'vtrix';
  const fields = isVtrix ? vtrixFields(kind, String(model)) : await loadFields(kind, String(model));
  const mistakes = [...line.mistakes];
  const values = new Map<string, readonly unknown[]>(given.fields(flags));
  for (const [name, value] of Object.entries(rest)) values.set(name, [value]);
  const read = await toFields(values, fields.limits, mistakes);
  const input = fields.toInput(read);
  if (!isVtrix && line.mistakes.length === 0) {
    const { checkInput } = await import('../models.js');
    const { issues = [] } = checkInput(input);
    mistakes.push(...issues.map(({ path, message }) => `${path} ${message}`.trim()));
  }
  const prompt = typeof read.prompt === 'string' ? read.prompt : undefined;
  const files = Number(read.num_images ?? 1);
  return { task: { kind, input, prompt, files, line: line.line, key: line.key, mistakes }, fields };
}

async function readText(path = '-'): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError([`--from-file: ${error.message}`]);
  });
}

interface Earlier {
  done?: Row;
  open?: OpenCreate;
}

/** What earlier runs made of a line: of those that `--resume` names, and what the journal has open of a run that was killed. */
async function readEarlier({ given, journal }: Session) {
  const path = given.text('resume');
  if (path === undefined) return (): Earlier => ({});
  const source = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError([`--resume: ${error.message}`]);
  });
  const [here, there] = [fstatSync(1), statSync(path)];
  if (source === '' && here.ino === there.ino && here.dev === there.dev) {
    const emptied = `--resume: ${path} is empty, and the results go there: ">" has emptied it before it could be read`;
    throw new UsageError([emptied], 'append with ">>", and leave --resume out of the first run');
  }
  const rows = readRows(source);
  const left = journal?.list() ?? [];
  return ({ key }: Line): Earlier => {
    const row = rows.get(key);
    if (row && isDone(row)) return { done: row };
    const open = row?.open ?? left.find((entry) => entry.key === key);
    return open ? { open } : {};
  };
}
