// Pays for each job once, waits for it, saves it, and goes on after a restart. Costs what visitors make.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWan, mayHaveBeenPaid, VideoFailedError, WanError } from 'aimlapi-wan';
import { findModel } from 'aimlapi-wan/models';

// rows of the API's log may come late
const [lookMs, lookEveryMs] = [20 * 60_000, 15_000];
const mostOfVisitor = 10;
const mostOfAll = 20;
const longestPromptShown = 300;

/** What a visitor can do about a job in this state. */
const actions = {
  looking: 'Stop waiting',
  waiting: 'Stop waiting',
  stopped: 'Wait again',
  unsaved: 'Save again',
  lost: 'Look again',
};
const statesOfRuns = ['making', 'looking', 'waiting', 'saving'];

/** A refusal in words, with the status of its answer. Nothing was paid. */
export class Refusal extends Error {
  constructor(status, message, issues) {
    super(message);
    Object.assign(this, { status, issues });
  }
}

/** Opens the jobs of a folder, and goes on with those that an earlier run of the server left. */
export async function openJobs({ folder, embedded, pollMs, ...limits }) {
  const records = new Map();
  /** What is under way in this process: the record, and what stops its wait. */
  const running = new Map();
  const progress = new Map();
  /** Told when the create with this client request id leaves this machine. */
  const leaving = new Map();
  const changes = new EventEmitter().setMaxListeners(0);
  const wan = createWan({
    ...limits,
    fetch(url, init) {
      if (init.method === 'POST') leaving.get(init.headers['x-client-request-id'])?.();
      return fetch(url, init);
    },
  });

  /** What all visitors may see of a record: no key, no link of the API. */
  function toView({ id, model, kind, prompt, madeAt, tookMs, state, words, usd, files }) {
    const action = state === 'making' && kind === 'video' ? 'Stop waiting' : actions[state];
    const isUnderWay = statesOfRuns.includes(state);
    const shown = files.map(({ type }) => type);
    const about = { id, model, kind, prompt, madeAt, tookMs, state, words, usd, files: shown };
    return { ...about, action, isUnderWay, ...progress.get(id) };
  }

  function tell(record) {
    if (records.has(record.id)) changes.emit('change', record.visitor, toView(record));
  }

  /** Stores a record. A file that is renamed is there whole or not at all. */
  async function store(record, news) {
    const path = join(folder, `${record.id}.json`);
    await writeFile(`${path}.part`, JSON.stringify({ ...record, ...news }), { mode: 0o600 });
    await rename(`${path}.part`, path);
    Object.assign(record, news);
    tell(record);
  }

  /** Stores what is paid for. A full disk must not end the wait for it. */
  async function keep(record, news) {
    await store(record, news).catch((error) => {
      console.error(`Cannot store job ${record.id} (at the API: ${news.job?.id ?? record.job?.id}):`, error);
      Object.assign(record, news);
      tell(record);
    });
  }

  async function makePictures(record, input) {
    // after a restart there is no input: the answer was lost
    if (!input) throw new Error('the server ended before the answer came');
    await store(record, { sent: true });
    const { images, usage } = await wan.generateImage(input, { clientRequestId: record.id });
    await keep(record, { images, usd: usage?.usdSpent });
  }

  async function startVideo(record, input, signal) {
    if (!record.job) record.order ??= await wan.orderVideo(input, { clientRequestId: record.id });
    const lookUntil = Date.now() + lookMs;
    while (!record.job) {
      const again = record.sent;
      // first the mark, then the money
      await store(record, { sent: true, state: again ? 'looking' : 'making' });
      const job = await wan.startVideo(record.order, { again }).catch((error) => {
        // a lost answer, or only failed rows so far: the log may still show the paid one
        if (!(again || mayHaveBeenPaid(error)) || Date.now() > lookUntil) throw error;
        progress.set(record.id, { trouble: error.message });
        tell(record);
      });
      if (job) await keep(record, { job, order: undefined });
      else if (Date.now() > lookUntil) throw new Error('the log shows no row of it in 20 minutes');
      else if (again) await sleep(lookEveryMs, undefined, { signal });
    }
  }

  async function waitForVideo(record, signal) {
    await keep(record, { state: 'waiting', words: undefined });
    const { raw, ...video } = await wan.pollUntilDone(record.job, {
      signal,
      intervalMs: pollMs,
      onUpdate({ progress: part, etaMs, trouble }) {
        progress.set(record.id, { part, etaMs, trouble: trouble && 'The API does not answer as it should.' });
        tell(record);
      },
    });
    await keep(record, { video, usd: video.usage?.usdSpent });
  }

  async function saveFiles(record) {
    await keep(record, { state: 'saving', words: undefined });
    const files = [];
    for (const [index, medium] of (record.images ?? [record.video]).entries()) {
      const name = `${record.id}-${index + 1}`;
      const { contentType } = await wan.save(medium, join(folder, name));
      files.push({ name, type: contentType });
    }
    const tookMs = Date.now() - Date.parse(record.madeAt);
    await keep(record, { state: 'done', files, tookMs, images: undefined, video: undefined });
  }

  /** The state and the words with which a run ends that did not get to its end. */
  async function toEnding(record, error, isStopped) {
    const why =
      error instanceof WanError ? `${error.message}.` : 'The server made a mistake; its console says which.';
    const isExpected = isStopped || error instanceof WanError;
    if (!isExpected) console.error(`Job ${record.id}:`, error);
    if (record.images || record.video)
      return { state: 'unsaved', words: `It is made and paid for, but not saved yet. ${why}` };
    if (error instanceof VideoFailedError) return { state: 'failed', words: why };
    if (record.job && isStopped)
      return { state: 'stopped', words: 'Not waited for. The video goes on at the API, and stays paid for.' };
    if (record.job) return { state: 'stopped', words: `The wait ended without the video. ${why}` };
    if (!record.sent || !mayHaveBeenPaid(error))
      return { state: 'failed', sent: false, words: `Nothing was paid. ${why}` };
    if (isStopped) return { state: 'lost', words: 'Not looked for any more. It may have been paid for.' };
    const lost = { state: 'lost', words: 'It may have been paid for: its answer is lost.' };
    const rows = await wan
      .findRequest({ clientRequestId: record.id, since: record.madeAt, model: record.model })
      .catch((failure) => [{ status: `not told (${failure.message})` }]);
    const told = rows.map(
      ({ status, usage }) => `${status}, ${usage ? `$${usage.usdSpent}` : 'cost not told'}`,
    );
    lost.words += ` The API's log says: ${told.join('; ') || 'nothing of it yet'}.`;
    return { ...lost, usd: rows.find(({ usage }) => usage)?.usage.usdSpent };
  }

  /** Does what is left to do of a job. Gives the error that ended it. */
  async function run(record, input) {
    const stop = new AbortController();
    running.set(record.id, { record, stop });
    try {
      if (record.kind === 'image') {
        if (!record.images) await makePictures(record, input);
      } else if (!record.video) {
        await startVideo(record, input, stop.signal);
        await waitForVideo(record, stop.signal);
      }
      await saveFiles(record);
    } catch (error) {
      await keep(record, await toEnding(record, error, stop.signal.aborted));
      return error;
    } finally {
      running.delete(record.id);
      progress.delete(record.id);
      tell(record);
    }
  }

  /** Gives the record of a new job when its create has left. One that ends before is no job, and throws. */
  async function start(visitor, input) {
    const under = [...running.values()].map(({ record }) => record);
    const ofVisitor = under.filter((record) => record.visitor === visitor).length;
    if (ofVisitor >= mostOfVisitor || under.length >= mostOfAll)
      throw new Refusal(
        429,
        `${ofVisitor} jobs of yours are under way, ${under.length} in all: wait until one ends.`,
      );
    const { id: model, kind } = findModel(input.model);
    const prompt = String(input.prompt ?? '')
      .slice(0, longestPromptShown)
      .toWellFormed();
    const about = {
      id: randomUUID(),
      visitor,
      model,
      kind,
      prompt,
      embedded,
      madeAt: new Date().toISOString(),
    };
    const record = { ...about, state: 'making', sent: false, files: [] };
    const left = new Promise((resolve) => {
      leaving.set(record.id, resolve);
    });
    const error = await Promise.race([left, run(record, input)]);
    leaving.delete(record.id);
    if (error) {
      await rm(join(folder, `${record.id}.json`), { force: true });
      throw error;
    }
    records.set(record.id, record);
    tell(record);
    return toView(record);
  }

  function find(visitor, id) {
    const record = records.get(id);
    if (record?.visitor !== visitor) throw new Refusal(404, 'There is no such job.');
    return record;
  }

  function stop(visitor, id) {
    const { state, kind } = find(visitor, id);
    const isStoppable = kind === 'video' && state !== 'saving' && running.has(id);
    if (!isStoppable) throw new Refusal(409, 'There is no wait to stop.');
    running.get(id).stop.abort();
    // a create cannot be taken back, so its answer is waited for
    if (state === 'making') progress.set(id, { words: 'The wait stops when the API has answered.' });
    tell(records.get(id));
  }

  function goOn(visitor, id) {
    const record = find(visitor, id);
    if (running.has(id) || !actions[record.state])
      throw new Refusal(409, 'There is nothing left to wait for.');
    void run(record);
  }

  /** Goes on with what an earlier run of the server left. It pays for nothing. */
  async function takeUp(record) {
    records.set(record.id, record);
    if (record.state === 'done' || record.state === 'failed') return;
    if (record.embedded)
      return store(record, {
        state: 'failed',
        words: 'The embedded API forgot it when the server ended. It cost nothing.',
      });
    if (!record.sent)
      return store(record, {
        state: 'failed',
        words: 'The server ended before it was sent: nothing was paid.',
      });
    if (statesOfRuns.includes(record.state)) void run(record);
  }

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    try {
      await takeUp(JSON.parse(text));
    } catch (error) {
      console.error(`Cannot go on with ${name}:`, error);
    }
  }

  return {
    start,
    stop,
    goOn,
    changes,
    estimateCost: wan.estimateCost,
    spending: wan.spending,
    /** All jobs of a visitor, newest first. */
    list: (visitor) =>
      [...records.values()]
        .filter((record) => record.visitor === visitor)
        .sort((a, b) => b.madeAt.localeCompare(a.madeAt))
        .map(toView),
    /** The path and the type of a saved file. */
    file(visitor, id, number) {
      const found = find(visitor, id).files[number - 1];
      if (!found) throw new Refusal(404, 'This job has no such file.');
      return { path: join(folder, found.name), type: found.type };
    },
  };
}
