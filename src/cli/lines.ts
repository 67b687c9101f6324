import { createHash } from 'node:crypto';
import { type Failure, messageOf } from './failure.js';
import type { Made, OpenCreate } from './session.js';

/** One line of a batch: the fields of a create, by the names of the API. */
export interface Line {
  line: number;
  /** The same for the same content in every run. */
  key: string;
  fields: Record<string, unknown>;
  mistakes: string[];
}

/** What became of a line: a result as that of a single create, or an error. */
export type Row = {
  line: number;
  key: string;
  /** What may be paid for and is in no file yet. */
  open?: OpenCreate;
} & (Made | { error: Pick<Failure, 'name' | 'message' | 'fix'>; id?: string | undefined });

/**
 * Reads one create from each line of JSON. `defaults` are part of the content: other flags make other lines. The names
 * of one model are one content.
 */
export function readLines(
  text: string,
  defaults: unknown,
  nameOf: (model: unknown) => unknown = (model) => model,
): Line[] {
  const counts = new Map<string, number>();
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((source, at) => {
      if (source.trim() === '') return [];
      const { fields, content, mistakes } = readFields(source, defaults, nameOf);
      // the same line twice asks for two results
      const count = counts.get(content) ?? 0;
      counts.set(content, count + 1);
      const key = createHash('sha256').update(`${count} ${content}`).digest('hex').slice(0, 16);
      return [{ line: at + 1, key, fields, mistakes }];
    });
}

function readFields(source: string, defaults: unknown, nameOf: (model: unknown) => unknown) {
  try {
    const fields: unknown = JSON.parse(source);
    if (!isRecord(fields)) throw new Error('a line is one object, such as {"prompt":"a fox"}');
    const named = 'model' in fields ? { ...fields, model: nameOf(fields.model) } : fields;
    return { fields, content: toSortedJson([named, defaults]), mistakes: [] };
  } catch (error) {
    return { fields: {}, content: source, mistakes: [`it is no JSON of fields: ${messageOf(error)}`] };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toSortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

export function isDone(row: Row): row is Row & Made {
  return 'files' in row && row.files.length > 0;
}

/**
 * Reads the results of earlier runs; of one key the last counts, unless an earlier one is done. A result that is cut
 * short, by kill -9 or a full disk, is left out, also where the next one was written behind it.
 */
export function readRows(text: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const source of text.split(/\n|(?=\{"line":)/)) {
    try {
      const row: Row = JSON.parse(source);
      const earlier = rows.get(row.key);
      if (typeof row.key === 'string' && !(earlier && isDone(earlier))) rows.set(row.key, row);
    } catch {}
  }
  return rows;
}

/** Works on `concurrency` of the items at once, in their order, until `isOver`. */
export async function forEachOf<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, async () => {
    for (const item of queue) {
      if (isOver()) return;
      await work(item);
    }
  });
  await Promise.all(workers);
}
