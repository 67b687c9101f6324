import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { ImageResult, InvalidInputError, VideoJob, VideoUpdate } from '../index.js';
import { connect, need } from './client.js';
import { UsageError } from './failure.js';
import { finishVideo, saveImages, settle, showMade, toMade } from './finish.js';
import { explainIssues, toFields } from './model-flags.js';
import { agree, priceOf, showPrice } from './price.js';
import { type Progress, startProgress } from './progress.js';
import type { Kind, Made, OpenCreate, Run, Session, Tools } from './session.js';

/** One create to run; a batch has one for each line. */
export interface Task {
  kind: Kind;
  /** What the client takes. */
  input: object;
  prompt?: string | undefined;
  /** How many files it makes. */
  files: number;
  line?: number | undefined;
  /** What is wrong already. The input is checked all the same, so that everything is told at once; nothing is sent. */
  mistakes: string[];
}

export interface Hooks {
  /** Runs right before the create leaves; what it throws keeps the create here. */
  agree?(body: object): Promise<void>;
  onJob?(job: VideoJob): void;
  onUpdate?(update: VideoUpdate): void;
}

/** The commands `image` and `video`. */
export const create: Run = async (session) => {
  const { given, screen, signal } = session;
  const tools = await connect(session);
  const task = await readTask(session);
  if (given.has('dry-run')) return dryRun(session, tools, task);
  let progress: Progress | undefined;
  try {
    const made = await runCreate(session, tools, task, {
      async agree(body) {
        if (screen.mode !== 'text') return;
        const price = await priceOf(tools.client, body, signal);
        await agree(session, `${session.fields?.model}`, price.usd, showPrice(price));
        progress = startProgress(screen, `${task.kind} in the making`);
      },
      onJob: ({ id }) => screen.note(`id ${id}`),
      onUpdate: (update) => progress?.update(update),
    });
    progress?.end();
    showMade(screen, made);
  } finally {
    progress?.end();
  }
};

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
    provider: given.text('provider') === 'vtrix' ? 'vtrix' : 'aimlapi',
    model: String(session.fields?.model),
    clientRequestId: randomUUID(),
    startedAt: '',
    prompt: task.prompt,
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
  const problem = await names.problem({ ...task, model: entry.model });
  const mistakes = [...task.mistakes, ...(problem === undefined ? [] : [`--output: ${problem}`])];
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
    if (isInvalid(error))
      throw new UsageError([...mistakes, ...explainIssues(error.issues, fields?.limits ?? {})]);
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

/** What the flags and the prompt ask for. */
async function readTask({ given, flags, fields, command }: Session): Promise<Task> {
  if (!fields) throw new Error(`unreachable: ${command} has fields`);
  const mistakes = [...given.mistakes, ...(fields.mistake === undefined ? [] : [fields.mistake])];
  const [last, ...more] = given.positionals;
  // what stands behind a flag that is not known is counted as a prompt
  if (given.mistakes.length === 0 && more.length > 0)
    mistakes.push('the prompt is one argument: put it in quotes');
  if (last !== undefined && given.has('prompt'))
    mistakes.push('--prompt and a last argument are two prompts: leave one out');
  const written = given.text('prompt') ?? last;
  const prompt = written === '-' ? (await text(process.stdin)).trim() : written;
  const values = new Map(given.fields(flags));
  if (prompt !== undefined) values.set('prompt', [prompt]);
  const read = await toFields(values, fields.limits, mistakes);
  const files = Number(read.num_images ?? 1);
  const kind = command === 'image' ? 'image' : 'video';
  return { kind, input: fields.toInput(read), prompt, files, mistakes };
}

/** Shows what would be sent, and what it would cost. */
async function dryRun(session: Session, tools: Tools, task: Task): Promise<void> {
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
  screen.result({ body, ...price }, lines, [showPrice(price)]);
}

const longestShown = 200;

/** Files in a body are long. */
function shorten(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('data:') ? `${value.slice(0, longestShown)}…` : value;
}
