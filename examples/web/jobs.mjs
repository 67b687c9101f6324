// Pays for each job once, waits for it, saves it, and goes on after a restart. Costs what visitors make.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWan, mayHaveBeenPaid, VideoFailedError, WanError } from 'aimlapi-wan';
import { findModel } from 'aimlapi-wan/models';
import { Refusal } from './http.mjs';
import { actions, Records, statesOfRuns } from './records.mjs';

// rows of the API's log may come late, and its clock may be behind ours
const [lookMs, lookEveryMs, clockSkewMs] = [20 * 60_000, 15_000, 10 * 60_000];
const mostOfVisitor = 10;
const mostOfAll = 20;
const longestPromptShown = 300;

/** Opens the jobs of a folder, and goes on with those that an earlier run of the server left. */
export async function openJobs({ folder, embedded, pollMs, ...limits }) {
  const records = new Records(folder);
  /** What is under way in this process: the record, and what stops its wait. */
  const running = new Map();
  /** By client request id: the function to call when the create leaves this machine. */
  const leaving = new Map();
  const wan = createWan({
    ...limits,
    fetch(url, init) {
      if (init.method === 'POST') leaving.get(init.headers['x-client-request-id'])?.();
      return fetch(url, init);
    },
  });

  async function makePictures(record, input) {
    // after a restart there is no input: the answer was lost
    if (!input) throw new WanError('the server ended before the answer came');
    await records.store(record, { sent: true });
    const { images, usage } = await wan.generateImage(input, { clientRequestId: record.id });
    await records.keep(record, { images, usd: usage?.usdSpent });
  }

  async function startVideo(record, input, signal) {
    if (!record.job) record.order ??= await wan.orderVideo(input, { clientRequestId: record.id });
    const lookUntil = Date.now() + lookMs;
    while (!record.job) {
      const again = record.sent;
      // first the mark, then the money
      await records.store(record, { sent: true, state: again ? 'looking' : 'making' });
      const job = await wan.startVideo(record.order, { again }).catch((error) => {
        // a lost answer, or only failed rows so far: the log may still show the paid one
        if (!(again || mayHaveBeenPaid(error)) || Date.now() > lookUntil) throw error;
        records.setProgress(record, { trouble: `${error.message}.` });
      });
      if (job) await records.keep(record, { job, order: undefined });
      else if (Date.now() > lookUntil) throw new Error('the log shows no row of it in 20 minutes');
      else if (again) await sleep(lookEveryMs, undefined, { signal });
    }
  }

  async function waitForVideo(record, signal) {
    await records.keep(record, { state: 'waiting', words: undefined });
    const { raw, ...video } = await wan.pollUntilDone(record.job, {
      signal,
      intervalMs: pollMs,
      onUpdate({ progress: part, etaMs, trouble }) {
        const words = trouble && 'The API does not answer as it should. The server asks on.';
        records.setProgress(record, { part, etaMs, trouble: words });
      },
    });
    await records.keep(record, { video, usd: video.usage?.usdSpent });
  }

  async function saveFiles(record) {
    await records.keep(record, { state: 'saving', words: undefined });
    const files = [];
    for (const [index, medium] of (record.images ?? [record.video]).entries()) {
      const name = `${record.id}-${index + 1}`;
      const { contentType } = await wan.save(medium, join(folder, name));
      files.push({ name, type: contentType });
    }
    const tookMs = Date.now() - Date.parse(record.madeAt);
    await records.keep(record, { state: 'done', files, tookMs, images: undefined, video: undefined });
  }

  /** The state and the words with which a run ends that did not get to its end. */
  async function toEnding(record, error, isStopped) {
    const isOurs = !isStopped && !(error instanceof WanError);
    if (isOurs) console.error(`Job ${record.id}:`, error);
    const why = isOurs ? 'The server made a mistake; its console says which.' : `${error.message}.`;
    if (record.images || record.video)
      return { state: 'unsaved', words: `It is made and paid for, but not saved yet. ${why}` };
    if (error instanceof VideoFailedError) return { state: 'failed', words: why };
    if (record.job && isStopped)
      return { state: 'stopped', words: 'Not waited for. The video goes on at the API, and stays paid for.' };
    if (record.job) return { state: 'stopped', words: `The wait ended without the video. ${why}` };
    if (!record.sent || !mayHaveBeenPaid(error))
      return { state: 'failed', sent: false, words: `Nothing was paid. ${why}` };
    if (isStopped) return { state: 'lost', words: 'Not looked for any more. It may have been paid for.' };
    const since = new Date(Date.parse(record.madeAt) - clockSkewMs);
    const rows = await wan
      .findRequest({ clientRequestId: record.id, since, model: record.model })
      .catch((failure) => [{ status: `not told (${failure.message})` }]);
    const told = rows.map(({ status, usage }) => (usage ? `${status}, $${usage.usdSpent}` : status));
    const log = `The API's log says: ${told.join('; ') || 'nothing of it yet'}.`;
    const usd = rows.find(({ usage }) => usage)?.usage.usdSpent;
    return { state: 'lost', usd, words: `It may have been paid for: its answer is lost. ${log}` };
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
      await records.keep(record, await toEnding(record, error, stop.signal.aborted));
      return error;
    } finally {
      running.delete(record.id);
      records.setProgress(record, undefined);
    }
  }

  /** Gives the view of a new job when its create has left. One that ends before is no job, and throws. */
  async function start(visitor, input) {
    const under = [...running.values()].map(({ record }) => record);
    const own = under.filter((record) => record.visitor === visitor).length;
    if (own >= mostOfVisitor || under.length >= mostOfAll)
      throw new Refusal(
        429,
        `${own} jobs of yours are under way, ${under.length} in all: wait until one ends.`,
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
      await records.remove(record);
      throw error;
    }
    records.add(record);
    return records.view(record);
  }

  function stop(visitor, id) {
    const record = records.find(visitor, id);
    const isStoppable = record.kind === 'video' && record.state !== 'saving' && running.has(id);
    if (!isStoppable) throw new Refusal(409, 'There is no wait to stop.');
    running.get(id).stop.abort();
    // a create cannot be taken back, so its answer is waited for
    if (record.state === 'making')
      records.setProgress(record, { words: 'The wait stops when the API has answered.' });
  }

  function goOn(visitor, id) {
    const record = records.find(visitor, id);
    if (running.has(id) || !actions[record.state])
      throw new Refusal(409, 'There is nothing left to wait for.');
    void run(record);
  }

  /** Goes on with what an earlier run of the server left. It pays for nothing. */
  async function takeUp(record) {
    const fail = (words) => records.keep(record, { state: 'failed', words });
    if (record.state === 'done' || record.state === 'failed') return;
    if (record.embedded) await fail('The embedded API forgot it when the server ended. It cost nothing.');
    else if (!record.sent) await fail('The server ended before it was sent: nothing was paid.');
    else if (statesOfRuns.includes(record.state)) void run(record);
  }

  for (const record of await records.load()) await takeUp(record);
  return { records, start, stop, goOn, estimateCost: wan.estimateCost, spending: wan.spending };
}
