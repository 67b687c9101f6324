import { type Hooks, runCreate, type Task, toTask } from './create.js';
import { goOn, originOf, providerOf } from './ending.js';
import { describeFailure, exits } from './failure.js';
import { loadFields, vtrixFields } from './fields.js';
import { goOnWith, showMade } from './finish.js';
import { type Picture, toPictures } from './gallery.js';
import { forEachOf, isDone, type Line, type Row } from './lines.js';
import { showTime, showUsd } from './screen.js';
import type { Fields, Made, OpenCreate, Session, Tools } from './session.js';
import { startTable, type Table } from './table.js';

/** A line that is to be made, or with `open` to be gone on with. */
export type Item = Line & { open?: OpenCreate | undefined };

/** The lines of a batch as they settle. */
export class Batch {
  readonly #rows = new Map<number, Row>();
  readonly #exits: number[] = [];
  #table: Table | undefined;
  #before = 0;
  #usd = 0;
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
    const startMs = Date.now();
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
      signal.removeEventListener('abort', leave);
    }
    leave();
    screen.note(`${this.#summary()}, ${showTime(Date.now() - startMs)}`);
  }

  async #settle(item: Item): Promise<void> {
    const { line, key, open, fields } = item;
    this.#table?.begin(line, String(fields.prompt ?? ''));
    const hooks: Hooks = { onUpdate: (update) => this.#table?.update(line, update) };
    try {
      const made = open
        ? await goOnWith(this.session, this.tools, open, line, hooks.onUpdate)
        : await this.#make(item, hooks);
      this.#usd += made.usd ?? 0;
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
    if (!('error' in row)) showMade(screen, row);
    else if (screen.mode === 'json') screen.result(row, [], []);
    else {
      const { message, fix } = row.error;
      screen.error(message.startsWith('line ') ? message : `line ${row.line}: ${message}`);
      screen.error(`${screen.dim('next:')} ${fix}`);
    }
  }

  /** Takes over what an earlier run has made. */
  keep(row: Row & Made): void {
    this.#before += 1;
    this.#rows.set(row.line, row);
    this.#exits.push(exits.done);
    // people have seen it
    if (this.session.screen.mode !== 'text') showMade(this.session.screen, row);
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
    const counts = [
      `${rows.length - open - failed} of ${this.total} done`,
      this.#before > 0 && `${this.#before} of them before`,
      failed > 0 && `${failed} failed`,
      open > 0 && `${open} open`,
      this.#usd > 0 && showUsd(this.#usd),
    ];
    return counts.filter(Boolean).join(', ');
  }
}

function toOpen({ kind, model, clientRequestId, id }: Made, { given }: Session, key: string): OpenCreate {
  const startedAt = new Date().toISOString();
  const where = { provider: providerOf(given), origin: originOf(given) };
  return { kind, model, clientRequestId, startedAt, id, key, ...where };
}

/** What a line asks for. The flags of the command line are the defaults of its fields. */
export async function readTask(session: Session, line: Line): Promise<{ task: Task; fields: Fields }> {
  const { command, given, flags } = session;
  const kind = command === 'image' ? 'image' : 'video';
  const { model = session.fields?.model, ...rest } = line.fields;
  const isVtrix = providerOf(given) === 'vtrix';
  const fields = isVtrix ? vtrixFields(kind, String(model)) : await loadFields(kind, String(model));
  const mistakes = [...line.mistakes];
  const values = new Map<string, readonly unknown[]>(given.fields(flags));
  for (const [name, value] of Object.entries(rest)) values.set(name, [value]);
  const task = await toTask(kind, fields, values, mistakes);
  if (!isVtrix && line.mistakes.length === 0) {
    const { checkInput, findModel } = await import('../models.js');
    const { issues = [] } = checkInput(task.input);
    mistakes.push(...issues.map(({ path, message }) => `${path} ${message}`.trim()));
    const found = findModel(fields.model);
    if (found && found.kind !== kind) {
      mistakes.push(`${fields.model} makes ${found.kind}s: aimlapi-wan ${found.kind} takes it`);
    }
  }
  return { task: { ...task, line: line.line, key: line.key }, fields };
}
