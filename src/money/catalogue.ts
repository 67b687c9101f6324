import { record } from '../base/record.js';
import { untilAborted } from '../time/abort.js';

/** Entries of the catalogue, and the ETag that they came with. */
export interface CataloguePage {
  readonly entries: readonly unknown[];
  readonly etag?: string | undefined;
}

/** Reads the entries of these models. `undefined`: they are still those of `etag`. */
export type ReadCatalogue = (
  ids: readonly string[],
  etag: string | undefined,
  signal: AbortSignal,
) => Promise<CataloguePage | undefined>;

/** A request that is under way, and how many calls wait for it. */
interface Reading {
  readonly controller: AbortController;
  readonly entries: Promise<readonly unknown[]>;
  waiting: number;
}

/** The API lets its catalogue be kept for this long. */
const freshMs = 60_000;
/** Lists of ids whose entries are kept. A caller may ask for names without end. */
const mostKept = 100;

/** Gives the entries of models. They are kept for a minute, and all calls at once share one request. */
export class Catalogue {
  readonly #read: ReadCatalogue;
  readonly #kept = new Map<string, CataloguePage & { readAtMs: number }>();
  readonly #underWay = new Map<string, Reading>();

  constructor(read: ReadCatalogue) {
    this.#read = read;
  }

  /** An abort ends this call, and the request as soon as no other call waits for it. */
  async entriesOf(ids: readonly string[], signal?: AbortSignal): Promise<readonly unknown[]> {
    const key = ids.join(' ');
    const kept = this.#kept.get(key);
    if (kept && performance.now() - kept.readAtMs < freshMs) return kept.entries;
    const reading = this.#underWay.get(key) ?? this.#start(key, ids);
    reading.waiting += 1;
    try {
      return await untilAborted(reading.entries, signal);
    } finally {
      reading.waiting -= 1;
      if (reading.waiting === 0) {
        if (this.#underWay.get(key) === reading) this.#underWay.delete(key);
        reading.controller.abort();
      }
    }
  }

  #start(key: string, ids: readonly string[]): Reading {
    const controller = new AbortController();
    const reading = { controller, waiting: 0, entries: this.#refresh(key, ids, controller.signal) };
    this.#underWay.set(key, reading);
    return reading;
  }

  async #refresh(key: string, ids: readonly string[], signal: AbortSignal): Promise<readonly unknown[]> {
    const known = this.#kept.get(key);
    const page = (await this.#read(ids, known?.etag, signal)) ?? known;
    if (!page) throw new Error('the catalogue answered that nothing has changed, and nothing is known of it');
    this.#kept.delete(key);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < mostKept) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, { entries: page.entries, etag: page.etag, readAtMs: performance.now() });
    return page.entries;
  }
}

/** The entry that has one of the names as its id, or else among its aliases. The first name counts most. */
export function findEntry(entries: readonly unknown[], names: readonly string[]): unknown {
  for (const name of names) {
    const isAlias = (entry: unknown) => [record(entry).aliases].flat().includes(name);
    const found = entries.find((entry) => record(entry).id === name) ?? entries.find(isAlias);
    if (found !== undefined) return found;
  }
  return undefined;
}
