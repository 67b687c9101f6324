import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { messageOf } from './failure.js';
import type { Journal, OpenCreate } from './session.js';

const dayMs = 86_400_000;
/** Days until a file is removed. The API's own log, which finds what is open, goes back 92 days. */
const keptDays: Record<string, number> = { open: 92, done: 30, failed: 30, unpaid: 30, part: 1 };
const longestPrompt = 80;
/** When the create began, its client request id, and its state. */
const fileName = /^(\d{1,15})-(.+)\.(open|done|failed|unpaid|part)\.json$/;

/** Where programs of this system keep what is no setting and no cache. */
export function journalFolder(env = process.env, platform = process.platform, home = homedir()): string {
  const { XDG_STATE_HOME = '', LOCALAPPDATA } = env;
  if (isAbsolute(XDG_STATE_HOME)) return join(XDG_STATE_HOME, 'aimlapi-wan');
  if (platform === 'win32') return join(LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'aimlapi-wan');
  const state = platform === 'darwin' ? ['Library', 'Application Support'] : ['.local', 'state'];
  return join(home, ...state, 'aimlapi-wan');
}

/**
 * Opens the journal: a folder with one file for each create. It holds no key and no link, and only the beginning of a
 * prompt. A file is written under another name and then renamed, so that no reader sees half a file and no writer meets
 * another. Its name holds the state: noting the end of a create needs no space on the disk.
 */
export function openJournal(warn: (text: string) => void, folder?: string): Journal {
  // where there is no home, this throws: a create goes on without a journal
  const place = () => folder ?? journalFolder();
  let isPruned = false;

  const pathOf = ({ startedAt, clientRequestId }: OpenCreate, state: string) =>
    // a client request id has no other character that a disk refuses
    join(place(), `${Date.parse(startedAt)}-${clientRequestId.replaceAll(':', '=')}.${state}.json`);

  async function write(entry: OpenCreate): Promise<void> {
    const part = join(place(), `${Date.now()}-${randomUUID()}.part.json`);
    const { kind, model, clientRequestId, startedAt, id, provider, origin, key } = entry;
    const prompt = entry.prompt?.replace(/\b[a-z]+:\/\/\S+/gi, '(link)').slice(0, longestPrompt);
    const kept: OpenCreate = { kind, model, clientRequestId, startedAt, id, provider, origin, prompt, key };
    await mkdir(place(), { recursive: true, mode: 0o700 });
    try {
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(kept));
        // not every file system can do that
        await file.sync().catch(() => {});
      } finally {
        await file.close();
      }
      await rename(part, pathOf(entry, 'open'));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async function prune(): Promise<void> {
    if (isPruned) return;
    isPruned = true;
    for (const name of await readdir(place())) {
      const [, ms, , state = ''] = fileName.exec(name) ?? [];
      if (Number(ms) < Date.now() - (keptDays[state] ?? Infinity) * dayMs)
        await rm(join(place(), name), { force: true });
    }
  }

  function read(states: RegExp): OpenCreate[] {
    let names: string[] = [];
    try {
      names = readdirSync(place()).sort();
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return names.flatMap((name) => {
      const [, ms = '', crid = '', state = ''] = fileName.exec(name) ?? [];
      return states.test(state) ? readEntry(join(place(), name), Number(ms), crid.replaceAll('=', ':')) : [];
    });
  }

  return {
    async begin(entry) {
      try {
        await write(entry);
        await prune();
      } catch (error) {
        const { clientRequestId, model, startedAt } = entry;
        warn(
          `The journal cannot be written (${messageOf(error)}). What finds this create again: ${clientRequestId}, ${model}, ${startedAt}`,
        );
      }
    },
    // the entry without the id finds the create as well
    accepted: (entry) => write(entry).catch(() => {}),
    // a program that was quicker has ended it already
    end: async (entry, ending) => rename(pathOf(entry, 'open'), pathOf(entry, ending)).catch(() => {}),
    list: () => read(/open/),
    find(id) {
      try {
        return read(/open|done|failed/).findLast((entry) => entry.clientRequestId === id || entry.id === id);
      } catch {
        return undefined;
      }
    },
  };
}

/** Reads an entry. One that is empty or damaged is still known by its name; one that was just ended is gone. */
function readEntry(path: string, ms: number, clientRequestId: string): OpenCreate[] {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return [];
  }
  const { kind, provider, model, ...rest } = Object(kept);
  const toText = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return [
    {
      kind: kind === 'image' ? 'image' : 'video',
      model: toText(model) ?? 'unknown',
      clientRequestId,
      startedAt: new Date(ms).toISOString(),
      id: toText(rest.id),
      provider: provider === 'vtrix' ? 'vtrix' : 'aimlapi',
      origin: toText(rest.origin),
      prompt: toText(rest.prompt),
      key: toText(rest.key),
    },
  ];
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
