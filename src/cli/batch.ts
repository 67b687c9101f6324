import { fstatSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { CostEstimate } from '../index.js';
import { connect } from './client.js';
import { dryRun, findMistakes } from './create.js';
import { originOf, providerOf } from './ending.js';
import { UsageError } from './failure.js';
import { addToGallery } from './gallery.js';
import { isDone, type Line, type Row, readLines, readRows } from './lines.js';
import { agree, priceOf } from './price.js';
import { showUsd } from './screen.js';
import type { Made, OpenCreate, Run, Session } from './session.js';
import { Batch, type Item, readTask } from './settle-lines.js';

const defaultConcurrency = 4;

/** `--from-file`: one create for each line, and each settles on its own. */
export const runBatch: Run = async (session) => {
  const { given, screen, signal } = session;
  const wrong = [...given.mistakes];
  if (given.positionals.length > 0) wrong.push('with --from-file the prompts stand in the lines');
  if (wrong.length > 0) throw new UsageError(wrong);
  const { findModel } = await import('../models.js');
  const nameOf = (model: unknown) => findModel(String(model))?.aliases[0] ?? model;
  const defaults = [nameOf(session.fields?.model), ...given.fields(session.flags)];
  const lines = readLines(await readText(given.text('from-file')), defaults, nameOf);
  if (lines.length === 0) throw new UsageError(['--from-file has no line, such as {"prompt":"a fox"}']);
  const earlier = await readEarlier(session);
  const tools = await connect(session);
  const batch = new Batch(session, tools, lines.length);

  // every mistake is told before anything is paid for
  const items: Item[] = [];
  const prices: CostEstimate[] = [];
  for (const line of lines) {
    const found = earlier(line);
    if (found.done) batch.keep({ ...found.done, line: line.line });
    if (found.open) items.push({ ...line, open: { ...found.open, key: line.key } });
    if (found.done || found.open) continue;
    const { task, fields } = await readTask(session, line);
    const mistakes = await findMistakes(task, tools.names, fields.model);
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
  const provider = providerOf(given);
  const origin = originOf(given);
  const all = journal?.list() ?? [];
  const here = all.filter((entry) => entry.provider === provider && entry.origin === origin);
  const items = here.map((open, at): Item => {
    const { clientRequestId: key, prompt } = open;
    return { line: at + 1, key, fields: { prompt }, mistakes: [], open };
  });
  const more = all.length - here.length;
  if (more > 0) screen.note(`${more} more are open elsewhere: aimlapi-wan jobs`);
  const batch = new Batch(session, await connect(session), items.length);
  await batch.run(items, defaultConcurrency);
  return batch.exit;
};

async function agreeToAll(session: Session, prices: readonly CostEstimate[]): Promise<void> {
  const known = prices.flatMap(({ usd }) => usd ?? []);
  const usd = known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : undefined;
  const rest = prices.length - known.length;
  const told = `${usd === undefined ? 'no price' : showUsd(usd)}${rest > 0 && usd !== undefined ? `, and ${rest} without a price` : ''}`;
  await agree(session, `${prices.length} to make`, usd, told);
}

async function readText(path = '-'): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError([`--from-file: ${error.message}`]);
  });
}

interface Earlier {
  done?: Row & Made;
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
  // a run that could not begin leaves an error without a line
  if (rows.size === 0 && source.trim() !== '' && !/\{"(line|error)":/.test(source)) {
    throw new UsageError(
      [`--resume: ${path} holds no results, so that all of it would be paid for again`],
      'name the file with the standard output of an earlier run, as UTF-8',
    );
  }
  const left = journal?.list() ?? [];
  return ({ key }: Line): Earlier => {
    const row = rows.get(key);
    if (row && isDone(row)) return { done: row };
    const open = row?.open ?? left.find((entry) => entry.key === key);
    return open ? { open } : {};
  };
}
