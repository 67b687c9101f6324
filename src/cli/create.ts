import { randomUUID } from 'node:crypto';
import type { ImageResult, InvalidInputError, VideoJob, VideoUpdate } from '../index.js';
import { need } from './client.js';
import { originOf, providerOf } from './ending.js';
import { UsageError } from './failure.js';
import { finishVideo, saveImages, settle, toMade } from './finish.js';
import { explainIssues, toFields } from './model-flags.js';
import { priceOf, showPrice } from './price.js';
import type { Fields, Kind, Made, OpenCreate, Session, Tools } from './session.js';

/** One create to run; a batch has one for each line. */
export interface Task {
  kind: Kind;
  /** What the client takes. */
  input: object;
  prompt?: string | undefined;
  /** How many files it makes. */
  files: number;
  line?: number | undefined;
  /** The line's content, for the journal. */
  key?: string | undefined;
  /** What is wrong already. The input is checked all the same, so that everything is told at once; nothing is sent. */
  mistakes: string[];
}

export interface Hooks {
  /** Runs right before the create leaves; what it throws keeps the create here. */
  agree?(body: object): Promise<void>;
  onJob?(job: VideoJob): void;
  onUpdate?(update: VideoUpdate): void;
}

/** Files that a create may make: more is told as a mistake. */
const mostFiles = 99;

export async function toTask(
  kind: Kind,
  fields: Fields,
  values: Parameters<typeof toFields>[0],
  mistakes: string[],
): Promise<Task> {
  const read = await toFields(values, fields.limits, mistakes);
  const prompt = typeof read.prompt === 'string' ? read.prompt : undefined;
  const files = Math.min(Number(read.num_images ?? 1), mostFiles);
  return { kind, input: fields.toInput(read), prompt, files, mistakes };
}

/** All that is wrong before a create, the names of its files too. */
export async function findMistakes(task: Task, names: Tools['names'], model: string): Promise<string[]> {
  const problem = await names.problem({ ...task, model });
  return problem === undefined ? task.mistakes : [...task.mistakes, `--output: ${problem}`];
}

/** Makes one thing and saves it. Its entry stays in `session.open` as long as something paid is in no file. */
export async function runCreate(
  session: Session,
  tools: Tools,
  task: Task,
  hooks: Hooks = {},
): Promise<Made> {
  const { journal, open, given } = session;
  const entry: OpenCreate = {
    kind: task.kind,
    provider: providerOf(given),
    model: String(session.fields?.model),
    clientRequestId: randomUUID(),
    startedAt: '',
    prompt: task.prompt,
    origin: originOf(given),
    key: task.key,
  };
  const paid = await pay(session, tools, task, entry, hooks);
  if ('images' in paid) return saveImages(session, tools, paid, entry, task.line);
  entry.id = paid.id;
  await journal?.accepted(entry);
  hooks.onJob?.(paid);
  if (!given.has('no-wait')) return finishVideo(session, tools, paid, entry, task.line, hooks.onUpdate);
  // it is left open on purpose
  open.delete(entry);
  return toMade(entry, paid.status, [], paid.usage);
}

async function pay(
  session: Session,
  { client, names }: Tools,
  task: Task,
  entry: OpenCreate,
  hooks: Hooks,
): Promise<ImageResult | VideoJob> {
  const { signal, journal, open, before, fields } = session;
  const { clientRequestId } = entry;
  const mistakes = await findMistakes(task, names, entry.model);
  before.set(clientRequestId, async ({ model, body }) => {
    if (mistakes.length > 0) throw new UsageError(mistakes);
    await hooks.agree?.(body);
    Object.assign(entry, { model, startedAt: new Date().toISOString() });
    await journal?.begin(entry);
    open.add(entry);
  });
  try {
    const options = { signal, clientRequestId };
    if (task.kind === 'image') return await need(client, 'generateImage')(task.input, options);
    return await client.generateVideo(task.input, options);
  } catch (error) {
    if (isInvalid(error)) throw new UsageError(explainIssues(error.issues, fields?.limits ?? {}, mistakes));
    const { mayHaveBeenPaid } = await import('../index.js');
    if (open.has(entry) && !mayHaveBeenPaid(error)) await settle(session, entry, 'unpaid');
    throw error;
  } finally {
    before.delete(clientRequestId);
  }
}

function isInvalid(error: unknown): error is InvalidInputError {
  return error instanceof Error && error.name === 'InvalidInputError';
}

/** Shows what would be sent, and what it would cost. */
export async function dryRun(session: Session, tools: Tools, task: Task): Promise<void> {
  const { screen, signal } = session;
  const stop = new Error('a dry run sends nothing');
  let body: object = {};
  const agreed = async (sent: object) => {
    body = sent;
    throw stop;
  };
  await runCreate(session, tools, task, { agree: agreed }).catch((error) => {
    if (error !== stop) throw error;
  });
  const price = await priceOf(tools.client, body, signal);
  const lines = [JSON.stringify(body, shorten, 2), showPrice(price)];
  screen.result({ line: task.line, body, ...price }, lines, [showPrice(price)]);
}

const longestShown = 200;

/** Files in a body are long. */
function shorten(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('data:') ? `${value.slice(0, longestShown)}…` : value;
}
