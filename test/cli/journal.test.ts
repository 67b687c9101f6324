import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { journalFolder, openJournal } from '../../src/cli/journal.js';
import type { OpenCreate } from '../../src/cli/session.js';
import { makeFolder } from '../media/file-server.js';

const entry: OpenCreate = {
  kind: 'video',
  model: 'alibaba/wan2.2-t2v-plus',
  clientRequestId: 'order:7.A_b',
  startedAt: '2026-11-27T10:00:00.000Z',
  provider: 'aimlapi',
  origin: 'https://api.aimlapi.com',
  prompt: 'a fox',
};
const refuse = (text: string) => {
  throw new Error(text);
};

describe('journalFolder()', () => {
  const home = '/home/me';
  it.each([
    [{ XDG_STATE_HOME: '/state' }, 'linux', '/state/aimlapi-wan'],
    [{ XDG_STATE_HOME: '/state' }, 'darwin', '/state/aimlapi-wan'],
    [{ XDG_STATE_HOME: 'relative' }, 'linux', '/home/me/.local/state/aimlapi-wan'],
    [{}, 'freebsd', '/home/me/.local/state/aimlapi-wan'],
    [{}, 'darwin', '/home/me/Library/Application Support/aimlapi-wan'],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/aimlapi-wan'],
    [{}, 'win32', '/home/me/AppData/Local/aimlapi-wan'],
  ] as const)('of %j on %s is %s', (env, platform, folder) => {
    expect(journalFolder(env, platform, home)).toBe(folder);
  });
});

