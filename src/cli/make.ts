import { text } from 'node:stream/consumers';
import { connect } from './client.js';
import { dryRun, runCreate, type Task, toTask } from './create.js';
import { exits } from './failure.js';
import { showMade } from './finish.js';
import { agree, priceOf, showPrice } from './price.js';
import { type Progress, startProgress } from './progress.js';
import type { Run, Session } from './session.js';

/** The commands `image` and `video`. */
export const make: Run = async (session) => {
  const { given, screen, signal } = session;
  if (given.has('from-file')) return (await import('./batch.js')).runBatch(session);
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
    if (given.has('gallery')) {
      const { addToGallery, toPictures } = await import('./gallery.js');
      await addToGallery(screen, toPictures(made, task.prompt));
    }
  } finally {
    progress?.end();
  }
  return exits.done;
};

/** What the flags and the prompt ask for. */
async function readTask({ given, flags, fields, command }: Session): Promise<Task> {
  if (!fields) throw new Error(`unreachable: ${command} has fields`);
  const mistakes = [...given.mistakes];
  const [last, ...more] = given.positionals;
  // what stands behind a flag that is not known is counted as a prompt
  if (given.mistakes.length === 0 && more.length > 0)
    mistakes.push('the prompt is one argument: put it in quotes');
  for (const flag of ['concurrency', 'resume']) {
    if (given.has(flag)) mistakes.push(`--${flag} goes with --from-file`);
  }
  if (last !== undefined && given.has('prompt'))
    mistakes.push('--prompt and a last argument are two prompts: leave one out');
  const written = given.text('prompt') ?? last;
  const prompt = written === '-' ? (await text(process.stdin)).trim() : written;
  const values = new Map(given.fields(flags));
  if (prompt !== undefined) values.set('prompt', [prompt]);
  return toTask(command === 'image' ? 'image' : 'video', fields, values, mistakes);
}
