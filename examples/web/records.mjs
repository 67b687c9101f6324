// Keeps the records of all jobs, in memory and on disk, and tells who changed. Costs nothing.
import { EventEmitter } from 'node:events';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from './http.mjs';

/** What a visitor can do about a job in this state. */
export const actions = {
  looking: 'Stop waiting',
  waiting: 'Stop waiting',
  stopped: 'Wait again',
  unsaved: 'Save again',
  lost: 'Look again',
};
export const statesOfRuns = ['making', 'looking', 'waiting', 'saving'];

export class Records {
  /** Emits `change` with a visitor and a view. */
  changes = new EventEmitter().setMaxListeners(0);
  #all = new Map();
  /** The progress of running jobs: shown, not stored. */
  #progress = new Map();

  constructor(folder) {
    this.folder = folder;
  }

  /** The records that an earlier run of the server left. */
  async load() {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json'));
    for (const name of names) {
      try {
        const record = JSON.parse(await readFile(join(this.folder, name), 'utf8'));
        if (`${record.id}.json` !== name || !Array.isArray(record.files)) throw new Error('this is no job');
        this.add(record);
      } catch (error) {
        console.error(`Cannot go on with ${name}:`, error);
      }
    }
    return [...this.#all.values()];
  }

  add(record) {
    this.#all.set(record.id, record);
    this.tell(record);
  }

  tell(record) {
    if (this.#all.has(record.id)) this.changes.emit('change', record.visitor, this.view(record));
  }

  setProgress(record, progress) {
    if (progress) this.#progress.set(record.id, progress);
    else this.#progress.delete(record.id);
    this.tell(record);
  }

  /** Stores a record. A file that is renamed is there whole or not at all. */
  async store(record, news) {
    const path = join(this.folder, `${record.id}.json`);
    await writeFile(`${path}.part`, JSON.stringify({ ...record, ...news }), { mode: 0o600 });
    await rename(`${path}.part`, path);
    Object.assign(record, news);
    this.tell(record);
  }

  /** Stores what is paid for. A full disk must not end the wait for it. */
  async keep(record, news) {
    await this.store(record, news).catch((error) => {
      console.error(`Cannot store job ${record.id} (at the API: ${news.job?.id ?? record.job?.id}):`, error);
      Object.assign(record, news);
      this.tell(record);
    });
  }

  async remove({ id }) {
    // the .part is there where the disk was full
    for (const name of [`${id}.json`, `${id}.json.part`]) await rm(join(this.folder, name), { force: true });
  }

  /** What a visitor may see of a record: no key, no link of the API. */
  view({ id, model, kind, prompt, madeAt, tookMs, state, words, usd, files }) {
    const action = state === 'making' && kind === 'video' ? 'Stop waiting' : actions[state];
    const isUnderWay = statesOfRuns.includes(state);
    const about = { id, model, kind, prompt, madeAt, tookMs, state, words, usd };
    return { ...about, files: files.map(({ type }) => type), action, isUnderWay, ...this.#progress.get(id) };
  }

  /** All jobs of a visitor, newest first. */
  list(visitor) {
    const own = [...this.#all.values()].filter((record) => record.visitor === visitor);
    return own.sort((a, b) => b.madeAt.localeCompare(a.madeAt)).map((record) => this.view(record));
  }

  find(visitor, id) {
    const record = this.#all.get(id);
    if (record?.visitor !== visitor) throw new Refusal(404, 'There is no such job.');
    return record;
  }

  /** The path and the type of a saved file. */
  file(visitor, id, number) {
    const found = this.find(visitor, id).files[number - 1];
    if (!found) throw new Refusal(404, 'This job has no such file.');
    return { path: join(this.folder, found.name), type: found.type };
  }
}