describe('the journal', () => {
  it('keeps a create from before it is sent until its end', async () => {
    const folder = join(await makeFolder(), 'state', 'aimlapi-wan');
    const journal = openJournal(refuse, folder);
    expect(journal.list()).toEqual([]);
    await journal.begin(entry);
    expect(journal.list()).toEqual([entry]);
    await journal.accepted({ ...entry, id: 'a:b/c' });
    expect(journal.list()).toEqual([{ ...entry, id: 'a:b/c' }]);
    expect(journal.find('a:b/c')).toMatchObject(entry);
    await journal.end(entry, 'done');
    expect(journal.list()).toEqual([]);
    expect(journal.find('order:7.A_b')).toMatchObject({ id: 'a:b/c' });
    // another program ends it once more
    await journal.end(entry, 'failed');
    expect(await readdir(folder)).toEqual([`${Date.parse(entry.startedAt)}-order=7.A_b.done.json`]);
  });

  it('can be read by its owner alone', async () => {
    const folder = join(await makeFolder(), 'aimlapi-wan');
    await openJournal(refuse, folder).begin(entry);
    const [name = ''] = await readdir(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('keeps no link and no more than the beginning of a prompt, and nothing else that it is given', async () => {
    const folder = await makeFolder();
    const prompt = `like https://me:secret@a.example/b?sig=secret ${'x'.repeat(100)}`;
    await openJournal(refuse, folder).begin(
      Object.assign({ apiKey: 'secret', body: { image_url: 'secret' } }, entry, { prompt }),
    );
    const [name = ''] = await readdir(folder);
    const text = await readFile(join(folder, name), 'utf8');
    expect(text).not.toContain('secret');
    expect(JSON.parse(text).prompt).toBe(`like (link) ${'x'.repeat(68)}`);
  });

  it('lists the oldest first, and also an entry that a power cut has emptied', async () => {
    const folder = await makeFolder();
    const journal = openJournal(refuse, folder);
    await journal.begin({ ...entry, clientRequestId: 'second', startedAt: '2026-11-27T11:00:00.000Z' });
    await journal.begin(entry);
    await writeFile(join(folder, `${Date.parse(entry.startedAt)}-order=7.A_b.open.json`), '');
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    expect(journal.list()).toMatchObject([
      { clientRequestId: 'order:7.A_b', startedAt: entry.startedAt, model: 'unknown' },
      { clientRequestId: 'second', model: entry.model },
    ]);
  });

  it.each(['null', '[]', '"x"', '{"kind":5,"provider":"x","model":7,"id":9,"prompt":{},"origin":1}', '\0'])(
    'knows a create by its name where a hand has written %j',
    async (text) => {
      const folder = await makeFolder();
      await writeFile(join(folder, '1795820328546-a=b.open.json'), text);
      await writeFile(join(folder, '99999999999999999999-c.open.json'), '{}');
      expect(openJournal(refuse, folder).list()).toEqual([
        {
          kind: 'video',
          provider: 'aimlapi',
          model: 'unknown',
          clientRequestId: 'a:b',
          startedAt: '2026-11-27T22:58:48.546Z',
        },
      ]);
    },
  );

  it('removes what ended 30 days ago, and what nobody can find any more', async () => {
    const folder = await makeFolder();
    const now = Date.parse('2026-11-27T10:00:00Z');
    vi.spyOn(Date, 'now').mockReturnValue(now);
    const daysAgo = (days: number) => now - days * 86_400_000;
    const names = [
      `${daysAgo(31)}-a.done.json`,
      `${daysAgo(31)}-b.unpaid.json`,
      `${daysAgo(93)}-c.open.json`,
      `${daysAgo(2)}-d.part.json`,
      `${daysAgo(29)}-e.failed.json`,
      `${daysAgo(91)}-f.open.json`,
      `${daysAgo(0)}-g.part.json`,
      'notes.txt',
    ];
    for (const name of names) await writeFile(join(folder, name), '{}');
    await openJournal(refuse, folder).begin(entry);
    expect((await readdir(folder)).sort()).toEqual(
      [...names.slice(4), `${now}-order=7.A_b.open.json`].sort(),
    );
  });

  it('loses no entry to several programs at once', async () => {
    const folder = await makeFolder();
    const script = `
      const { openJournal } = await import('./src/cli/journal.ts');
      const journal = openJournal((text) => { throw new Error(text); }, process.argv[1]);
      await Promise.all(Array.from({ length: 50 }, async (_, index) => {
        const entry = { kind: 'video', model: 'm', clientRequestId: process.pid + '-' + index, startedAt: new Date().toISOString() };
        await journal.begin(entry);
        journal.list();
        await journal.accepted({ ...entry, id: 'id' + index });
        if (index % 2) await journal.end(entry, 'done');
      }));`;
    const { build } = await import('esbuild');
    const file = join(folder, 'journal.mjs');
    await build({
      entryPoints: ['src/cli/journal.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
    });
    const state = join(folder, 'state');
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        promisify(execFile)(process.execPath, [
          '--input-type=module',
          '-e',
          script.replace('./src/cli/journal.ts', file),
          state,
        ]),
      ),
    );
    const open = openJournal(refuse, state).list();
    expect(open).toHaveLength(100);
    expect(open.every(({ id }) => id)).toBe(true);
    expect(await readdir(state)).toHaveLength(200);
  });
});

describe('a journal that cannot be written', () => {
  it('is told, with what finds the create again, and stops nothing', async () => {
    const warnings: string[] = [];
    const journal = openJournal((text) => warnings.push(text), '/dev/null/state');
    await journal.begin(entry);
    await journal.accepted(entry);
    await journal.end(entry, 'done');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^The journal cannot be written \(ENOTDIR.*: order:7\.A_b, alibaba\/wan2\.2-t2v-plus, 2026/,
    );
    expect(journal.find('x')).toBeUndefined();
    expect(() => journal.list()).toThrow('ENOTDIR');
  });

  it('leaves no half file on a full disk', async () => {
    const folder = await makeFolder();
    const warnings: string[] = [];
    const { open } = await import('node:fs/promises');
    const probe = await open(join(folder, 'probe'), 'w');
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    vi.spyOn(Object.getPrototypeOf(probe), 'writeFile').mockRejectedValue(full);
    await openJournal((text) => warnings.push(text), folder).begin(entry);
    await probe.close();
    expect(warnings[0]).toContain('ENOSPC');
    expect(await readdir(folder)).toEqual(['probe']);
  });
});
