import type { RecoverFacts, VideoJob, VideoUpdate } from '../index.js';
import { connect, createClient, need } from './client.js';
import { providerOf } from './ending.js';
import { exits } from './failure.js';
import { finishVideo, goOnWith, notThere, settle, showMade, showPath } from './finish.js';
import { startProgress } from './progress.js';
import { showBytes, showUsd } from './screen.js';
import type { Made, OpenCreate, Run, Session, Tools } from './session.js';

const dayMs = 86_400_000;

/** What is known of a job, or of a create. */
function entryOf({ journal, given }: Session, id?: string): OpenCreate {
  const startedAt = new Date().toISOString();
  const unknown = { provider: providerOf(given), model: '', clientRequestId: '', startedAt, id };
  return (id && journal?.find(id)) || { kind: 'video', ...unknown };
}

export const wait: Run = async (session) => {
  if (session.given.has('all')) return (await import('./batch.js')).waitForAll(session);
  const [id = ''] = session.given.positionals;
  return waitFor(session, await connect(session), entryOf(session, id), id);
};

function waitFor(session: Session, tools: Tools, entry: OpenCreate, jobOrId: VideoJob | string) {
  return follow(session, (onUpdate) => finishVideo(session, tools, jobOrId, entry, undefined, onUpdate));
}

/** Shows how far a video is, and then its file. */
async function follow(
  { screen }: Session,
  finish: (onUpdate: (update: VideoUpdate) => void) => Promise<Made>,
): Promise<void> {
  const progress = startProgress(screen, 'video');
  try {
    const made = await finish((update) => progress.update(update));
    progress.end();
    showMade(screen, made);
  } finally {
    progress.end();
  }
}

const stateExits = { done: exits.done, failed: exits.failed, running: exits.open };

export const status: Run = async (session) => {
  const { given, screen, signal } = session;
  const client = await createClient(session);
  const job = await client.getVideo(given.positionals[0] ?? '', { signal });
  const { id, model, state, usage, error, video: { url, expiresAt } = {} } = job;
  const usd = usage?.usdSpent;
  const data = { kind: 'video', id, model, state, status: job.status, usd, error, url, expiresAt };
  const told = [job.status, model, usd !== undefined && showUsd(usd), error?.message].filter(Boolean);
  screen.result(data, [told.join('  ')], [job.status]);
  return stateExits[state];
};

export const save: Run = async (session) => {
  const { given, screen, signal, open } = session;
  const [what = ''] = given.positionals;
  const tools = await connect(session);
  const entry = entryOf(session, what);
  if (/^(https?|data):/i.test(what)) {
    const [, id] = /([^/]*?)(\.\w+)?([?#].*)?$/.exec(what.replace(/^data:.*/i, '')) ?? [];
    const facts = { ...entry, model: 'file', id, index: 1, files: 1 };
    const file = await tools.names.save(tools.client.save, what, facts, { signal });
    return screen.result(file, [`${showPath(file.path)}  ${showBytes(file.bytes)}`], [file.path]);
  }
  const job = await tools.client.getVideo(what, { signal });
  if (job.state === 'failed') throw new Error(`The video failed: ${job.error?.message ?? job.status}`);
  open.add(entry);
  if (job.state === 'running') throw new Error(`The video is "${job.status}" and has no file yet`);
  await waitFor(session, tools, entry, job);
};

export const recover: Run = async (session) => {
  const { given, journal } = session;
  const [clientRequestId = ''] = given.positionals;
  const tools = await connect(session);
  const entry: OpenCreate = journal?.find(clientRequestId) ?? { ...entryOf(session), clientRequestId };
  // a create that is not known here has its row somewhere since then
  if (entry.model === '' || entry.kind === 'image')
    Object.assign(entry, await findRow(session, tools, entry));
  await follow(session, (onUpdate) => goOnWith(session, tools, entry, undefined, onUpdate));
};

/** The facts of a create that the log tells. Of an image it has only the cost. */
async function findRow(session: Session, { client }: Tools, entry: OpenCreate): Promise<RecoverFacts> {
  const { given, signal, open } = session;
  const { clientRequestId } = entry;
  const since = new Date(Date.parse(entry.startedAt) - (given.number('since') ?? dayMs));
  open.add(entry);
  const rows = await need(client, 'findRequest')({ clientRequestId, since }, { signal });
  const row = rows.find(({ status }) => status === 'succeeded') ?? rows[0];
  if (!row) throw new Error(notThere);
  const { model = 'wan2.2-t2v-plus', createdAt, status, usage } = row;
  const { findModel } = await import('../models.js');
  if (findModel(model)?.kind !== 'image') return { clientRequestId, startedAt: createdAt, model };
  const isMade = status === 'succeeded';
  await settle(session, entry, isMade ? 'done' : 'failed');
  const cost = usage ? `cost ${showUsd(usage.usdSpent)}` : 'was paid for';
  throw new Error(
    isMade
      ? `The image was made and ${cost}: the API does not give it again`
      : 'It failed, and was not billed',
  );
}
