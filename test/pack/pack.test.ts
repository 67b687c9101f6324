import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

/** What npm would publish. Processes of their own, which run beside the other tests; `npm run build` came before. */

const execute = promisify(execFile);

/** Runs a program of this project's; its output is part of the error where it fails. */
async function run(program: string, ...given: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [program, ...given]).catch((error) => {
    throw new Error(`${program} failed:\n${error.stdout}${error.stderr}`);
  });
  return stdout;
}

it('works for those who install it', async () => {
  const said = await run('test/pack/check.mjs');
  const parts = [
    'import works',
    'require works',
    'the command line works',
    'projects compile',
    'run from the installed package',
    'jest: its example passes',
  ];
  for (const part of parts) expect(said).toContain(part);
}, 300_000);

it('has no fault that publint and are-the-types-wrong know', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-tarball-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // without the scripts: they would build anew what other tests are reading
  const { stdout } = await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  expect(await run('node_modules/publint/src/cli.js', tarball, '--strict')).toContain('All good');
  expect(await run('node_modules/@arethetypeswrong/cli/dist/index.js', tarball)).toContain(
    'No problems found',
  );
}, 300_000);

it.each([
  ['js', /from '(\.[^']+)'/g],
  ['cjs', /require\('(\.[^']+)'\)/g],
])('writes JSON Schema in the file of the door models alone (%s)', async (ending, imports) => {
  const seen = new Map<string, string>();
  const load = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    const source = await readFile(join('dist', file), 'utf8');
    seen.set(file, source);
    for (const [, name = ''] of source.matchAll(imports)) await load(name);
  };
  const isWriter = (source: string) => source.includes('json-schema.org/draft-07');
  await load(`index.${ending}`);
  expect([...seen].filter(([, source]) => isWriter(source)).map(([file]) => file)).toEqual([]);
  await load(`models.${ending}`);
  expect([...seen].filter(([, source]) => isWriter(source)).map(([file]) => file)).toEqual([
    `models.${ending}`,
  ]);
});
