import { connect, createClient, need } from './client.js';
import { exits, UsageError } from './failure.js';
import { finishVideo, showMade, toMade } from './finish.js';
import { type Progress, startProgress } from './progress.js';
import { showUsd } from './screen.js';
import type { OpenCreate, Run, Session, Tools } from './session.js';

const dayMs = 86_400_000;

/** What is known of a job by its id. */
function entryOf({ journal, given }: Session, id: string): OpenCreate {
  const provider = given.text('provider') === 'vtrix' ? 'vtrix' : 'aimlapi';
  const known = journal?.find(id);
  return (
    known ?? {
      kind: 'video',
      provider,
      model: 'video',
      clientRequestId: '',
      startedAt: new Date().toISOString(),
      id,
    }
  );
}

export const wait: Run = async (session) => {
  if (session.given.has('all')) return (await import('./batch.js')).waitForAll(session);
  const [id = ''] = session.given.positionals;
  return waitFor(session, await connect(session), entryOf(session, id), id);
};

async function waitFor(session: Session, tools: Tools, entry: OpenCreate, id: string): Promise<void> {
  const { screen } = session;
  let progress: Progress | undefined;
  try {
    progress = startProgress(screen, 'video');
    const made = await finishVideo(session, tools, id, entry, undefined, (update) =>
      progress?.update(update),
    );
    progress.end();
    showMade(screen, made);
  } finally {
    progress?.end();
  }
}

const stateExits = { done: exits.done, failed: exits.failed, running: exits.open };

export const status: Run = async (session) => {
  const { given, screen, signal } = session;
  const client = await createClient(session);
  const job = await client.getVideo(given.positionals[0] ?? '', { signal });
  const { id, model, state, usage, error, video } = job;
  const usd = usage?.usdSpent;
  const data = {
    kind: 'video',
    id,
    model,
    state,
    status: job.status,
    usd,
    error,
    url: video?.url,
    expiresAt: video?.expiresAt,
  };
  const told = [job.status, model, usd !== undefined && showUsd(usd), error?.message].filter(Boolean);
  screen.result(data, [told.join('  ')], [job.status]);
  return stateExits[state];
};

export const save: Run = async (session) => {
  const { given, screen, signal } = session;
  const [what = ''] = given.positionals;
  const { client, names } = await connect(session);
  const isUrl = /^(https?|data):/i.test(what);
  const job = isUrl ? undefined : await client.getVideo(what, { signal });
  if (job && !job.video)
    throw new UsageError([`${what} is ${job.status}: there is nothing to save yet`], 'wait for it');
  const entry = entryOf(session, what);
  const facts = {
    ...entry,
    model: job?.model ?? 'file',
    id: isUrl ? entry.startedAt : what,
    index: 1,
    files: 1,
  };
  const saved = await names.save(client.save, job?.video ?? what, facts, { signal });
  showMade(screen, toMade({ ...entry, model: facts.model }, 'completed', [saved], job?.usage));
};

export const recover: Run = async (session) => {
  const { given, screen, signal, journal } = session;
  const [clientRequestId = ''] = given.positionals;
  const tools = await connect(session);
  const known = journal?.find(clientRequestId);
  const since = known?.startedAt ?? new Date(Date.now() - (given.number('since') ?? dayMs)).toISOString();
  void [need, tools, known, since, screen, signal];
};
